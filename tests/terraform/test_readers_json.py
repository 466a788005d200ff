"""Terraform's JSON syntax, read by its own rules."""

from __future__ import annotations

import pytest

from cognito_lint.terraform import json_reader
from cognito_lint.terraform.reader import as_reference, parse_expression
from cognito_lint.terraform.syntax import (
    Body,
    Broken,
    GetAttribute,
    Literal,
    Object,
    Template,
    Tuple,
    Variable,
    blocks_of,
)


def read(text: str) -> Body:
    file = json_reader.read(text, "main.tf.json")
    assert () == file.problems
    return file.body


@pytest.mark.parametrize(
    "written",
    [
        '{"resource": {"t": {"n": {"a": 1}}}}',
        '{"resource": [{"t": {"n": {"a": 1}}}]}',
        '{"resource": {"t": [{"n": {"a": 1}}]}}',
        '{"resource": {"t": {"n": [{"a": 1}]}}}',
        '[{"resource": {"t": {"n": {"a": 1, "//": "a comment"}, "//": {}}}}, {"//": 1}]',
    ],
)
def test_labels_nest_as_objects_or_lists_of_objects(written: str) -> None:
    """Each label may be a property of an object or of any object in a list; `//` is a comment."""
    (block,) = blocks_of(read(written), "resource", 2)
    assert ("t", "n") == block.labels
    assert {"a": Literal(1)} == {name: attribute.expression for name, attribute in block.body.attributes.items()}


def test_several_blocks_of_one_type() -> None:
    """A list has one block for each object; a type that is written twice has the blocks of both; null has none."""
    body = read('{"b": [{"a": 1}, {"a": 2}], "c": null, "b": {"a": 3}}')
    found = [block.body.attributes["a"].expression for block in blocks_of(body, "b")]
    assert [Literal(1), Literal(2), Literal(3)] == found
    assert () == blocks_of(body, "c")
    assert () == blocks_of(body, "d")


def test_arrays_within_an_array_of_blocks() -> None:
    """An array's element is one block: its body may be an array of objects again, and null says nothing."""
    found = blocks_of(read('{"b": [[{"a": 1}, {"c": 2}], null, []]}'), "b")
    assert [{"a", "c"}, set(), set()] == [set(block.body.attributes) for block in found]
    (block,) = blocks_of(read('{"b": [[null, {"a": 1}]]}'), "b")
    assert 1 == len(block.body.problems)


def test_block_of_another_shape_is_there_and_a_problem() -> None:
    """What cannot be read as a block is not taken for absent."""
    (block,) = blocks_of(read('{"b": "x"}'), "b")
    assert 1 == len(block.body.problems)


def test_expressions() -> None:
    """Strings and keys are templates, everything else is itself."""
    attribute = read('{"a": {"k${x}": ["${var.m}", "a\\"${x}", "$${x}", 1, true, null]}}').attributes["a"]
    reference = GetAttribute(Variable("var"), "m")
    x = Variable("x")
    items = (Template((reference,)), Template(('a"', x)), Template(("${x}",)), Literal(1), Literal(True), Literal(None))
    assert Object(((Template(("k", x)), Tuple(items)),)) == attribute.expression


def test_literal_strings_are_no_templates() -> None:
    """A tfvars file, a variable's default and a module's source have nothing to refer to."""
    attribute = read('{"a": ["${var.m}", "$${x}"]}').attributes["a"]
    assert Tuple((Template(("${var.m}",)), Template(("$${x}",)))) == attribute.literal


def test_reference_in_a_string() -> None:
    """Where Terraform wants a reference or a type, the string holds it."""
    attribute = read('{"a": ["tags", "b[0].c"], "t": "list(string)"}')
    expected = Tuple((Variable("tags"), parse_expression("b[0].c", "x")))
    assert expected == as_reference(attribute.attributes["a"].expression)
    assert parse_expression("list(string)", "x") == as_reference(attribute.attributes["t"].expression)


def test_spans_inside_a_string() -> None:
    """A reference stands where its characters do, escapes before it counted as written."""
    body = read('{\n  "a": "\\u00e9\\"\\ud83d\\ude00${var.x}"\n}')
    template = body.attributes["a"].expression
    assert isinstance(template, Template)
    reference = template.parts[1]
    assert isinstance(reference, GetAttribute)
    assert (2, 31, 36) == (reference.span.line, reference.span.column, reference.span.end_column)
    assert (2, 3, 6) == (
        body.attributes["a"].span.line,
        body.attributes["a"].span.column,
        body.attributes["a"].span.end_column,
    )


@pytest.mark.parametrize(
    ("written", "line", "words"),
    [
        ('{\n"a": x\n}', 2, "not JSON"),
        ('{"a": NaN}', 1, "NaN"),
        ("", 1, "not JSON"),
        ('{}\n{"a": 1}', 2, "more text"),
        ("[" * 100_000, 1, "nested deeper than"),
        ('{"a":' * 600 + "1" + "}" * 600, 1, "nested deeper than"),
        ('{"a": ' + "1" * 5_000 + "}", 1, "digits"),
        ('{"a": 1,\n"a": 2}', 2, "set twice"),
        ("[1]", 1, "object"),
    ],
)
def test_what_is_no_configuration_is_a_problem(written: str, line: int, words: str) -> None:
    """Broken JSON is reported where it breaks."""
    problem = json_reader.read(written, "main.tf.json").problems[0]
    assert line == problem.span.line
    assert words in problem.message


def test_broken_template_in_a_string() -> None:
    """A template that cannot be read is a broken expression, where it stands."""
    broken = read('{"a": "x${"}').attributes["a"].expression
    assert isinstance(broken, Broken)
    assert "main.tf.json:1" in broken.reason
