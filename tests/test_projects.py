"""Whole projects, each with an expect.json: what the command says of it, rule by rule.

`args` follow `check`; `pools` are the verdicts by address, all of them; `findings` how many there are of each rule that
is named; `suppressed` all that is suppressed, by rule and address; `errors` how many there are, none if not named;
`exit` the exit code.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from cognito_lint.rules import RULES
from command_runs import check

PROJECTS = Path(__file__).parent / "fixtures" / "projects"
NAMES = sorted(path.name for path in PROJECTS.iterdir())


def expectation(name):
    return json.loads((PROJECTS / name / "expect.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_project(name, tmp_path):
    """The command says what expect.json expects."""
    folder = tmp_path / name
    shutil.copytree(PROJECTS / name, folder, ignore=shutil.ignore_patterns("expect.json"), symlinks=True)
    expected = expectation(name)
    ran = check(folder, *expected.get("args", ()))
    report = ran.report
    assert expected["pools"] == ran.verdicts
    counted = Counter(finding["rule"] for finding in report["findings"])
    assert expected.get("findings", {}) == {rule: counted[rule] for rule in expected.get("findings", {})}
    suppressed = [f"{found['rule']} {found['address']}" for found in report["findings"] if found["suppressed"]]
    assert sorted(expected.get("suppressed", ())) == sorted(suppressed)
    assert expected.get("errors", 0) == len(report["errors"])
    assert expected["exit"] == ran.code


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_failing_and_a_passing_project(rule):
    """A rule that nothing triggers, or that nothing is silent for, is not tested."""
    counts = [expectation(name).get("findings", {}).get(rule.id) for name in NAMES]
    assert any(count for count in counts if count is not None)
    assert any(count == 0 for count in counts)


def test_every_project_says_what_is_expected():
    """No fixture goes unread."""
    assert NAMES
    assert all((PROJECTS / name / "expect.json").is_file() for name in NAMES)
