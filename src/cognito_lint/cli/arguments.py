"""The command line: what can be said, and what it means as a Request's parts. Nothing is imported that reads input."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from cognito_lint import __version__

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")
FAIL_ON = ("error", "warning", "note", "never")

_DESCRIPTION = """\
Flags every Cognito user pool in CloudFormation and Terraform code whose
threat protection is not sure to be ENFORCED when the code is deployed.
Values are evaluated as CloudFormation and Terraform would: parameters,
conditions, variables, dynamic blocks, modules."""

_EPILOG = """\
start with:
  cognito-lint check          # everything below the working directory
  cognito-lint check --help   # what can be set"""

_CHECK_EPILOG = """\
what is read:
  CloudFormation, SAM and CDK templates (YAML, JSON), Serverless Framework
  files, Terraform and OpenTofu modules (.tf, .tofu and their JSON forms,
  tfvars), Terraform plans and states as JSON (terraform show -json), and the
  JSON of aws cognito-idp describe-user-pool.
  Nothing is executed, no network is used.

exit codes:
  0  nothing at or above the fail level
  1  findings
  2  wrong usage, or an input could not be read (the rest is still reported)
  3  no such path

examples:
  cognito-lint check
  cognito-lint check infra --var-file infra/prod.tfvars
  cognito-lint check template.yaml --parameter Mode=ENFORCED
  cognito-lint check --format text --format sarif=cognito.sarif
  terraform show -json plan.tfplan | cognito-lint check -
"""


class _Parser(argparse.ArgumentParser):
    """Messages of one line with the nearest word instead of the whole usage; paths may stand between options."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n`{self.prog} --help` says what can be written\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, left = super().parse_known_args(args, namespace)
        if left and hasattr(found, "paths") and all(word == "-" or not word.startswith("-") for word in left):
            found.paths += left
            left = []
        if left and not left[0].startswith("-"):
            self.error(f"{left[0]!r} is one argument too many")
        if left:
            known = [option for action in self._actions for option in action.option_strings]
            self.error(f"there is no option {left[0]}{_near(left[0].split('=')[0], known)}")
        return found, left

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        if action.dest == "command":
            hint = _near(value, action.choices) or f"; to check files, write {self.prog} check {value}"
            raise argparse.ArgumentError(None, f"there is no command {value!r}{hint}")
        choices = ", ".join(map(str, action.choices))
        raise argparse.ArgumentError(action, f"{value!r} is none of {choices}{_near(value, action.choices)}")


def _near(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1)
    return f"; did you mean {near[0]}?" if near else ""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    top = _Parser(
        prog="cognito-lint",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EPILOG,
    )
    top.add_argument("-V", "--version", action="version", version=f"cognito-lint {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _check(commands)
    explain = commands.add_parser("explain", help="say what a rule finds, why it matters and what to write")
    explain.add_argument("rule", nargs="?", metavar="RULE", help="a rule's id or name; all rules if left out")
    rules = commands.add_parser("rules", help="list the rules")
    rules.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    adapter = commands.add_parser("adapter-path", help="print the folder to give to cfn-lint or Checkov")
    adapter.add_argument("host", metavar="HOST", help="cfn-lint or checkov", choices=("cfn-lint", "checkov"))
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
        hint = _near(name, FORMATS) or f"; choose from {', '.join(FORMATS)}"
        raise argparse.ArgumentTypeError(f"there is no format {name!r}{hint}")
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
    return [part.strip() for part in text.split(",") if part.strip()]
