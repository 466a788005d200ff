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

resource "aws_cognito_risk_configuration" "this" {
  user_pool_id = aws_cognito_user_pool.this.id

  compromised_credentials_risk_configuration {
    actions {
      event_action = "BLOCK"
    }
  }

  account_takeover_risk_configuration {
    actions {
      high_action {
        event_action = "BLOCK"
        notify       = false
      }
      medium_action {
        event_action = "MFA_REQUIRED"
        notify       = false
      }
    }
  }
}
