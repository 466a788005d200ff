"""Small Terraform projects for the tests of this folder: files written to a directory, and evaluated there."""

from __future__ import annotations

from pathlib import Path

from cognito_lint.discover import discover
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
from cognito_lint.model import Unit, UserPool
from cognito_lint.rules.verdict import deployments, verdict
from cognito_lint.terraform.units import units
from command_runs import write

POOL = 'resource "aws_cognito_user_pool" "this" {\n  user_pool_add_ons {\n    advanced_security_mode = MODE\n  }\n}\n'


def evaluate(directory: Path, *paths: str, inputs: Inputs | None = None) -> tuple[Unit, ...]:
    """The units of the paths, seen from the directory."""
    asked = paths or (".",)
    repository = Repository(directory, asked)
    return units(discover(asked, repository), repository, inputs or Inputs())


def pool_of(directory: Path, text: str) -> UserPool:
    """The only pool of a module of one file."""
    write(directory, {"main.tf": text})
    (unit,) = evaluate(directory)
    (pool,) = unit.pools
    return pool


def verdict_of_mode(directory: Path, expression: str, before: str = "") -> str:
    """The verdict of a pool whose mode is this expression."""
    return verdict(pool_of(directory, before + POOL.replace("MODE", expression)))


def reason_of_mode(directory: Path, expression: str, before: str = "") -> str:
    """Why the mode is not known."""
    pool = pool_of(directory, before + POOL.replace("MODE", expression))
    contents = [world.value.mode.content for world in deployments(pool)]
    return " / ".join(getattr(content, "reason", str(content)) for content in contents)
