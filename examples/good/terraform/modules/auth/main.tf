variable "mode" {
  type    = string
  default = null
}

resource "aws_cognito_user_pool" "this" {
  name           = "customers"
  user_pool_tier = "PLUS"

  dynamic "user_pool_add_ons" {
    for_each = var.mode == null ? [] : [var.mode]
    content {
      advanced_security_mode = user_pool_add_ons.value
    }
  }
}
