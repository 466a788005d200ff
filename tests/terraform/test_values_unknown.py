"""Operators and functions over what is not decided: consistent worlds, no needless blur, bounds that hold."""

from __future__ import annotations

import pytest
from value_samples import CONTEXT, ENV, SITE, data_of, of_worlds, unknown

from cognito_lint import spaces, worlds
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.expressions import Budget, Evaluator
from cognito_lint.terraform.functions import Context, FileRefusedError, call
from cognito_lint.terraform.identities import NamedSite
from cognito_lint.terraform.operators import binary, unary
from cognito_lint.terraform.reader import parse_expression
from cognito_lint.terraform.templates import TemplateScope
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Collection
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    UnknownValue,
    boolean,
    from_python,
    null,
    number,
    object_of,
    resolve_deep,
    string,
    tuple_of,
)


def test_length_counts_unknown_elements() -> None:
    """An unknown element is an element."""
    assert 2 == call("length", [tuple_of([ENV, number(1)])], CONTEXT).data


def test_length_of_a_set_counts_what_may_be_equal_once() -> None:
    """{unknown, "a"} has one element or two, never none; more than a handful of sizes are not told apart."""
    some = call("toset", [tuple_of([ENV, string("a")])], CONTEXT)
    assert {1, 2} == set(of_worlds(call("length", [some], CONTEXT)).values())
    many = call("toset", [tuple_of([unknown(f"var.x{place}") for place in range(20)])], CONTEXT)
    assert isinstance(call("length", [many], CONTEXT), UnknownValue)


def test_sort_keeps_the_length() -> None:
    """Which element comes first is open, how many there are is not."""
    listed = call("sort", [tuple_of([ENV, string("a")])], CONTEXT)
    assert 2 == call("length", [listed], CONTEXT).data
    assert [True, True] == [isinstance(item, UnknownValue) for item in listed.data]


@pytest.mark.parametrize(
    ("template", "function", "text", "expected"),
    [
        ("x-${env}", "startswith", "x-", True),
        ("x-${env}", "startswith", "y", False),
        ("x-${env}", "startswith", "x-y", None),
        ("${env}-x", "endswith", "-x", True),
        ("${env}-x", "endswith", "y", False),
        ("${env}-x", "startswith", "-", None),
        ("x-${env}", "==", "y", False),
        ("x-${env}", "==", "x-", None),
        ("-${env}-", "==", "-", False),  # one hyphen is not two
        ("e${env}", "startswith", "e", None),  # U+0301 may follow and make an é of it
        ("${env}\u0301x", "endswith", "\u0301x", None),
        ("${env}\u0301x", "endswith", "x", True),
    ],
)
def test_a_template_is_sure_of_how_it_begins_and_ends(template, function, text, expected) -> None:
    """As Terraform keeps the beginning of a string that is not known; the end is as sure."""
    whole = Evaluator(TemplateScope(Budget(), None, "test", 0), {"env": ENV}).evaluate(
        parse_expression(f'"{template}"', "test")
    )
    asked = [whole, string(text)]
    result = binary("==", *asked, SITE) if function == "==" else call(function, asked, CONTEXT)
    assert expected == (data_of(result) if isinstance(result, Known) else None)


def test_merge_keeps_known_entries_apart() -> None:
    """An unknown entry leaves the others as they are."""
    merged = call("merge", [object_of({"a": ENV}), object_of({"b": number(1)})], CONTEXT)
    assert number(1) == merged.data["b"]


def test_merge_over_an_unknown_map_is_sure_of_what_comes_later() -> None:
    """merge(unknown, {mode = …}) has that mode."""
    merged = call("merge", [unknown("var.m", Collection("map", STRING)), object_of({"mode": string("x")})], CONTEXT)
    assert string("x") == call("lookup", [merged, string("mode"), string("y")], CONTEXT)


def test_contains_is_true_when_one_element_is_sure() -> None:
    """Unknown neighbours do not matter."""
    assert boolean(True) == call("contains", [tuple_of([ENV, string("x")]), string("x")], CONTEXT)


def test_contains_asks_the_unknown_for_each_element() -> None:
    """contains(["dev", "prod"], var.env) is the question what var.env is."""
    result = call("contains", [tuple_of([string("dev"), string("prod")]), ENV], CONTEXT)
    assert {
        ('var.env is "dev"',): True,
        ('var.env is "prod"',): True,
        ('var.env is neither "dev" nor "prod"',): False,
    } == of_worlds(result)


def test_lookup_with_an_unknown_key_means_the_entries() -> None:
    """Each entry where the key is its name, the default elsewhere."""
    table = object_of({"prod": string("ENFORCED"), "dev": string("OFF")})
    result = call("lookup", [table, ENV, string("AUDIT")], CONTEXT)
    assert {"OFF", "ENFORCED", "AUDIT"} == set(of_worlds(result).values())


