"""Running the command on files that a test writes."""

from __future__ import annotations

from typing import NamedTuple

import pytest

import command_runs


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
        command_runs.write(tmp_path, files)
        ran = command_runs.check(tmp_path / directory, "--today", "2026-11-23", *arguments)
        found = ran.report["findings"]
        about_pools = [one for one in found if one["rule"] not in ("COG091", "COG092") and one["level"] != "note"]
        return Result(
            ran.code,
            [f"{one['rule']} {one['address'] or one['file']}" for one in about_pools if not one["suppressed"]],
            {f"{one['rule']} {one['address']}": one["suppressed"]["reason"] for one in found if one["suppressed"]},
            [
                (one["rule"], one["file"], one["line"], one["message"])
                for one in found
                if one["rule"] in ("COG091", "COG092")
            ],
            ran.err,
        )

    return run
