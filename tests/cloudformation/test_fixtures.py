"""Every fixture template says in itself what is expected of it."""

import re
from pathlib import Path

import pytest
from cloudformation_projects import evaluate, verdicts

from cognito_lint.rules.verdict import verdict

FIXTURES = Path(__file__).parent.parent / "fixtures" / "cloudformation"
VALID = sorted(path.name for path in FIXTURES.iterdir() if path.is_file())
INVALID = sorted(path.name for path in (FIXTURES / "invalid").iterdir())


@pytest.mark.parametrize("name", VALID)
def test_a_valid_template_gets_the_verdicts_that_it_states(name):
    """Verdicts are those that the fixture names, and nothing is complained about."""
    text = (FIXTURES / name).read_text(encoding="utf-8")
    stated = re.search(r'(?:# expect: |"expect": ")([^"\n]+)', text)[1]
    found = evaluate(FIXTURES, name)
    assert dict(part.split("=") for part in stated.split(", ")) == verdicts(found)
    assert [] == [problem for unit in found for problem in unit.problems]


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_template_is_reported_and_its_pool_is_unproven(name):
    """What CloudFormation would refuse is a problem with a position; the pool is listed and never passes."""
    stated = re.search(r"# expect-error: (.+)", (FIXTURES / "invalid" / name).read_text(encoding="utf-8"))[1]
    (unit,) = evaluate(FIXTURES / "invalid", name)
    assert ["unproven"] == [verdict(pool) for pool in unit.pools]
    assert any(stated in problem.message and problem.span.line > 1 for problem in unit.problems)