def test_coalesce_falls_through_where_the_unknown_is_null_or_empty() -> None:
    """What remains is the unknown itself, and sure not to be null."""
    result = call("coalesce", [ENV, string("OFF")], CONTEXT)
    assert ["OFF", "OFF", "var.env"] == sorted(map(str, of_worlds(result).values()))


def test_one_unknown_gives_one_answer_in_both_directions() -> None:
    """var.env == "prod" and var.env != "prod" cannot both hold."""
    same = binary("==", ENV, string("prod"), SITE)
    different = binary("!=", ENV, string("prod"), SITE)
    assert boolean(False) == binary("&&", same, different, SITE)
    assert boolean(True) == binary("||", same, different, SITE)


def test_an_unknown_equals_itself() -> None:
    """Equal subjects take equal values."""
    assert boolean(True) == binary("==", ENV, ENV, SITE)


def test_an_unknown_that_is_not_nullable_is_not_null() -> None:
    """No world is made up for null."""
    assert boolean(False) == binary("==", unknown("x", nullable=False), null(), SITE)


def test_values_of_different_types_are_never_equal() -> None:
    """An unknown string is no number."""
    assert boolean(False) == binary("==", unknown("x", nullable=False), number(1), SITE)


def test_a_finite_unknown_is_followed_through_a_conversion() -> None:
    """tostring(var.flag) == "true" asks var.flag."""
    flag = unknown("var.flag", BOOL, outcomes=("true", "false"))
    result = binary("==", convert(flag, STRING), string("true"), SITE)
    assert {("var.flag is true",): True, ("var.flag is false",): False} == of_worlds(result)


def test_a_converted_number_asks_in_its_own_type() -> None:
    """ "${var.n}" == "3" asks whether var.n is 3; "03" it cannot be."""
    text = convert(unknown("var.n", NUMBER), STRING)
    asked = binary("==", text, string("3"), SITE)
    assert {("var.n is 3",): True, ("var.n is not 3",): False} == of_worlds(asked)
    assert boolean(False) == binary("==", text, string("03"), SITE)


def test_comparisons_of_one_unknown_agree() -> None:
    """n < 3 and n >= 3 are one question."""
    count = unknown("var.n", NUMBER)
    less = binary("<", count, number(3), SITE)
    more = binary(">=", count, number(3), SITE)
    assert boolean(True) == binary("||", less, more, SITE)
    assert {("var.n < 3 is true",): True, ("var.n < 3 is false",): False} == of_worlds(less)


def test_a_false_operand_decides_a_conjunction() -> None:
    """false && unknown is false."""
    flag = unknown("var.flag", BOOL, outcomes=("true", "false"))
    assert boolean(False) == binary("&&", boolean(False), flag, SITE)
    assert boolean(True) == binary("||", flag, unary("!", flag, SITE), SITE)


def test_a_pure_function_of_equal_unknowns_is_one_unknown() -> None:
    """lower(var.env) written twice is equal."""
    one = call("lower", [ENV], Context(NamedSite("here", "lower(var.env)")))
    other = call("lower", [ENV], Context(NamedSite("there", "lower(var.env)")))
    assert boolean(True) == binary("==", one, other, SITE)


def test_uuid_is_another_each_time() -> None:
    """Impure functions have an identity for each call."""
    one = call("uuid", [], Context(NamedSite("here", "uuid()")))
    other = call("uuid", [], Context(NamedSite("there", "uuid()")))
    assert one.subject != other.subject
    assert "random" in one.reason


def test_a_function_is_lifted_over_worlds_inside_containers() -> None:
    """jsonencode({a = var.env == "x"}) has two worlds."""
    split = binary("==", ENV, string("x"), SITE)
    result = call("jsonencode", [object_of({"a": split})], CONTEXT)
    assert {'{"a":true}', '{"a":false}'} == set(of_worlds(result).values())


def test_an_error_of_one_world_stays_in_it() -> None:
    """The other world keeps its value."""
    split = worlds.split(worlds.Atom(ENV.subject, '"x"'), string("1"), string("one"))
    result = call("tonumber", [split], CONTEXT)
    yes, no = (world.value for world in spaces.worlds(result))
    assert number(1) == yes
    assert isinstance(no, UnknownValue) and no.error


def test_too_many_worlds_are_an_unknown_that_names_the_bound() -> None:
    """Forty independent questions in one text are not multiplied out."""
    parts = [binary("==", unknown(f"var.v{index}"), string("x"), SITE) for index in range(40)]
    result = call("jsonencode", [tuple_of(parts)], CONTEXT)
    assert isinstance(result, UnknownValue)
    assert "worlds" in result.reason


