"""The command line: what can be said, and what it means as a Request's parts. Nothing is imported that reads input."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from cognito_lint import __version__, near
from cognito_lint.cli import texts
from cognito_lint.dates import day
from cognito_lint.report.destinations import FORMATS, Destination, DestinationError

if TYPE_CHECKING:
    from cognito_lint.inputs import Variable, VariableFile

FAIL_ON = ("error", "warning", "note", "never")
SHELLS = ("bash", "zsh", "fish")
_UNSEEN = 80  # columns of what is never shown


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Descriptions as they are written, room for an option beside its help, and options that are not hyphenated."""

    def __init__(self, prog: str, width: int | None = None) -> None:
        super().__init__(prog, max_help_position=27, width=width)
        self._action_max_length = 16  # argparse forgets that commands are indented once more than options

    def _split_lines(self, text: str, width: int) -> list[str]:
        import textwrap

        return textwrap.wrap(text, width, break_on_hyphens=False)


class _Parser(argparse.ArgumentParser):
    """Messages of one line with the nearest word instead of the whole usage; paths may stand between options."""

    def __init__(self, **settings: Any) -> None:
        # argparse makes a formatter for every option that is added; only for help is the terminal asked for its width
        super().__init__(allow_abbrev=False, formatter_class=partial(_Formatter, width=_UNSEEN), **settings)
        self._positionals.title = "arguments"

    def format_help(self) -> str:
        self.formatter_class = _Formatter
        return super().format_help()

    def format_usage(self) -> str:
        self.formatter_class = _Formatter
        return super().format_usage()

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n`{self.prog} --help` says what can be written\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        with suppress(OSError):  # whoever reads may have left: `--help | head`. Python 3.10 raises
            super()._print_message(message, file)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, left = super().parse_known_args(args, namespace)
        if left and hasattr(found, "paths") and all(word == "-" or not word.startswith("-") for word in left):
            found.paths += left
            left = []
        if left and not left[0].startswith("-"):
            self.error(f"{left[0]!r} is one argument too many")
        if left:
            known = [option for action in self._actions for option in action.option_strings]
            self.error(f"there is no option {left[0]}{near.hint(left[0].split('=')[0], known)}")
        return found, left

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        if action.dest == "command":
            hint = near.hint(value, action.choices, f"; to check files, write {self.prog} check {value}")
            raise argparse.ArgumentError(None, f"there is no command {value!r}{hint}")
        choices = ", ".join(map(str, action.choices))
        raise argparse.ArgumentError(action, f"{value!r} is none of {choices}{near.hint(value, action.choices)}")


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    top = _Parser(prog="cognito-lint", description=texts.DESCRIPTION, epilog=texts.EPILOG)
    top.add_argument(
        "-V", "--version", action="version", version=f"cognito-lint {__version__}", help="print the version and exit"
    )
    commands = top.add_subparsers(prog=top.prog, dest="command", metavar="COMMAND", title="commands")
    _check(commands)
    explain = commands.add_parser(
        "explain", help="say what a rule finds, why it matters and how to fix it", description=texts.EXPLAIN
    )
    explain.add_argument("rule", nargs="?", metavar="RULE", help="a rule's id or name; all rules if left out")
    rules = commands.add_parser("rules", help="list the rules", description=texts.RULES)
    rules.add_argument(
        "--format", metavar="FORMAT", choices=("text", "json"), default="text", help="text or json (default: text)"
    )
    adapter = commands.add_parser(
        "adapter-path",
        help="print the folder to give to cfn-lint or Checkov",
        description=texts.ADAPTER_PATH,
        epilog=texts.ADAPTER_PATH_EPILOG,
    )
    adapter.add_argument("host", metavar="HOST", help="cfn-lint or checkov", choices=("cfn-lint", "checkov"))
    doctor = commands.add_parser(
        "doctor",
        help="try the rules in the cfn-lint and Checkov that are installed",
        description=texts.DOCTOR,
        epilog=texts.DOCTOR_EPILOG,
    )
    doctor.add_argument(
        "--command",
        dest="commands",
        action="append",
        default=[],
        metavar="COMMAND",
        help="the cfn-lint or checkov to try instead of those on PATH; may be repeated",
    )
    completion = commands.add_parser(
        "completion",
        help="print a completion script for bash, zsh or fish",
        description=texts.COMPLETION,
        epilog=texts.COMPLETION_EPILOG,
    )
    completion.add_argument("shell", metavar="SHELL", help=f"{', '.join(SHELLS[:-1])} or {SHELLS[-1]}", choices=SHELLS)
    return top


