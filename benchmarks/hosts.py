"""The share of time that our rules add to a host's own run over many files: python -m benchmarks.hosts.

Modules are compiled before the first run that counts, as pip compiles them; both commands take turns, and the best
run of each counts: what else the machine does can only make one longer. Bound: 5 %.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
FILES = 100
ROUNDS = 5

TEMPLATE = """\
Parameters:
  Mode: {{Type: String, Default: ENFORCED}}
Conditions:
  IsOn: !Equals [!Ref Mode, ENFORCED]
Resources:
  Pool{number}:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns: {{AdvancedSecurityMode: !If [IsOn, !Ref Mode, AUDIT]}}
  Bucket:
    Type: AWS::S3::Bucket
  Queue:
    Type: AWS::SQS::Queue
"""
MODULE = """\
variable "mode" {{ default = "ENFORCED" }}
resource "aws_cognito_user_pool" "pool{number}" {{
  name = "pool"
  dynamic "user_pool_add_ons" {{
    for_each = [var.mode]
    content {{ advanced_security_mode = user_pool_add_ons.value }}
  }}
}}
resource "aws_s3_bucket" "bucket" {{ bucket = "b" }}
"""


def _seconds(command: list[str], directory: str, compiled: str) -> float:
    """Processor time: it holds still where the machine has other work."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "TRUE", "PYTHONPYCACHEPREFIX": compiled}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=directory, env=environment, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _compare(name: str, plain: list[str], ours: list[str], directory: str) -> None:
    with tempfile.TemporaryDirectory() as compiled:
        _seconds(ours, directory, compiled)
        pairs = [(_seconds(plain, directory, compiled), _seconds(ours, directory, compiled)) for _ in range(ROUNDS)]
    host, both = (min(times) for times in zip(*pairs, strict=True))
    print(f"{name}: {host:.2f} s alone, {both:.2f} s with our rules on {FILES} files: {(both - host) / host:+.1%}")


def main() -> None:
    """Print one line for each host that is there."""
    cfn_lint = os.environ.get("COGNITO_LINT_CFN_LINT", str(PROJECT / ".venv-cfn-lint" / "bin" / "cfn-lint"))
    checkov = os.environ.get("COGNITO_LINT_CHECKOV", str(PROJECT / ".venv-checkov" / "bin" / "checkov"))
    with tempfile.TemporaryDirectory() as directory:
        for number in range(FILES):
            (Path(directory) / f"template{number}.yaml").write_text(TEMPLATE.format(number=number))
            root = Path(directory) / f"root{number}"
            root.mkdir()
            (root / "main.tf").write_text(MODULE.format(number=number))
        if os.access(cfn_lint, os.X_OK):
            files = ["--", *(f"template{number}.yaml" for number in range(FILES))]
            rules = ["--append-rules", str(PROJECT / "cfn_rules")]
            _compare("cfn-lint", [cfn_lint, *files], [cfn_lint, *rules, *files], directory)
        if os.access(checkov, os.X_OK):
            rules = ["--external-checks-dir", str(PROJECT / "checkov_checks")]
            for framework in ("cloudformation", "terraform"):
                scan = [checkov, "-d", ".", "--framework", framework, "--skip-download", "--compact"]
                _compare(f"Checkov, {framework}", scan, [*scan, *rules], directory)


if __name__ == "__main__":
    sys.exit(main())
