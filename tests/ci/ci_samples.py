"""What the Action and the GitLab template are tried with."""

ENFORCED = """\
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}
"""
AUDIT = ENFORCED.replace("ENFORCED", "AUDIT")
UNREADABLE = "Resources: {Pool: {Type: AWS::Cognito::UserPool, [}}"
HOSTILE = "a b'c\"d$(touch pwned)`touch pwned`;touch pwned|&*\\%{}"
"""An input that a shell must not run."""

EXIT_CODES = [
    (ENFORCED, {}, 0),
    (AUDIT, {}, 1),
    (AUDIT, {"fail_on": "never"}, 0),
    (UNREADABLE, {}, 2),
    (ENFORCED, {"fail_on": "sometimes"}, 2),
    (ENFORCED, {"args": "--no-such-option"}, 2),
    (ENFORCED, {"paths": "nowhere"}, 3),
]
"""A template, inputs, and the exit code that both hand on."""
