"""Hostile configurations end inside the stated bounds, undecided, and say which bound it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from terraform_projects import POOL, evaluate, pool_of, reason_of_mode, verdict_of_mode, write

from cognito_lint.files import Repository, UnreadableError
from cognito_lint.rules.verdict import deployments, verdict
from cognito_lint.terraform import evaluation
from cognito_lint.terraform.reader import MAX_SIZE, read_file


def _chain(length: int, step: str) -> str:
    lines = [f"  l{index} = {step.replace('PREVIOUS', f'local.l{index - 1}')}" for index in range(1, length)]
    return "locals {\n  l0 = FIRST\n" + "\n".join(lines) + "\n}\n"


_LARGE = "locals {\n  large = flatten([for i in range(20) : range(i * 1000, i * 1000 + 1000)])\n}\n"


def _often(expression: str) -> str:
    return f'length([for i in range(1000) : {expression}]) > 0 ? "ENFORCED" : "OFF"'


@pytest.mark.parametrize(
    ("before", "expression", "reason"),
    [
        (_chain(3_000, "PREVIOUS").replace("FIRST", '"ENFORCED"'), "local.l2999", "bound of 2,500 expressions"),
        (_chain(60, '"${PREVIOUS}${PREVIOUS}"').replace("FIRST", '"ENFORCED"'), "local.l59", "bound of 1,048,576"),
        ("", "(" * 10_000 + '"ENFORCED"' + ")" * 10_000, "more than 100 levels deep"),
        ("", 'length(range(1000000000)) > 0 ? "ENFORCED" : "OFF"', "more than 1024 values"),
        (
            "locals {\n  a = local.b\n  b = local.a\n}\n",
            "local.a",
            "local.a refers to itself (local.a → local.b → local.a)",
        ),
        ("locals {\n  a = try(local.a, 1)\n}\n", 'try(local.a, "ENFORCED")', "local.a refers to itself"),
        (
            "locals {\n  a = range(1000)\n}\n",
            'length([for x in local.a : [for y in local.a : [for z in local.a : x]]]) > 0 ? "ENFORCED" : "OFF"',
            "more than 300,000 steps",
        ),
        ("", f'"{"%{ for x in range(1000) }" * 4}a{"%{ endfor }" * 4}"', "more than 300,000 steps"),
        (_LARGE, _often("contains(local.large, -1)"), "more than 300,000 steps"),
        (_LARGE, _often("sum(local.large)"), "more than 300,000 steps"),
        (_LARGE, _often("local.large == reverse(local.large)"), "more than 300,000 steps"),
        (
            'variable "any" {}\n'
            + _chain(40, "setproduct(PREVIOUS, PREVIOUS)").replace("FIRST", "[for x in var.any : x]"),
            'local.l39[0] == local.l39[1] ? "ENFORCED" : "OFF"',
            "more than 300,000 steps",
        ),
    ],
)
def test_a_bomb_is_an_unknown_value_that_names_the_bound(
    tmp_path: Path, before: str, expression: str, reason: str
) -> None:
    """Never a hang, a crash or a pass."""
    assert reason in reason_of_mode(tmp_path, expression, before)


@pytest.mark.parametrize(
    ("before", "expression", "bound"),
    [
        (_chain(40, "[PREVIOUS, PREVIOUS]").replace("FIRST", "1"), "length(jsonencode(local.l39)) > 0", "200,000"),
        ("", 'length(format("%999999999s", "x")) > 0', "1,048,576 characters"),
        ("", f"length(setproduct({', '.join(['range(100)'] * 5)})) > 0", "65,536 elements"),
        ("", f'jsondecode("{"[" * 150}{"]" * 150}") == 1', "deeper than the bound of 100"),
    ],
)
def test_a_question_about_what_is_past_a_bound_names_the_bound(
    tmp_path: Path, before: str, expression: str, bound: str
) -> None:
    """So that nobody looks for the reason in the files."""
    pool = pool_of(tmp_path, before + POOL.replace("MODE", f'{expression} ? "ENFORCED" : "OFF"'))
    assert [True, True] == [any(bound in text for text in world.when) for world in deployments(pool)]


@pytest.mark.parametrize(
    "expression",
    [
        "length(distinct([for x in local.large : { a = x % 7 }])) == 7",
        "length(setunion(local.large, local.large)) == 20000",
        "length(setsubtract(local.large, [5])) == 19999",
        'length({ for x in local.large : "k${x}" => x }) == 20000',
    ],
)
def test_large_collections_are_no_bomb(tmp_path: Path, expression: str) -> None:
    """Going through a large collection once takes time in proportion to it."""
    assert verdict_of_mode(tmp_path, f'{expression} ? "ENFORCED" : "OFF"', _LARGE) == "enforced"


def test_many_fallbacks_stay_small(tmp_path: Path) -> None:
    """One after the other they are a list of questions, not a tree of them."""
    before = 'variable "any" {}\n' + _chain(40, "try(var.any.kPLACE, PREVIOUS)").replace("FIRST", '"OFF"')
    places = iter(range(40))
    while "PLACE" in before:
        before = before.replace("PLACE", str(next(places)), 1)
    assert "bound" not in reason_of_mode(tmp_path, "local.l39", before)


def test_indexes_inside_indexes_are_evaluated_once(tmp_path: Path) -> None:
    """A key evaluated twice at each level would take 2 to the power of 80 steps."""
    depth = 80
    expression = "local.a[" * depth + "0" + "]" * depth
    assert "not-enforced" == verdict_of_mode(tmp_path, expression, "locals {\n  a = [0]\n}\n")


def test_a_long_chain_of_conditionals_is_no_nest(tmp_path: Path) -> None:
    """`a ? b : c ? d : …` is how people write a table."""
    chain = "".join(f'var.stage == "s{place}" ? "OFF" : ' for place in range(200))
    assert "enforced" == verdict_of_mode(tmp_path, f'{chain}"ENFORCED"', 'variable "stage" {\n  default = "x"\n}\n')


def test_a_backtracking_regular_expression_takes_no_time(tmp_path: Path) -> None:
    """RE2 has no worst case."""
    expression = f'can(regex("(a+)+$", "{"a" * 60}b")) ? "OFF" : "ENFORCED"'
    assert "enforced" == verdict_of_mode(tmp_path, expression)


def test_a_million_instances_are_one_of_unknown_index(tmp_path: Path) -> None:
    """Past the bound of instances the address ends in a star."""
    write(tmp_path, {"main.tf": POOL.replace("MODE", '"ENFORCED"').replace('" {', '" {\n  count = 1000000', 1)})
    (unit,) = evaluate(tmp_path)
    assert ["aws_cognito_user_pool.this[*]"] == [pool.address for pool in unit.pools]


def test_many_open_questions_about_one_mode_are_unproven(tmp_path: Path) -> None:
    """Worlds past the bound are never guessed."""
    names = [f"v{index}" for index in range(40)]
    before = "".join(f'variable "{name}" {{\n  type = bool\n}}\n' for name in names)
    parts = ", ".join(f'var.{name} ? "a{name}" : "b{name}"' for name in names)
    expression = f'join("", [{parts}]) == "x" ? "OFF" : "ENFORCED"'
    assert "unproven" == verdict_of_mode(tmp_path, expression, before)


def test_a_tower_of_modules_names_the_bound(tmp_path: Path) -> None:
    """Four calls in each of twelve modules would be sixteen million pools."""
    calls = "".join(f'module "{name}" {{\n  source = "../mNEXT"\n}}\n' for name in "abcd")
    write(tmp_path, {f"m{level}/main.tf": calls.replace("NEXT", str(level + 1)) for level in range(12)})
    write(tmp_path, {"m12/main.tf": POOL.replace("MODE", '"ENFORCED"')})
    (unit,) = evaluate(tmp_path, "m0")
    assert any("bound of 5,000" in problem.message for problem in unit.problems)


def test_files_outside_the_repository_are_not_read(tmp_path: Path) -> None:
    """Neither by a path nor by a symbolic link."""
    write(tmp_path, {"secret": "ENFORCED", "project/.git/HEAD": ""})
    (tmp_path / "project/link").symlink_to(tmp_path / "secret")
    for path in ("../secret", str(tmp_path / "secret"), "link"):
        write(tmp_path / "project", {"main.tf": POOL.replace("MODE", f'file("{path}")')})
        (unit,) = evaluate(tmp_path / "project")
        assert "unproven" == verdict(unit.pools[0])


def test_a_file_past_the_bound_of_size_is_named(tmp_path):
    """A parser may take long over many megabytes: a file of the language is refused before."""
    (tmp_path / "main.tf").write_bytes(b"#" * (MAX_SIZE + 1))
    with pytest.raises(UnreadableError, match="8 MiB"):
        read_file("main.tf", Repository(tmp_path, ["."]))


@pytest.mark.usefixtures("locked")
def test_files_of_a_directory_that_cannot_be_listed_are_unknown(tmp_path: Path) -> None:
    """Nobody knows how many there are."""
    (tmp_path / "files" / "locked").mkdir(parents=True)
    assert "unproven" == verdict_of_mode(tmp_path, 'length(fileset("files", "**")) == 0 ? "ENFORCED" : "OFF"')


def test_more_modules_than_the_bound_are_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool that lies behind the bound is not passed over as if it were not there."""
    monkeypatch.setattr(evaluation, "MAX_MODULES", 2)
    calls = {"main.tf": "a", "a/main.tf": "../b", "b/main.tf": "../c"}
    files = {name: f'module "m" {{\n  source = "./{source}"\n}}\n' for name, source in calls.items()}
    write(tmp_path, {**files, "c/main.tf": POOL.replace("MODE", '"OFF"')})
    (unit,) = evaluate(tmp_path)
    (problem,) = unit.problems
    assert "the root calls more modules than the bound of 2" == problem.message
    assert "a/main.tf" == problem.span.file


@pytest.mark.parametrize("operator", ["==", "!="])
def test_whether_a_resource_is_enabled_past_a_bound_is_open(tmp_path: Path, operator: str) -> None:
    """It is neither there for sure nor left out for sure: no comparison passes."""
    switch = "length([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]) > 0"
    queue = f'resource "aws_sqs_queue" "x" {{\n  lifecycle {{\n    enabled = {switch}\n  }}\n}}\n'
    expression = f'aws_sqs_queue.x {operator} null ? "ENFORCED" : "AUDIT"'
    assert "unproven" == verdict_of_mode(tmp_path, expression, queue)
