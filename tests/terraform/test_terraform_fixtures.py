"""Every fixture of the Terraform wing gets the verdicts that it says it should."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from cognito_lint.discover import discover
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs, Variable, VariableFile
from cognito_lint.model import Unit
from cognito_lint.rules.verdict import verdict
from cognito_lint.terraform.units import units

FIXTURES = Path(__file__).parent.parent / "fixtures"
FILES = sorted((FIXTURES / "terraform").glob("*.tf"))
PROJECTS = sorted(path.parent for path in (FIXTURES / "terraform").glob("*/expect.json"))


def _verdicts(found: tuple[Unit, ...]) -> dict[str, str]:
    return {pool.address: verdict(pool) for unit in found for pool in unit.pools}


@pytest.mark.parametrize("fixture", FILES, ids=lambda path: path.stem)
def test_a_single_file_gets_its_verdicts(fixture: Path, tmp_path: Path) -> None:
    """A file with `# expect:` lines, alone in a directory, gets these verdicts and as many problems as it says."""
    shutil.copy(fixture, tmp_path / "main.tf")
    text = fixture.read_text()
    expected = dict(
        entry.strip().rsplit("=", 1)
        for line in re.findall(r"^# expect: (.*)$", text, re.MULTILINE)
        for entry in line.split(", ")
    )
    errors = re.search(r"^# errors: (\d+)$", text, re.MULTILINE)
    repository = Repository(tmp_path, ["."])
    found = units(discover(["."], repository), repository, Inputs())
    assert expected == _verdicts(found)
    problems = [problem for unit in found for problem in unit.problems]
    assert int(errors[1] if errors else 0) == len(problems), problems


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_a_project_gets_its_verdicts(project: Path, tmp_path: Path) -> None:
    """A directory with an expect.json, run with its arguments, gets these verdicts and as many problems as it says."""
    shutil.copytree(project, tmp_path / "project")
    expected = json.loads((project / "expect.json").read_text())
    paths, inputs, explicit = _arguments(expected.get("args", []))
    repository = Repository(tmp_path / "project", paths, explicit=explicit)
    found = units(discover(paths, repository), repository, inputs)
    several = len(found) > 1
    verdicts = {
        (f"{unit.path}: {pool.address}" if several else pool.address): verdict(pool)
        for unit in found
        for pool in unit.pools
    }
    assert expected["pools"] == verdicts
    problems = [problem for unit in found for problem in unit.problems]
    assert expected.get("errors", 0) == len(problems), problems
    missing = sorted(module.address for unit in found for module in unit.missing_modules if module.concerns_pools)
    assert expected.get("missing", []) == missing


def _arguments(arguments: list[str]) -> tuple[list[str], Inputs, list[str]]:
    paths: list[str] = []
    given: list[Variable | VariableFile] = []
    environment: dict[str, str] = {}
    strict = False
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--var":
            name, text = waiting.pop(0).split("=", 1)
            given.append(Variable(name, text))
        elif word == "--var-file":
            given.append(VariableFile(waiting.pop(0)))
        elif word == "--environment":
            name, text = waiting.pop(0).split("=", 1)
            environment[name] = text
        elif word == "--strict":
            strict = True
        else:
            paths.append(word)
    explicit = [entry.path for entry in given if isinstance(entry, VariableFile)]
    return paths or ["."], Inputs(variables=tuple(given), environment=environment, strict=strict), explicit
