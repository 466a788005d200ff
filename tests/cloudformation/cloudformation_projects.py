"""Templates for the tests of this folder: evaluated by this wing alone, or checked as the command does."""

from __future__ import annotations

from cognito_lint.cloudformation.units import units
from cognito_lint.discover import discover
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
from cognito_lint.pipeline import Request, check
from cognito_lint.report.report import Report
from cognito_lint.rules.verdict import verdict


def evaluate(directory, *paths, **inputs):
    """The units of the paths, seen from the directory."""
    asked = paths or (".",)
    repository = Repository(directory, asked)
    return units(discover(asked, repository), repository, Inputs(**inputs))


def judge(directory, *paths, **inputs):
    """The report about the paths, seen from the directory."""
    asked = paths or (".",)
    return check(Request(asked, inputs=Inputs(**inputs)), Repository(directory, asked))


def verdicts(found):
    """The verdict of each pool of a report or of units, by its address."""
    if isinstance(found, Report):
        return {judged.pool.address: judged.verdict for judged in found.pools}
    return {pool.address: verdict(pool) for unit in found for pool in unit.pools}
