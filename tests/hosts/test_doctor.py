"""doctor, with hosts that are scripts of a few lines, and once with the real ones."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from cognito_lint.doctor import Diagnosis, UnknownCommandError, examine

FIRED = (
    '[{"Rule": {"Id": "ECOG001"}, "Message": "m", "Location": {"Path": ["Resources", "Bad"]}},'
    ' {"Rule": {"Id": "W1"}, "Message": "m", "Location": {"Path": null}}]'
)


def _script(folder: Path, name: str, body: str) -> str:
    path = folder / name
    path.write_text(
        f"#!{sys.executable}\nimport sys\nif '--version' in sys.argv: print('{name} 9.9'); sys.exit()\n{body}\n"
    )
    path.chmod(0o755)
    return str(path)


def _examine(*commands: str) -> Diagnosis:
    [diagnosis] = examine(commands, os.environ)
    return diagnosis


def test_rules_that_fire_are_well(tmp_path: Path) -> None:
    """The bad pool was reported, the good one was not."""
    diagnosis = _examine(_script(tmp_path, "cfn-lint", f"print('''{FIRED}'''); sys.exit(2)"))
    assert diagnosis.well
    assert "cfn-lint 9.9" in diagnosis.subject


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("cfn-lint", "print('[]')", "it ran without our rules"),
        ("cfn-lint", f"print('''{FIRED.replace('Bad', 'Good')}''')", "it ran without our rules"),
        ("cfn-lint", "sys.exit('no such folder')", "it does not load our rules"),
        ("checkov", "print('{\"passed\": 0}')", "it ran without our checks"),
        ("checkov", "sys.exit('boom')", "it does not load our checks"),
    ],
)
def test_silence_of_a_host_is_not_well(tmp_path: Path, name: str, body: str, sentence: str) -> None:
    """A host that says nothing of the bad sample has not run our rules, whatever its exit code."""
    diagnosis = _examine(_script(tmp_path, name, body))
    assert not diagnosis.well
    assert sentence == diagnosis.sentence
    assert diagnosis.advice


def test_a_host_that_does_not_start_says_why(tmp_path: Path) -> None:
    """The last line that it wrote; the two hcl2 are named where they are the cause."""
    other = _examine(str(tmp_path / "cfn-lint"))
    assert (False, "it does not start") == (other.well, other.sentence)
    path = tmp_path / "checkov"
    path.write_text(f"#!{sys.executable}\nraise ImportError(\"cannot import name 'START_LINE' from 'hcl2'\")\n")
    path.chmod(0o755)
    assert "bc-python-hcl2" in _examine(str(path)).advice


def test_a_command_of_neither_host_is_refused() -> None:
    """Guessing would try the wrong thing."""
    with pytest.raises(UnknownCommandError, match="terraform"):
        examine(["terraform"], os.environ)


def test_no_host_at_all_is_not_well(tmp_path: Path) -> None:
    """Nothing was tried, so nothing is sure; one host of the two is enough."""
    none = examine((), {"PATH": str(tmp_path)})
    assert [False, False] == [diagnosis.well for diagnosis in none]
    _script(tmp_path, "cfn-lint", f"print('''{FIRED}''')")
    one = examine((), {"PATH": str(tmp_path)})
    assert [True, True] == [diagnosis.well for diagnosis in one]


@pytest.mark.hosts
@pytest.mark.xdist_group("checkov")
def test_the_real_hosts_are_well(cfn_lint: Any, checkov: Any) -> None:
    """Both load our rules from this checkout and judge the samples."""
    found = examine([cfn_lint.executable, checkov.executable], os.environ)
    assert [(True, ""), (True, "")] == [(diagnosis.well, diagnosis.advice) for diagnosis in found]
