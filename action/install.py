"""The Action's first step: cognito-lint into an environment of its own, beside whatever the job has installed.

What runs is the Action's own checkout with what requirements.txt locks, so that the commit in a workflow's `uses` says
all of it; or a release by its number.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

_RELEASE = re.compile(r"[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.post[0-9]+)?")


def main() -> int:
    """Install, and name the command in the step's outputs. Exit code 2 for a wrong version, else pip's own."""
    version = os.environ.get("INPUT_VERSION", "").strip().removeprefix("v")
    if version and not _RELEASE.fullmatch(version):
        print(f"cognito-lint: version: {version!r} is no version; write one as 1.2.3, or leave it out")
        return 2
    home = Path(tempfile.mkdtemp(prefix="cognito-lint-", dir=os.environ.get("RUNNER_TEMP")))
    pip = [str(home / "bin/python"), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        [sys.executable, "-I", "-m", "venv", str(home)],
        *([*pip, *what] for what in wanted(version, Path(os.environ["GITHUB_ACTION_PATH"]))),
    ):
        # away from the checked repository: nothing in it is imported
        code = subprocess.run(command, cwd=home, check=False).returncode
        if code:
            return code
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"command={home / 'bin/cognito-lint'}\n")
    return 0


def wanted(version: str, action: Path) -> list[list[str]]:
    """What to give to `pip install`, one call after the other."""
    if version:
        return [[f"cognito-lint=={version}"]]
    return [
        ["--require-hashes", "--requirement", str(action / "action/requirements.txt")],
        ["--no-index", "--no-deps", "--no-build-isolation", str(action)],
    ]


if __name__ == "__main__":
    sys.exit(main())
