"""Where our evaluation cannot be had inside Checkov: nothing passes that the command would not pass."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from host_runs import PROJECT, Run, records
from test_host_parity import FIXTURES, _command, _plain, _seen, _word, _words

pytestmark = [pytest.mark.hosts, pytest.mark.xdist_group("checkov")]

LITERAL = """\
resource "aws_cognito_user_pool" "literal" {
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
}
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what a checkout gives to Checkov."""
    folder = tmp_path / "checkout"
    for part in ("checkov_checks", "src"):
        shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _without_reader(checkout: Path) -> None:
    for name in ("tree_sitter", "tree_sitter_hcl"):
        refusal = f"raise ModuleNotFoundError(name={name!r})\n"
        (checkout / "src" / f"{name}.py").write_text(refusal)


def _without_frames(checkout: Path) -> None:
    file = checkout / "src" / "cognito_lint" / "adapters" / "checkov_place.py"
    text, changed = re.subn(r"(?m)^_WANTED = .*$", '_WANTED = ("renamed",)', file.read_text())
    assert 1 == changed
    file.write_text(text)


def _answers(run: Run) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for where, results in _seen(records(run.json)):
        found.setdefault(where, set()).add(_word(results))
    return found


@pytest.mark.parametrize(
    ("change", "said"), [(_without_reader, "is not installed beside"), (_without_frames, "does not tell")]
)
def test_no_fixture_passes_that_the_command_does_not(
    checkov: Any, checkout: Path, tmp_path: Path, change: Any, said: str
) -> None:
    """Checkov's own rendering proves what is literal. It is said once, and no pool is passed over in silence."""
    change(checkout)
    cases = tmp_path / "cases"
    shutil.copytree(FIXTURES, cases, symlinks=True, ignore=shutil.ignore_patterns(".terraform"))
    (cases / "literal.tf").write_text(LITERAL)
    run = checkov.run(
        "-d", ".", "--framework", "terraform", "--output", "json", cwd=cases, checks=checkout / "checkov_checks"
    )
    report = _command(cases, ".")
    # what Terraform refuses is never deployed: files with errors, and a pool that two files declare
    refused = {error["file"] for error in report["errors"]} | {"terraform/incomplete.tf"}
    expected = _words(report)
    found = _answers(run)
    wrong = {
        where: words
        for where, words in found.items()
        if "enforced" in words - expected.get(where, {"enforced"}) and where[0] not in refused
    }
    assert {} == wrong
    assert 1 == run.stderr.count(said)
    literal = "enforced" if change is _without_reader else "unproven"
    assert {literal} == found["literal.tf", _plain("aws_cognito_user_pool.literal")]


def test_a_module_that_calls_no_other_is_judged_by_checkovs_rendering(
    checkov: Any, checkout: Path, tmp_path: Path
) -> None:
    """It is parsed later than one that calls others."""
    _without_reader(checkout)
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "literal.tf").write_text(LITERAL)
    run = checkov.run(
        "-d", ".", "--framework", "terraform", "--output", "json", cwd=cases, checks=checkout / "checkov_checks"
    )
    assert {"enforced"} == _answers(run)["literal.tf", _plain("aws_cognito_user_pool.literal")]
    assert 1 == run.stderr.count("is not installed beside")
