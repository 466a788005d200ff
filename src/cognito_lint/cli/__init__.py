"""The command. This room alone prints, exits and reads the environment: one module per command.

Whatever reads input is imported only by the command that needs it, so that the others start fast.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cognito_lint.cli import streams
from cognito_lint.cli.arguments import parser
from cognito_lint.cli.shell import USAGE, Shell, UsageError
from cognito_lint.work import described

__all__ = ["Shell", "main", "run"]


def run() -> int:
    """Run the command of this process, with its own arguments, streams and environment. Returns the exit code."""
    stdin, stdout, stderr = streams.open_all()
    try:
        try:
            directory = Path.cwd()
        except OSError:
            stderr.write("cognito-lint: the working directory is not there any more\n")
            return USAGE
        return main(sys.argv[1:], Shell(stdin, stdout, stderr, os.environ, directory))
    finally:
        streams.close_all(stdout, stderr)


def main(argv: list[str], shell: Shell) -> int:
    """Run the command with these arguments. Returns the exit code; argparse raises SystemExit on wrong usage."""
    parsed = parser().parse_args(argv)
    if parsed.command is None:
        shell.log(parser().format_help())
        return USAGE
    try:
        if parsed.command == "check":
            from cognito_lint.cli import check
            from cognito_lint.cli.options import Options

            return check.run(Options.of(parsed), shell)
        from cognito_lint.cli import commands

        return commands.run(parsed, shell)
    except UsageError as error:
        shell.log(f"cognito-lint: {error}\n")
        return USAGE
    except Exception as error:  # noqa: BLE001 - Python would end with the exit code that findings have
        shell.log(f"cognito-lint: a mistake of its own stopped it ({described(error)}); please report this\n")
        return USAGE
