"""The share of time that our rules add to a host's own run over many files: python -m benchmarks.hosts.

Two samples, because the share depends on what the files hold. In the ordinary one a file is about as long as a real
template or module (some 70 lines of other resources) and one in ten has a pool: the bound of 5 % is for it. In the
worst one every file has a pool and next to nothing else that the host would have to check: the number shows what a
pool costs.

Modules are compiled before the first run that counts, as pip compiles them. Both commands take turns, and the median of
the neighbours' ratios counts: a machine that slows down or speeds up on the way does so for both.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
FILES = 100
ORDINARY_POOLS = 10
ROUNDS = 9

TEMPLATE = """\
Parameters:
  Mode: {Type: String, Default: ENFORCED}
Conditions:
  IsOn: !Equals [!Ref Mode, ENFORCED]
Resources:
"""
TEMPLATE_POOL = """\
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns: {AdvancedSecurityMode: !If [IsOn, !Ref Mode, AUDIT]}
"""
TEMPLATE_OTHERS = """\
  Bucket:
    Type: AWS::S3::Bucket
  Queue:
    Type: AWS::SQS::Queue
"""
TEMPLATE_SERVICE = """\
  Role@:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: lambda.amazonaws.com}
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
  Function@:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Role: !GetAtt Role@.Arn
      Runtime: python3.12
      Timeout: 30
      Code:
        S3Bucket: !Ref Bucket
        S3Key: !If [IsOn, on.zip, off.zip]
      Environment:
        Variables:
          QUEUE: !Ref Queue
          MODE: !Ref Mode
"""
MODULE = """\
variable "mode" { default = "ENFORCED" }
"""
MODULE_POOL = """\
resource "aws_cognito_user_pool" "pool" {
  name = "pool"
  dynamic "user_pool_add_ons" {
    for_each = [var.mode]
    content { advanced_security_mode = user_pool_add_ons.value }
  }
}
"""
MODULE_OTHERS = """\
resource "aws_s3_bucket" "bucket" { bucket = "b" }
"""
MODULE_SERVICE = """\
resource "aws_iam_role" "role@" {
  name = "service@"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_lambda_function" "function@" {
  function_name = "service@-${var.mode}"
  role          = aws_iam_role.role@.arn
  handler       = "index.handler"
  runtime       = "python3.12"
  timeout       = 30
  s3_bucket     = aws_s3_bucket.bucket.id
  s3_key        = var.mode == "ENFORCED" ? "on.zip" : "off.zip"
  environment {
    variables = { MODE = var.mode }
  }
}
"""


def _write_sample(directory: Path, pools: int, services: int) -> None:
    """FILES templates and as many root modules, of which the first hold a pool each."""
    for number in range(FILES):
        has_pool = number < pools
        template = [TEMPLATE, TEMPLATE_POOL * has_pool, TEMPLATE_OTHERS]
        module = [MODULE, MODULE_POOL * has_pool, MODULE_OTHERS]
        for service in map(str, range(services)):
            template.append(TEMPLATE_SERVICE.replace("@", service))
            module.append(MODULE_SERVICE.replace("@", service))
        (directory / f"template{number}.yaml").write_text("".join(template))
        root = directory / f"root{number}"
        root.mkdir()
        (root / "main.tf").write_text("".join(module))


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
    host, both = (statistics.median(times) for times in zip(*pairs, strict=True))
    share = statistics.median((second - first) / first for first, second in pairs)
    print(f"{name}: {host:.2f} s alone, {both:.2f} s with our rules: {share:+.1%}")


def main() -> None:
    """Print one line for each host that is there and each sample."""
    samples = {"ordinary files": (ORDINARY_POOLS, 3), "at worst": (FILES, 0)}
    for sample, (pools, services) in samples.items():
        with tempfile.TemporaryDirectory() as directory:
            _write_sample(Path(directory), pools, services)
            _compare_hosts(f"{sample}, {pools} pools in {FILES} files", directory)


def _compare_hosts(sample: str, directory: str) -> None:
    cfn_lint = os.environ.get("COGNITO_LINT_CFN_LINT", str(PROJECT / ".venv-cfn-lint" / "bin" / "cfn-lint"))
    checkov = os.environ.get("COGNITO_LINT_CHECKOV", str(PROJECT / ".venv-checkov" / "bin" / "checkov"))
    if os.access(cfn_lint, os.X_OK):
        files = ["--", *(f"template{number}.yaml" for number in range(FILES))]
        rules = ["--append-rules", str(PROJECT / "cfn_rules")]
        _compare(f"cfn-lint, {sample}", [cfn_lint, *files], [cfn_lint, *rules, *files], directory)
    if os.access(checkov, os.X_OK):
        rules = ["--external-checks-dir", str(PROJECT / "checkov_checks")]
        for framework in ("cloudformation", "terraform"):
            scan = [checkov, "-d", ".", "--framework", framework, "--skip-download", "--compact"]
            _compare(f"Checkov {framework}, {sample}", scan, [*scan, *rules], directory)


if __name__ == "__main__":
    sys.exit(main())