def test_resolve_deep_leaves_no_choice_inside() -> None:
    """Every leaf is plain all the way down."""
    split = binary("==", ENV, string("x"), SITE)
    result = resolve_deep(object_of({"a": tuple_of([split, split])}))
    assert [{"a": [True, True]}, {"a": [False, False]}] == list(of_worlds(result).values())


BILLION_LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("setproduct", [list(range(1000))] * 3),
        ("join", ["x" * 1000, ["y"] * 5000]),
        ("replace", ["a" * 10_000, "a", "b" * 10_000]),
        ("replace", ["a" * 10_000, "/a/", "b" * 10_000]),
        ("format", ["%999999999s", "x"]),
        ("indent", [1_000_000, "\n" * 1000]),
        ("jsondecode", ["[" * 100_000 + "]" * 100_000]),
        ("jsondecode", ["1e999999"]),
        ("yamldecode", ["[" * 5_000]),
        ("yamldecode", [BILLION_LAUGHS]),
        ("regex", ["(((a{100}){100}){100}){100}", "a"]),
        ("parseint", ["9" * 100_000, 10]),
        ("tonumber", ["1e99999999"]),
        ("formatlist", ["%1000000s", ["x"] * 100]),
    ],
)
def test_a_bomb_ends_inside_a_bound(name: str, arguments: list[object]) -> None:
    """Past a bound the result is unknown, or refused as Terraform refuses it."""
    try:
        result = call(name, [from_python(argument) for argument in arguments], CONTEXT)
    except EvaluationError:
        return
    assert isinstance(result, UnknownValue)
    assert result.reason


def test_a_tower_of_doubled_lists_ends_inside_a_bound() -> None:
    """[x, x] of [x, x] … takes no room and yet doubles with each level."""
    tower = tuple_of([ENV])
    with pytest.raises(BoundError, match="parts"):
        for _ in range(60):
            tower = tuple_of([tower, tower])


def test_an_evil_regular_expression_takes_linear_time() -> None:
    """RE2 does not backtrack."""
    result = call("regexall", [string("^(a+)+$"), string("a" * 50_000 + "b")], CONTEXT)
    assert () == result.data


def test_a_file_outside_is_unknown_and_says_why() -> None:
    """What may not be read decides nothing."""

    class Refusing:
        def read(self, path: str) -> bytes:
            raise FileRefusedError("the path leads out of the scanned repository")

        exists = below = absolute = read

    for name in ("file", "fileexists", "abspath"):
        result = call(name, [string("../../x")], Context(SITE, Refusing()))
        assert "the path leads out of the scanned repository" == result.reason


def test_an_unknown_function_is_a_named_unknown() -> None:
    """provider::aws::arn_parse is nobody's error."""
    assert "provider::aws::arn_parse" in call("provider::aws::arn_parse", [string("x")], CONTEXT).reason


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("urldecode", ["a+b%20c"], "a b c"),
        ("urldecode", ["%zz"], "error"),
        ("urldecode", [""], ""),
        ("cidrcontains", ["10.0.0.0/8", "10.1.1.1"], True),
        ("cidrcontains", ["10.0.0.0/8", "11.0.0.0/16"], False),
        ("cidrcontains", ["10.0.0.0/8", "x"], "error"),
        ("base64gunzip", ["H4sIAAAAAAAA/8tIzcnJBwCGphA2BQAAAA=="], "hello"),
        ("base64gunzip", ["aGVsbG8="], "error"),
        ("base64gunzip", ["!"], "error"),
        ("assumenotnull", ["x"], "x"),
        (
            "provider::terraform::encode_expr",
            [{"a": 1, "bcd": [1, {"c": "x"}]}],
            '{\n  a = 1\n  bcd = [1, {\n    c = "x"\n  }]\n}',
        ),
        ("provider::terraform::encode_expr", [[]], "[]"),
        ("provider::terraform::encode_tfvars", [{"a": 1, "bc": "x"}], 'a  = 1\nbc = "x"\n'),
        ("provider::terraform::encode_tfvars", [1], "error"),
    ],
)
def test_functions_that_the_table_cannot_ask_terraform_for(
    name: str, arguments: list[object], expected: object
) -> None:
    """OpenTofu's own functions and the built-in provider's."""
    try:
        assert expected == call(name, [from_python(argument) for argument in arguments], CONTEXT).data
    except EvaluationError:
        assert "error" == expected


def test_any_compares_with_every_primitive_it_may_be() -> None:
    """A value of no type asks by its literal."""
    result = binary("==", unknown("var.x", ANY), string("prod"), SITE)
    assert {('var.x is "prod"',): True, ('var.x is not "prod"',): False} == of_worlds(result)
