"""Where the processes that share the work are started: not in the directory that is scanned."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cognito_lint.work import ALONE

# as a console script does: sys.path begins with the script's directory, not with the working directory
SCRIPT = """\
import os, sys
from cognito_lint.processes import Task, spread


def where(item):
    return f"{item} in {os.getcwd()}"


def room(run):
    run()


if __name__ == "__main__":
    task = Task(where, [1, 2, 3], room, sys.argv[1])
    failed = lambda item, why: why
    print(*spread(task, 2, where, failed, lambda item, number: None), sep="\\n")
    print(os.getcwd())
"""


@pytest.mark.parametrize("method", [ALONE.method, "spawn"])
@pytest.mark.parametrize("module", ["multiprocessing", "pickle", "struct", "signal"])
def test_no_module_of_the_scanned_directory_is_run(tmp_path, module, method):
    """Python starts a process by importing; a repository that holds a module of that name gets nothing run."""
    scanned, installed = tmp_path / "scanned", tmp_path / "installed"
    scanned.mkdir()
    installed.mkdir()
    (scanned / f"{module}.py").write_text("open('pwned', 'w')\n")
    (installed / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(installed / "script.py"), method], cwd=scanned, capture_output=True, text=True, check=False
    )
    assert "" == done.stderr
    assert [*(f"{item} in {scanned}" for item in (1, 2, 3)), str(scanned)] == done.stdout.splitlines()
    assert [f"{module}.py"] == [path.name for path in scanned.iterdir()]
