"""The command, run in this process on the files of a directory, and what it answers."""

from __future__ import annotations

import io
import json
import time
from typing import NamedTuple

from cognito_lint.cli import Shell, main


class Ran(NamedTuple):
    """How the command ended, and what it wrote to stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def report(self):
        """The JSON report that is on stdout."""
        return json.loads(self.out)

    @property
    def verdicts(self):
        """The verdict of each pool in the JSON report, by its address."""
        return {pool["address"]: pool["verdict"] for pool in self.report["pools"]}


def run(directory, *arguments, stdin=b"", environment=None, clock=time.monotonic):
    """`cognito-lint` with these arguments, in a directory; without an environment it has none."""
    out, err = io.StringIO(), io.StringIO()
    shell = Shell(io.BytesIO(stdin), out, err, environment or {}, directory, clock)
    try:
        code = main([str(argument) for argument in arguments], shell)
    except SystemExit as stop:
        code = stop.code
    return Ran(code, out.getvalue(), err.getvalue())


def check(directory, *arguments, **given):
    """`cognito-lint check --format json` with these arguments."""
    return run(directory, "check", "--format", "json", *arguments, **given)


def write(directory, files):
    """Write files, text or bytes by their paths below the directory."""
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
