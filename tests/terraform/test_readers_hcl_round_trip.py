"""Trees that are printed as HCL and read again."""

from __future__ import annotations

from hcl_trees import expression, text
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_lint.terraform.reader import parse_expression
from cognito_lint.terraform.syntax import (
    Binary,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    GetAttribute,
    Index,
    Literal,
    Object,
    Template,
    TemplateIf,
    Tuple,
    Unary,
    Variable,
)

names = st.sampled_from(["a", "b-c", "_d", "for_each", "é"])
strings = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from('\n\t\r"\\$%{}~'))
leaves = (
    st.builds(Literal, st.integers(0, 10**20) | st.booleans() | st.none())
    | st.builds(Variable, names)
    | strings.map(text)
)


def branches(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, max_size=3).map(tuple)
    optional = st.none() | inner
    return (
        st.builds(
            Binary,
            st.sampled_from(["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"]),
            inner,
            inner,
        )
        | st.builds(Unary, st.sampled_from("-!"), inner)
        | st.builds(Conditional, inner, inner, inner)
        | st.builds(Tuple, several)
        | st.builds(Object, st.lists(st.tuples(names.map(text), inner), max_size=3).map(tuple))
        | st.builds(GetAttribute, inner, names)
        | st.builds(Index, inner, inner)
        | st.builds(Call, st.sampled_from(["f", "a::b"]), several)
        | st.builds(ForTuple, st.none() | names, names, inner, inner, optional)
        | st.builds(ForObject, st.none() | names, names, inner, inner, inner, optional, st.booleans())
        | st.builds(Template, st.tuples(strings.filter(bool), inner, strings.filter(bool)))
        | st.builds(Template, st.tuples(inner))
        | st.builds(Template, st.tuples(st.just("x"), st.builds(TemplateIf, inner, st.tuples(inner), st.tuples(inner))))
    )


expressions = st.recursive(leaves, branches, max_leaves=12)


def quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    escaped = escaped.replace("${", "$${").replace("%{", "%%{")
    # before an interpolation a sign of its own would make an escape of both
    for sign, code in (("$", "\\u0024"), ("%", "\\u0025")):
        if escaped.endswith(sign):
            escaped = escaped[:-1] + code
    return escaped


def written(tree: object) -> str:  # noqa: C901
    """The tree in HCL, with parentheses around every operand."""
    match tree:
        case Literal(value):
            return "null" if value is None else str(value).lower()
        case Variable(name):
            return name
        case Template(parts):
            return '"' + "".join(map(part, parts)) + '"'
        case Binary(operator, left, right):
            return f"({written(left)}) {operator} ({written(right)})"
        case Unary(operator, operand):
            return f"{operator}({written(operand)})"
        case Conditional(condition, then, otherwise):
            return f"({written(condition)}) ? ({written(then)}) : ({written(otherwise)})"
        case Tuple(items):
            return "[" + ", ".join(map(written, items)) + "]"
        case Object(items):
            return "{\n" + "".join(f"{written(key)} = {written(value)}\n" for key, value in items) + "}"
        case GetAttribute(source, name):
            return f"({written(source)}).{name}"
        case Index(source, key):
            return f"({written(source)})[{written(key)}]"
        case Call(name, arguments):
            return f"{name}({', '.join(map(written, arguments))})"
        case ForTuple(key, value, collection, result, condition):
            return f"[{intro(key, value, collection)} {written(result)}{guard(condition)}]"
        case ForObject(key, value, collection, result_key, result, condition, grouped):
            dots = "..." if grouped else ""
            pair = f"{written(result_key)} => {written(result)}{dots}"
            return f"{{{intro(key, value, collection)} {pair}{guard(condition)}}}"
    raise AssertionError(tree)


def intro(key: str | None, value: str, collection: Expression) -> str:
    return f"for {key + ', ' if key else ''}{value} in {written(collection)} :"


def guard(condition: Expression | None) -> str:
    return "" if condition is None else f" if {written(condition)}"


def part(piece: object) -> str:
    match piece:
        case str():
            return quoted(piece)
        case TemplateIf(condition, then, otherwise):
            branch = "".join(map(part, then)), "".join(map(part, otherwise))
            return f"%{{ if {written(condition)} }}{branch[0]}%{{ else }}{branch[1]}%{{ endif }}"
    return f"${{{written(piece)}}}"


@example(Template(("$", Literal(None), "0")))
@example(Template(("%", Literal(None), "0")))
@given(expressions)
def test_what_is_printed_is_read_again(tree: Expression) -> None:
    """Any tree, printed as HCL, is read as the same tree."""
    assert tree == parse_expression(written(tree), "x")
    assert tree == expression(f"(\n{written(tree)}\n)")
