# The text says ENFORCED, but with the default the list is empty, so that there is no block at all.
variable "env" {
  type    = string
  default = "prod"
}

resource "aws_cognito_user_pool" "customers" {
  name = "customers"

  dynamic "user_pool_add_ons" {
    for_each = var.env == "dev" ? [1] : []
    content {
      advanced_security_mode = "ENFORCED"
    }
  }
}
