"""The command. This room alone prints, exits and reads the environment: one module per command.

Whatever reads input is imported only by the command that needs it, so that the others start fast.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import cast

from cognito_lint.cli.arguments import parser
from cognito_lint.cli.shell import FINDINGS, INTERRUPTED, USAGE, Shell, UsageError

__all__ = ["Shell", "main", "run"]


def run() -> None:
    """The entry point of the process."""
    for stream in (sys.stdout, sys.stderr):
        cast("object", stream).reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[attr-defined]
    try:
        code = main(sys.argv[1:], Shell(sys.stdin.buffer, sys.stdout, sys.stderr, os.environ, Path.cwd()))
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader of the pipe has seen enough: no traceback, here or when the interpreter closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FINDINGS
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


def main(argv: list[str], shell: Shell) -> int:
    """Run the command with these arguments. Returns the exit code; argparse raises SystemExit on wrong usage."""
    options = parser().parse_args(argv)
    if options.command is None:
        shell.stderr.write(parser().format_help())
        return USAGE
    try:
        if options.command == "check":
            from cognito_lint.cli import check

            return check.run(options, shell)
        from cognito_lint.cli import commands

        return commands.run(options, shell)
    except UsageError as error:
        shell.stderr.write(f"cognito-lint: {error}\n")
        return USAGE
