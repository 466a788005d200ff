"""Type constraints of variables: they convert, fill in defaults, and refuse."""

from __future__ import annotations

import pytest
from value_samples import ENV, data_of

from cognito_lint import worlds
from cognito_lint.terraform.constraints import parse
from cognito_lint.terraform.reader import parse_expression
from cognito_lint.terraform.values import (
    EvaluationError,
    Known,
    from_python,
    object_of,
    resolve_deep,
    string,
)


@pytest.mark.parametrize(
    ("constraint", "given", "expected"),
    [
        ("string", 1, "1"),
        ("list(string)", [1, True], ["1", "true"]),
        ("set(number)", ["2", 1, 2], [1, 2]),
        ("map(string)", {"a": 1}, {"a": "1"}),
        ('"string"', 1, "1"),
        ("list", [1, "a"], ["1", "a"]),
        ("any", {"a": [1]}, {"a": [1]}),
        ("tuple([string, number])", [1, "2"], ["1", 2]),
        ("object({a = string})", {"a": 1, "b": 2}, {"a": "1"}),
        ("object({a = optional(string)})", {}, {"a": None}),
        ('object({a = optional(string, "x")})', {}, {"a": "x"}),
        ('object({a = optional(string, "x")})', {"a": None}, {"a": "x"}),
        ('object({a = optional(object({b = optional(string, "y")}), {})})', {}, {"a": {"b": "y"}}),
        ('map(object({m = optional(string, "OFF")}))', {"k": {}}, {"k": {"m": "OFF"}}),
        ('list(object({m = optional(string, "OFF")}))', [{}, {"m": "X"}], [{"m": "OFF"}, {"m": "X"}]),
        ("object({a = string})", {}, "error"),
        ("list(number)", ["x"], "error"),
        ("number", "x", "error"),
        ("object({a = string})", [], "error"),
    ],
)
def test_a_constraint_converts_and_fills(constraint: str, given: object, expected: object) -> None:
    """Defaults first, then conversion, as Terraform does it."""
    parsed = parse(parse_expression(constraint, "variables.tf"), _default)
    try:
        assert expected == data_of(parsed.accept(from_python(given)))
    except EvaluationError:
        assert "error" == expected


def _default(expression):
    """The defaults that these constraints write: texts and empty objects."""
    parts = getattr(expression, "parts", None)
    return object_of({}) if parts is None else string("".join(parts))


@pytest.mark.parametrize("constraint", ["strnig", "list(string, string)", "object(string)", "1", "optional(string)"])
def test_what_is_no_type_is_refused(constraint: str) -> None:
    """A misspelt type is an error in Terraform's words."""
    with pytest.raises(EvaluationError):
        parse(parse_expression(constraint, "variables.tf"), _default)


def test_an_unknown_attribute_takes_its_default_where_it_is_null() -> None:
    """optional(string, "x") over var.mode that may be null."""
    parsed = parse(parse_expression('object({a = optional(string, "x")})', "variables.tf"), _default)
    accepted = resolve_deep(parsed.accept(object_of({"a": ENV})))
    assert {"x", "var.env"} == {
        leaf.data["a"].data if isinstance(leaf.data["a"], Known) else leaf.data["a"].subject.text
        for leaf in worlds.leaves(accepted)
    }
