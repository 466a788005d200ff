"""Templates and modules to check."""

AUDIT = """\
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns:
        AdvancedSecurityMode: AUDIT
"""
ENFORCED = AUDIT.replace("AUDIT", "ENFORCED")
PARAMETER = """\
Parameters:
  Mode: {Type: String, AllowedValues: [AUDIT, ENFORCED]}
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns: {AdvancedSecurityMode: !Ref Mode}
"""
MODULE = """\
variable "mode" {
  type = string
}

resource "aws_cognito_user_pool" "this" {
  name = "x"
  user_pool_add_ons {
    advanced_security_mode = var.mode
  }
}
"""

POOL = """\
resource "aws_cognito_user_pool" "this" {
  name = "x"
}
"""
