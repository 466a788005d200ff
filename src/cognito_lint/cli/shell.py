"""What the command can reach and how it ends: streams, environment, working directory, exit codes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from cognito_lint.cli.streams import abandon

OK, FINDINGS, USAGE, NO_SUCH_PATH = 0, 1, 2, 3


class UsageError(Exception):
    """Wrong usage or configuration: one sentence for a person, exit code 2."""


@dataclass(frozen=True, slots=True)
class Shell:
    """What the command was started with. `directory` is the working directory, `environment` its variables, `clock`
    counts seconds."""

    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO
    environment: Mapping[str, str]
    directory: Path
    clock: Callable[[], float] = time.monotonic

    def publish(self, text: str) -> None:
        """Write to stdout. A reader who has seen enough (`| head`) ends the output, not the command or its exit code.

        Raises UsageError where stdout cannot be written: a full disk must not look like an empty report.
        """
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except BrokenPipeError:
            abandon(self.stdout)
        except OSError as error:
            abandon(self.stdout)
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"stdout cannot be written: {reason}") from error

    def log(self, text: str) -> None:
        """Write to stderr. Where that fails there is nobody left to tell."""
        with suppress(OSError):
            self.stderr.write(text)
            self.stderr.flush()
