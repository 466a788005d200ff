"""What is wrong in HCL's native syntax: it is said where it stands, and hides nothing around it."""

from __future__ import annotations

import pytest
from hcl_trees import read
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_lint.terraform import hcl_bodies, hcl_tokens
from cognito_lint.terraform.reader import parse_expression
from cognito_lint.terraform.syntax import Broken, Literal

REFUSED = {
    "a = 1 b = 2\n": (1, "new line"),
    "a = 1\na = 2\n": (2, "set twice"),
    "b { c = 1, d = 2 }\n": (1, "one line"),
    "b { c {} }\n": (1, "another block"),
    "b\n{\n}\n": (1, '"="'),
    "a = [1\n": (1, '"]"'),
    "a = \n": (1, "expression"),
    'a = "x\n': (1, "not closed"),
    "a = <<EOT\nx\n": (1, "no closing EOT"),
    'a = "\\q"\nb {': (1, "escape"),
    'a = "%{ if b }"\nb = [': (1, "endif"),
    'b "${c}" {\n}\n': (1, "template"),
    "}\n": (1, "argument or a block"),
    "a = b.0.1\nc = [\n": (1, "0.1"),
    "b {\n  a = 1\n": (1, 'no closing "}"'),
    'b { "c" {}\n\nd {\n}\n}\n': (1, "argument was expected"),
}


@pytest.mark.parametrize("written", REFUSED)
def test_what_terraform_refuses_is_a_problem(written: str) -> None:
    """An error is reported where it is, in words that say what was expected."""
    line, words = REFUSED[written]
    file = read(written)
    problem = [*file.problems, *(problem for block in file.body.blocks for problem in block.body.problems)][0]
    assert line == problem.span.line
    assert words in problem.message


def test_what_stands_around_an_error_is_read() -> None:
    """The broken argument says why it is broken; its neighbours and the blocks behind it are whole."""
    file = read('b "x" {\n  a = [1, }\n  c = 3\n}\nd "y" {\n  e = 5\n}\n')
    assert 2 == file.problems[0].span.line
    first, second = file.body.blocks
    assert isinstance(first.body.attributes["a"].expression, Broken)
    assert Literal(5) == second.body.attributes["e"].expression


def test_problems_inside_a_block_are_found_when_it_is_opened() -> None:
    """What tree-sitter lets pass and Terraform refuses stands in the body's problems."""
    file = read("b {\n  a = 1 c = 2\n}\n")
    assert () == file.problems
    assert [2] == [problem.span.line for problem in file.body.blocks[0].body.problems]


class _Words(hcl_tokens.Tokens):
    """Counts the words that are gone to: a reader that goes round in circles fails instead of never ending."""

    __slots__ = ("left",)

    def move(self, position: int) -> None:
        self.left = getattr(self, "left", 50 * len(self.source.text) + 1_000) - 1
        assert self.left, "the reader goes round in circles"
        super().move(position)


PIECES = [
    "a",
    " = ",
    "1",
    '"b"',
    " {",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\n",
    ",",
    "${",
    '"',
    "<<E\n",
    "E\n",
    "#",
    "?",
    ":",
    ".",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@example('a { "b" {}\n}\n}\n')
def test_whatever_is_written_is_read_to_its_end(written: str) -> None:
    """What is wrong is reported, and the reader goes on behind it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hcl_bodies, "Tokens", _Words)
        file = read(written)
        assert all(block.body is not None for block in file.body.blocks)


@pytest.mark.parametrize("written", ["b\n  .c", "0x1F", "{b = 1 c = 2}", "b[0", "b.0.1", "{ b.c = 1 }[0"])
def test_what_only_tree_sitter_accepts_is_broken(written: str) -> None:
    """tree-sitter reads on after a newline, and takes numbers and objects that Terraform refuses."""
    assert isinstance(read(f"a = {written}\n").body.attributes["a"].expression, Broken)


@pytest.mark.parametrize(
    "written",
    [
        "(" * 10_000 + "1" + ")" * 10_000,
        "[" * 10_000,
        "!" * 10_000 + "a",
        "a" + " + a" * 10_000,
        "a" + ".b" * 10_000,
        "a" + "[*]" * 10_000,
        "a ? b : " * 10_000 + "c",
        '"${' * 10_000,
        "(1 || 1 && 1 == 1 < 1 + 1 * " * 99 + "1" + ")" * 99,
        "1" * 10_000,
        "1e999999999999999999999",
    ],
)
def test_past_a_bound_the_expression_is_broken(written: str) -> None:
    """Hostile nesting, chains and numbers end in a broken expression, never in a crash."""
    assert isinstance(parse_expression(written, "--var"), Broken)
    assert isinstance(read(f"x = {written}\n").body.attributes["x"].expression, Broken)


GOOD = 'resource "a" "good" {\n  x = 1\n}\n'


@pytest.mark.parametrize(
    ("text", "line", "labels"),
    [
        ("locals {\n  x = {\n    a = 1\n  b = 2\n}\n", 1, []),
        ('resource "a" "open" {\n  inner {\n    x = 1\n}\n', 1, ["open"]),
        ('resource "a" "open" {\n  inner {\n    x = 1\n', 2, ["open"]),
        ('resource "a" "more" {\n}\n}\n', 3, ["more"]),
        ('resource "a" "text" {\n  x = "open\n}\n', 2, ["text"]),
        ('resource "a" "list" {\n  x = f(["a", "b"\n  inner {\n    y = 1\n  }\n}\n', 3, ["list"]),
        ('resource "a" "object" {\n  x = {\n    a = 1\n    b 2\n    c = 3\n  }\n}\n', 4, ["object"]),
        ('resource "a" "below"\n{\n  x = 1\n}\n', 1, ["below"]),
    ],
)
def test_one_mistake_is_one_problem_and_hides_nothing_behind_it(text: str, line: int, labels: list[str]) -> None:
    """It stands where the mistake was made, and the next block is read as it is."""
    file = read(text + GOOD)
    assert [line] == [problem.span.line for problem in file.problems]
    blocks = [block for block in file.body.blocks if block.type == "resource"]
    assert [*labels, "good"] == [block.labels[1] for block in blocks]
    assert ["x"] == list(blocks[-1].body.attributes)


def test_deeply_nested_blocks_are_a_problem() -> None:
    """Blocks past the nesting bound are reported."""
    file = read("a {\n" * 5_000 + "}\n" * 5_000)
    problems, body = list(file.problems), file.body
    while body.blocks:
        body = body.blocks[0].body
        problems += body.problems
    assert any("nested more than" in problem.message for problem in problems)