def _check(commands: Any) -> None:
    check = commands.add_parser(
        "check",
        help="check files and directories",
        usage="%(prog)s [OPTION]... [PATH]...",
        description=texts.CHECK,
        epilog=texts.CHECK_EPILOG,
    )
    check.add_argument(
        "paths", nargs="*", metavar="PATH", help="files or directories (default: the working directory); - is stdin"
    )
    report = check.add_argument_group("report")
    report.add_argument("--format", dest="formats", action="append", metavar="FORMAT[=FILE]", type=_destination,
                        help=f"{', '.join(FORMATS)} (default: text); may be repeated, each with a file of its own, "
                        "at most one without")  # fmt: skip
    report.add_argument("--output", metavar="FILE", help="write the report to a file instead of stdout")
    report.add_argument("--color", metavar="WHEN", choices=("auto", "always", "never"), default="auto",
                        help="auto, always or never (default: auto, colour on a terminal)")  # fmt: skip
    report.add_argument(
        "-q", "--quiet", action="store_true", help="no summary and nothing of what was left out on stderr"
    )
    report.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="say on stderr which files each template, root module or plan read, and why none read the others",
    )
    report.add_argument("--show-files", action="store_true", help="list the files that would be looked at, and stop")
    rules = check.add_argument_group("rules")
    rules.add_argument(
        "--select",
        action="extend",
        metavar="RULE[,RULE]",
        type=_ids,
        help="only these rules, by id or name; may be repeated",
    )
    rules.add_argument(
        "--ignore", action="extend", metavar="RULE[,RULE]", type=_ids, help="all rules but these; may be repeated"
    )
    rules.add_argument(
        "--fail-on",
        metavar="LEVEL",
        choices=FAIL_ON,
        help="the lowest level that makes exit code 1: error, warning, note or never (default: error)",
    )
    rules.add_argument(
        "--strict",
        action="store_true",
        help="a default proves nothing: parameters and root variables may be set otherwise",
    )
    rules.add_argument(
        "--no-inline-suppressions",
        dest="inline_suppressions",
        action="store_false",
        help="report what comments and Metadata suppress, too",
    )
    rules.add_argument(
        "--today",
        metavar="YYYY-MM-DD",
        type=_day,
        help="the day that until= in suppressions is compared with (default: today, UTC)",
    )
    past = check.add_argument_group("a repository with a past")
    past.add_argument("--baseline", metavar="FILE", help="findings that the file knows do not count")
    past.add_argument("--write-baseline", metavar="FILE", help="write the present findings to the file, and count none")
    past.add_argument("--prune-baseline", action="store_true",
                      help="take out of the --baseline what matches nothing any more")  # fmt: skip
    past.add_argument("--changed-since", metavar="REV", help="report only what reads a file that changed since the "
                      "merge base with a git commit or branch; everything is still evaluated")  # fmt: skip
    inputs = check.add_argument_group("what is deployed")
    inputs.add_argument("--var", dest="variables", action="append", metavar="NAME=VALUE", type=_variable,
                        help="a Terraform variable; the last of --var and --var-file wins")  # fmt: skip
    inputs.add_argument("--var-file", dest="variables", action="append", metavar="FILE", type=_variable_file,
                        help="a tfvars file; may be repeated")  # fmt: skip
    inputs.add_argument("--parameter", dest="parameters", action="append", metavar="NAME=VALUE", type=_assignment,
                        help="a template parameter, or a pseudo parameter such as AWS::Region; wins over "
                        "--parameters")  # fmt: skip
    inputs.add_argument("--parameters", dest="parameter_files", action="append", metavar="FILE",
                        help="a file of template parameters, in any of AWS's forms")  # fmt: skip
    inputs.add_argument("--isolated", action="store_true",
                        help="look for no settings, and read no TF_VAR_* from the environment")  # fmt: skip
    files = check.add_argument_group("what is read")
    files.add_argument("--config", metavar="FILE",
                       help="the settings (default: the nearest .cognito-lint.toml or pyproject.toml with "
                       "[tool.cognito-lint], up to the repository's top)")  # fmt: skip
    files.add_argument("--show-settings", action="store_true", help="print the settings that hold, and stop")
    files.add_argument("--jobs", metavar="N", type=_jobs,
                       help="evaluate in up to N processes once that is faster "
                       "(default: as many as there are processors, at most 4)")  # fmt: skip
    files.add_argument("--exclude", action="append", metavar="GLOB", default=[],
                       help="leave matching paths out; may be repeated")  # fmt: skip
    files.add_argument("--stdin-filename", metavar="PATH", help="the path that stdin stands for")
    files.add_argument("--hcl-reader", metavar="READER", choices=("tree-sitter", "python-hcl2"),
                       help="tree-sitter (default), or python-hcl2 for a second opinion: "
                       "pip install 'cognito-lint[python-hcl2]'")  # fmt: skip


def _destination(text: str) -> Destination:
    try:
        return Destination.parse(text)
    except DestinationError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"write a number from 1, not {text!r}")
    return int(text)


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise argparse.ArgumentTypeError(f"write NAME=VALUE, not {text!r}")
    return name.strip(), value


def _day(text: str) -> date:
    found = day(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write YYYY-MM-DD")
    return found


def _variable(text: str) -> Variable:
    from cognito_lint.inputs import Variable

    return Variable(*_assignment(text))


def _variable_file(text: str) -> VariableFile:
    from cognito_lint.inputs import VariableFile

    return VariableFile(text)


def _ids(text: str) -> Sequence[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
