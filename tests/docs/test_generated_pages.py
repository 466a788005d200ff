"""The generated pages of docs/ are what tools/docs.py would write now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"


@pytest.fixture
def generator(monkeypatch):
    """tools/docs.py as a module."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import docs

    return docs


def test_the_pages_are_up_to_date():
    """Whoever changes a docstring or an option runs the generator, and sees here that it was forgotten."""
    checked = subprocess.run(
        [sys.executable, TOOLS / "docs.py", "--check"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (0, "docs/ is up to date\n", "") == (checked.returncode, checked.stdout, checked.stderr)


def test_drift_is_seen(generator, tmp_path):
    """A changed page, a missing one, and one whose source is gone are each named; a page written by hand is not."""
    made = {"same.md": "x\n", "rules/changed.md": "new\n", "rules/missing.md": "new\n"}
    (tmp_path / "rules").mkdir()
    (tmp_path / "same.md").write_text("x\n", encoding="utf-8")
    (tmp_path / "rules" / "changed.md").write_text("old\n", encoding="utf-8")
    (tmp_path / "rules" / "gone.md").write_text(
        generator.MARKS[".md"].format(source="a rule") + "x\n", encoding="utf-8"
    )
    (tmp_path / "hand.md").write_text("# By hand\n", encoding="utf-8")
    assert [
        "docs/rules/changed.md is out of date",
        "docs/rules/missing.md is out of date",
        "docs/rules/gone.md is generated from nothing: delete it",
    ] == generator.drift(made, tmp_path)
