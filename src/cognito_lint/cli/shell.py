"""What the command can reach and how it ends: streams, environment, working directory, exit codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

OK, FINDINGS, USAGE, NO_SUCH_PATH, INTERRUPTED = 0, 1, 2, 3, 130


class UsageError(Exception):
    """Wrong usage or configuration: one sentence for a person, exit code 2."""


@dataclass(frozen=True, slots=True)
class Shell:
    """What the command was started with. `directory` is the working directory, `environment` its variables."""

    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO
    environment: Mapping[str, str]
    directory: Path
