"""Entries of the settings: by address and path, which plans need."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from cognito_lint import pipeline
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
from cognito_lint.model import Ignore, Span
from cognito_lint.pipeline import Request
from cognito_lint.suppressions import Policy, glob
from command_runs import write

ENTRY = Ignore(("COG001",), reason="why", span=Span("pyproject.toml", 3, 1, 3, 9))
POOL = 'resource "aws_cognito_user_pool" "%s" {\n  name = "x"\n}\n'
ADDRESSES = ("aws_cognito_user_pool.one", "aws_cognito_user_pool.two")


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("a", "a", True),
        ("a", "ab", False),
        ("*", "", True),
        ("a*", "a", True),
        ("*.this", "module.a.this", True),
        ("*.this", "this", False),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("ab*ba", "aba", False),
        ("a**b", "axb", True),
        ('module.auth["eu"].*', 'module.auth["eu"].aws_cognito_user_pool.this[0]', True),
        ('module.auth["eu"].*', "module.authe.aws_cognito_user_pool.this", False),
        ("module.auth[*].*", "module.auth[0].aws_cognito_user_pool.this", True),
        ("pool[0]", "pool0", False),
        ("pool?", "pools", False),
        ("p.x", "pax", False),
    ],
)
def test_only_the_star_is_special(pattern, text, expected):
    """Brackets and question marks stand for themselves: they belong to Terraform's addresses."""
    assert expected == glob(pattern, text)


def test_a_hostile_pattern_takes_no_time():
    """Matching is one pass, whatever the number of stars."""
    assert not glob("*a" * 5_000 + "b", "a" * 20_000)


def run(tmp_path, files, *entries, today=date(2026, 11, 23), paths=(".",), **more):
    write(tmp_path, files)
    repository = Repository(tmp_path, paths)
    report = pipeline.check(Request(paths, policy=Policy(entries, today=today), **more), repository)
    muted = {found.address for found in report.findings if found.suppressed}
    return muted, [found for found in report.findings if found.rule in ("COG091", "COG092")]


@pytest.mark.parametrize(
    ("address", "path", "expected"),
    [
        (None, None, set(ADDRESSES)),
        ("*.one", None, {ADDRESSES[0]}),
        ("one", None, set()),
        (None, "infra", set(ADDRESSES)),
        (None, "./infra/", set(ADDRESSES)),
        (None, "infra/two.tf", {ADDRESSES[1]}),
        (None, "two.tf", set()),
        (None, "*/two.tf", {ADDRESSES[1]}),
        ("*.one", "infra/two.tf", set()),
    ],
)
def test_an_entry_covers_what_all_its_patterns_match(tmp_path, address, path, expected):
    """The address in full; the path of the unit or of the file that declares the pool, or of a directory around it."""
    files = {"infra/one.tf": POOL % "one", "infra/two.tf": POOL % "two"}
    assert expected == run(tmp_path, files, replace(ENTRY, address=address, path=path))[0]


def test_a_plan_is_suppressed_by_address(tmp_path):
    """Plans have no comments."""
    change = {"actions": ["create"], "before": None, "after": {"name": "x"}, "after_unknown": {}}
    resource = {"address": 'module.auth["eu"].aws_cognito_user_pool.this[0]', "mode": "managed", "name": "this"}
    resource |= {"type": "aws_cognito_user_pool", "change": change}
    plan = {"format_version": "1.2", "planned_values": {}, "resource_changes": [resource]}
    muted, complaints = run(tmp_path, {"plan.json": json.dumps(plan)}, replace(ENTRY, address='module.auth["eu"].*'))
    assert ({resource["address"]}, []) == (muted, complaints)


def test_comments_are_off_and_the_settings_stay(tmp_path):
    """--no-inline-suppressions is about the source alone."""
    files = {"main.tf": "# cognito-lint: ignore[COG001] in source\n" + POOL % "one" + POOL % "two"}
    for path, content in files.items():
        (tmp_path / path).write_text(content)
    policy = Policy((replace(ENTRY, address="*.two"),), inline=False, today=date(2026, 11, 23))
    report = pipeline.check(Request(policy=policy), Repository(tmp_path))
    assert [(ADDRESSES[1], "settings")] == [(f.address, f.suppressed.by) for f in report.findings if f.suppressed]


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        (replace(ENTRY, reason=" - "), "COG092"),
        (replace(ENTRY, rules=("COG900",)), "COG092"),
        (replace(ENTRY, rules=("COG01",)), "COG092"),
        (replace(ENTRY, rules=()), "COG092"),
        (replace(ENTRY, fault="the key resaon means nothing"), "COG092"),
        (replace(ENTRY, until=date(2026, 11, 22)), "COG091"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said_where_it_stands(tmp_path, entry, rule):
    """It suppresses nothing then."""
    muted, [complaint] = run(tmp_path, {"main.tf": POOL % "one"}, entry)
    assert (set(), rule, "pyproject.toml", 3) == (muted, complaint.rule, complaint.span.file, complaint.span.line)


ON = POOL.replace("}", '  user_pool_add_ons {\n    advanced_security_mode = "ENFORCED"\n  }\n}') % "one"


@pytest.mark.parametrize(
    ("entry", "more", "expected"),
    [
        (ENTRY, {}, True),
        (replace(ENTRY, address="*.one"), {}, True),
        (replace(ENTRY, address="module.planned.*"), {}, False),  # perhaps of a plan that is not there now
        (replace(ENTRY, address="*.gone", path="infra"), {}, True),  # the module is there, and has no such pool
        (replace(ENTRY, path="elsewhere"), {}, False),
        (ENTRY, {"paths": ("infra",)}, False),
        (ENTRY, {"paths": ("infra/main.tf",)}, False),
        (ENTRY, {"exclude": ("envs",)}, False),
        (ENTRY, {"inputs": Inputs(environment={"mode": "OFF"})}, False),
    ],
)
def test_an_entry_is_needless_only_if_all_that_it_covers_was_seen(tmp_path, entry, more, expected):
    """The whole directory of the settings, without values by hand, and the pool or module that is meant among it."""
    muted, complaints = run(tmp_path, {"infra/main.tf": ON}, entry, **more)
    assert (set(), ["COG091"] * expected) == (muted, [complaint.rule for complaint in complaints])
