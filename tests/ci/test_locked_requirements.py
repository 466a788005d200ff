"""What the action and the image install is what the package asks for."""

from __future__ import annotations

import re

import pytest
from action_runner import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = (ROOT / "pyproject.toml").read_text()
LOCKED = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "action/requirements.txt").read_text(), re.MULTILINE))


def asked(key: str) -> list[str]:
    """The requirements in one list of pyproject.toml."""
    return re.findall(r'"(.+?)"', re.search(rf"^{key} = \[(.*?)\]$", PROJECT, re.MULTILINE | re.DOTALL)[1])


@pytest.mark.parametrize("requirement", [*asked("dependencies"), *asked("requires")])
def test_locked_as_asked(requirement):
    """A dependency that is added or raised is locked anew."""
    wanted = Requirement(requirement)
    version = LOCKED.get(canonicalize_name(wanted.name))
    fits = version is not None and wanted.specifier.contains(version)
    assert fits, f"{requirement}: locked is {version}; lock anew as the head of action/requirements.txt says"


def test_both_lists_are_found():
    """The search above finds what we know that there is."""
    assert "PyYAML>=6.0.1" in asked("dependencies")
    assert [Requirement(requirement).name for requirement in asked("requires")] == ["hatchling"]
