"""Pools to write somewhere, and the command that checks them."""

import io
import json
from types import SimpleNamespace

from cognito_lint.cli import Shell, main

OPEN = 'resource "aws_cognito_user_pool" "this" {\n  name = "x"\n}\n'
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


def call(mode, source="../modules/auth"):
    return f'module "auth" {{\n  source = "{source}"\n  mode   = "{mode}"\n}}\n'


def template(mode, *pools):
    text = "Resources:\n"
    for pool in pools or ("Pool",):
        text += f"  {pool}:\n    Type: AWS::Cognito::UserPool\n    Properties:\n"
        text += f"      UserPoolAddOns: {{AdvancedSecurityMode: {mode}}}\n"
    return text


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def check(root, *arguments, stdin=b"", environment=None):
    """`cognito-lint check --format json` in `root`: exit code, stderr, active findings as (rule, unit, address)."""
    out, err = io.StringIO(), io.StringIO()
    try:
        code = main(
            ["check", "--format", "json", *map(str, arguments)],
            Shell(io.BytesIO(stdin), out, err, environment or {}, root),
        )
    except SystemExit as stop:
        code = stop.code
    document = json.loads(out.getvalue()) if out.getvalue() else None
    active = suppressed = pools = None
    if document:
        found = [((f["rule"], f["unit"], f["address"]), f["suppressed"]) for f in document["findings"]]
        active = sorted(key for key, by in found if not by)
        suppressed = sorted(key for key, by in found if by)
        pools = sorted((pool["unit"], pool["address"]) for pool in document["pools"])
    return SimpleNamespace(
        code=code, err=err.getvalue(), document=document, active=active, suppressed=suppressed, pools=pools
    )
