"""Running the command on files that a test writes."""

from __future__ import annotations

import io
import json
from typing import NamedTuple

import pytest

from cognito_lint.cli import Shell, main


class Result(NamedTuple):
    """What the command answered: the findings that count, the suppressed ones, what it says of suppressions."""

    code: int
    active: list[str]
    suppressed: dict[str, str]
    complaints: list[tuple[str, str, int, str]]
    stderr: str


@pytest.fixture
def check(tmp_path):
    """Write files (text or bytes, by path) and check them: as of 2026-11-23, all below unless arguments name paths."""

    def run(files, *arguments, directory="."):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out, err = io.StringIO(), io.StringIO()
        shell = Shell(io.BytesIO(), out, err, {}, tmp_path / directory)
        code = main(["check", "--format", "json", "--today", "2026-11-23", *arguments], shell)
        found = json.loads(out.getvalue())["findings"]
        about_pools = [one for one in found if one["rule"] not in ("COG091", "COG092") and one["level"] != "note"]
        return Result(
            code,
            [f"{one['rule']} {one['address'] or one['file']}" for one in about_pools if not one["suppressed"]],
            {f"{one['rule']} {one['address']}": one["suppressed"]["reason"] for one in found if one["suppressed"]},
            [
                (one["rule"], one["file"], one["line"], one["message"])
                for one in found
                if one["rule"] in ("COG091", "COG092")
            ],
            err.getvalue(),
        )

    return run
