"""The command line: what can be said, and what it means as a Request's parts. Nothing is imported that reads input."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from cognito_lint import __version__

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")
FAIL_ON = ("error", "warning", "note", "never")

_DESCRIPTION = """\
Flags every Cognito user pool in CloudFormation and Terraform code whose threat protection is not sure to be
ENFORCED when the code is deployed. Values are evaluated as CloudFormation and Terraform would: parameters,
conditions, variables, dynamic blocks, modules."""

_CHECK_EPILOG = """\
what is read:
  CloudFormation, SAM and CDK templates (YAML, JSON), Serverless Framework files, Terraform and OpenTofu modules
  (.tf, .tofu and their JSON forms, tfvars), Terraform plans and states as JSON (terraform show -json), and the JSON
  of aws cognito-idp describe-user-pool. Nothing is executed, no network is used.

exit codes:
  0  nothing at or above the fail level      1  findings
  2  wrong usage, or an input could not be read (the rest is still reported)
  3  no such path

examples:
  cognito-lint check                                    everything below the working directory
  cognito-lint check infra --var-file infra/prod.tfvars
  cognito-lint check template.yaml --parameter Mode=ENFORCED
  terraform show -json plan.tfplan | cognito-lint check - --stdin-filename plan.json
  cognito-lint check --format text --format sarif=cognito.sarif --format html=cognito.html
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    top = argparse.ArgumentParser(
        prog="cognito-lint",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="cognito-lint COMMAND --help says more of each command.",
    )
    top.add_argument("--version", action="version", version=f"cognito-lint {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _check(commands)
    explain = commands.add_parser("explain", help="say what a rule finds, why it matters and what to write")
    explain.add_argument("rule", nargs="?", metavar="RULE", help="a rule's id or name; all rules if left out")
    rules = commands.add_parser("rules", help="list the rules")
    rules.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    adapter = commands.add_parser("adapter-path", help="print the folder to give to cfn-lint or Checkov")
    adapter.add_argument("host", choices=("cfn-lint", "checkov"))
    doctor = commands.add_parser("doctor", help="try the rules in the cfn-lint and Checkov that are installed")
    doctor.add_argument(
        "--command",
        dest="commands",
        action="append",
        default=[],
        metavar="COMMAND",
        help="the cfn-lint or checkov to try instead of those on PATH; may be repeated",
    )
    return top


def _check(commands: Any) -> None:
    check = commands.add_parser(
        "check",
        help="check files and directories",
        description="Checks every Cognito user pool that the files below the paths declare.",
        epilog=_CHECK_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument(
        "paths", nargs="*", metavar="PATH", help="files or directories (default: the working directory); - is stdin"
    )
    report = check.add_argument_group("report")
    report.add_argument("--format", dest="formats", action="append", metavar="FORMAT[=FILE]", type=_format,
                        help=f"{', '.join(FORMATS)} (default: text); may be repeated, each with a file of its own, "
                        "at most one without")  # fmt: skip
    report.add_argument("--output", metavar="FILE", help="write the report there instead of to stdout")
    report.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")
    report.add_argument("-q", "--quiet", action="store_true", help="no summary on stderr")
    report.add_argument("-v", "--verbose", action="store_true", help="say on stderr what each unit read")
    report.add_argument("--show-files", action="store_true", help="list the files that would be looked at, and stop")
    rules = check.add_argument_group("rules")
    rules.add_argument("--select", action="append", metavar="RULE[,RULE]", type=_ids, help="only these rules")
    rules.add_argument("--ignore", action="append", metavar="RULE[,RULE]", type=_ids, help="all rules but these")
    rules.add_argument(
        "--fail-on", choices=FAIL_ON, default="error", help="the lowest level that makes exit code 1 (default: error)"
    )
    rules.add_argument(
        "--strict", action="store_true", help="a default proves nothing: parameters and variables may be set otherwise"
    )
    inputs = check.add_argument_group("what is deployed")
    inputs.add_argument("--var", dest="variables", action="append", metavar="K=V", type=_variable,
                        help="a Terraform variable; the last of --var and --var-file wins")  # fmt: skip
    inputs.add_argument("--var-file", dest="variables", action="append", metavar="FILE", type=_variable_file,
                        help="a tfvars file")  # fmt: skip
    inputs.add_argument("--parameter", dest="parameters", action="append", metavar="K=V", type=_assignment,
                        help="a template parameter; goes before --parameters")  # fmt: skip
    inputs.add_argument("--parameters", dest="parameter_files", action="append", metavar="FILE",
                        help="a JSON file of template parameters, in any of AWS's forms")  # fmt: skip
    inputs.add_argument("--exclude", action="append", metavar="GLOB", default=[], help="leave matching paths out")
    inputs.add_argument("--stdin-filename", metavar="PATH", help="the path that stdin stands for")
    inputs.add_argument("--isolated", action="store_true", help="do not read TF_VAR_* from the environment")
    inputs.add_argument("--hcl-reader", choices=("tree-sitter", "python-hcl2"), default="tree-sitter",
                        help="python-hcl2 is the second opinion: pip install 'cognito-lint[python-hcl2]'")  # fmt: skip


def _format(text: str) -> tuple[str, str | None]:
    name, sign, file = text.partition("=")
    if name not in FORMATS:
        from difflib import get_close_matches

        near = get_close_matches(name, FORMATS, 1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(FORMATS)}"
        raise argparse.ArgumentTypeError(f"there is no format {name!r}; {hint}")
    if sign and not file:
        raise argparse.ArgumentTypeError(f"write {name}=FILE, or {name} alone for stdout")
    return name, file or None


def split_assignment(text: str) -> tuple[str, str]:
    """`K=V` as its two parts. Raises ValueError without a name or a sign."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise ValueError(f"write NAME=VALUE, not {text!r}")
    return name.strip(), value


def _assignment(text: str) -> tuple[str, str]:
    try:
        return split_assignment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _variable(text: str) -> tuple[str, str, str]:
    return ("var", *_assignment(text))


def _variable_file(text: str) -> tuple[str, str, str]:
    return ("var-file", text, "")


def _ids(text: str) -> Sequence[str]:
    return [part.strip().upper() for part in text.split(",") if part.strip()]
