"""What README.md and docs/ci.md show of CI is what the files take."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
import yaml
from action_runner import ACTION, ROOT
from test_gitlab_template import INPUTS

TEXTS = {page: (ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "docs/ci.md")}
SHOWN = [
    yaml.safe_load(dedent(block))
    for text in TEXTS.values()
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
]


def inside(node):
    """Every mapping in a YAML document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from inside(child)


USES = [each for shown in SHOWN for each in inside(shown) if str(each.get("uses")).startswith("cognito-lint/")]
INCLUDES = [each for shown in SHOWN for each in inside(shown) if "remote" in each]


def table(heading: str) -> dict[str, str]:
    """The names in the first column of the table below a heading of docs/ci.md, with their defaults."""
    section = TEXTS["docs/ci.md"].split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = {}
    for row in re.findall(r"^\| `.*", section, re.MULTILINE):
        names, defaults = row.split("|")[1:3]
        said = re.findall("`([^`]*)`", defaults)
        for position, name in enumerate(re.findall("`([^`]*)`", names)):
            found[name] = said[position] if position < len(said) else ""
    return found


def test_snippets_are_found():
    """The two pages show both services."""
    assert len(USES) >= 3
    assert len(INCLUDES) >= 2


@pytest.mark.parametrize("use", USES, ids=str)
def test_shown_inputs_of_the_action_exist(use):
    """What a user copies names inputs that there are."""
    assert set() == set(use["with"]) - set(ACTION["inputs"])


@pytest.mark.parametrize("include", INCLUDES, ids=str)
def test_shown_include_is_the_template(include):
    """What a user copies names a file that there is, and inputs of it."""
    path = re.fullmatch(r".*/cognito-lint/cognito-lint/v[\d.]+/(.*)", include["remote"])[1]
    assert (ROOT / path).is_file()
    assert set() == set(include["inputs"]) - set(INPUTS)


def test_the_action_s_table():
    """Every input is told, with its default."""
    assert {name: given["default"] for name, given in ACTION["inputs"].items()} == table("GitHub Actions")


def test_the_template_s_table():
    """Every input is told, with its default; the version is that of the file."""
    expected = {name: given["default"] for name, given in INPUTS.items()}
    assert expected | {"version": ""} == table("GitLab")
