"""The names of the AWS provider's schema that this tool knows.

https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/cognito_user_pool.html.markdown
"""

from __future__ import annotations

POOL = "aws_cognito_user_pool"
RISK_CONFIGURATION = "aws_cognito_risk_configuration"
ADD_ONS = "user_pool_add_ons"
CUSTOM_AUTH_TRIGGERS = ("create_auth_challenge", "define_auth_challenge", "verify_auth_challenge_response")
