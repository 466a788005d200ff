variable "mode" {
  type = string
}

resource "aws_cognito_user_pool" "this" {
  name           = "pool"
  user_pool_tier = "PLUS"

  user_pool_add_ons {
    advanced_security_mode = var.mode
  }
}
