"""HCL's native syntax, read as Terraform reads it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_lint.terraform import hcl_bodies, hcl_reader, hcl_tokens
from cognito_lint.terraform.reader import parse_expression, parse_template
from cognito_lint.terraform.syntax import (
    Binary,
    Broken,
    Call,
    Conditional,
    Expression,
    File,
    ForObject,
    ForTuple,
    GetAttribute,
    Index,
    Literal,
    Object,
    Splat,
    SplatElement,
    Template,
    TemplateFor,
    TemplateIf,
    Tuple,
    Unary,
    Variable,
)

A, B, C, D, E = map(Variable, "abcde")


def read(text: str) -> File:
    return hcl_reader.read(text.encode(), "main.tf")


def expression(text: str) -> Expression:
    """The expression as it stands in a file; in a `--var` it is the same."""
    file = read(f"x = {text}\n")
    assert () == file.problems
    return file.body.attributes["x"].expression


def text(value: str) -> Template:
    return Template((value,) if value else ())


EXPRESSIONS = {
    "1e3": Literal(1000),
    "1.50": Literal(Decimal("1.50")),
    "null": Literal(None),
    "a ? b : c ? d : e": Conditional(A, B, Conditional(C, D, E)),
    "a - b - c": Binary("-", Binary("-", A, B), C),
    "a + b * c > d && !e": Binary("&&", Binary(">", Binary("+", A, Binary("*", B, C)), D), Unary("!", E)),
    "a == b || c < d == e": Binary("||", Binary("==", A, B), Binary("==", Binary("<", C, D), E)),
    "-a.b": Unary("-", GetAttribute(A, "b")),
    "- -a": Unary("-", Unary("-", A)),
    "(a + b) * c": Binary("*", Binary("+", A, B), C),
    "(\n  a # one\n  + b // two\n)": Binary("+", A, B),
    "a.0.b[1]": Index(GetAttribute(Index(A, Literal(0)), "b"), Literal(1)),
    "a[*].b[0].c": Splat(A, GetAttribute(Index(GetAttribute(SplatElement(), "b"), Literal(0)), "c"), True),
    "a[*].b[*].c": Splat(A, Splat(GetAttribute(SplatElement(), "b"), GetAttribute(SplatElement(), "c"), True), True),
    "a.*.b[0]": Index(Splat(A, GetAttribute(SplatElement(), "b"), False), Literal(0)),
    "a.*.0": Splat(A, Index(SplatElement(), Literal(0)), False),
    "f(a, b...)": Call("f", (A, B), expand=True),
    "f(\n  a,\n)": Call("f", (A,)),
    "provider::aws::f()": Call("provider::aws::f", ()),
    "[a, b,]": Tuple((A, B)),
    '{ a = b, "c" : d, (e) = a\n 5 = b }': Object(
        ((text("a"), B), (text("c"), D), (E, A), (Literal(5), B)),
    ),
    "{ null = a, true = b }": Object(((text("null"), A), (text("true"), B))),
    "[for a, b in c : b if a]": ForTuple("a", "b", C, B, A),
    "{for a in b : a => c...}": ForObject(None, "a", B, A, C, None, True),
    '"${a}"': Template((A,)),
    '"  ${~ a}"': Template(("", A)),
    '"a ${~ a ~} b"': Template(("a", A, "b")),
    '"%{ if a ~} x %{ else }y%{ endif }"': Template((TemplateIf(A, ("x ",), ("y",)),)),
    '"%{ for a, b in c }${b}%{ endfor }"': Template((TemplateFor("a", "b", C, (B,)),)),
    r'"\n\t\"\\\u00e9\U0001F600$${a}%%{b}$"': text('\n\t"\\é😀${a}%{b}$'),
    '"$$$${a}"': text("$$${a}"),
    '"${"${"a"}"}"': Template((Template((text("a"),)),)),
}


@pytest.mark.parametrize("written", EXPRESSIONS)
def test_expression(written: str) -> None:
    """Every form of expression becomes the tree that Terraform makes of it."""
    assert EXPRESSIONS[written] == expression(written)
    assert EXPRESSIONS[written] == parse_expression(written, "--var")


HEREDOCS = {
    "<<-EOT\n    x\n\n      y\n   \n    z\n    EOT": "x\n\n  y\n   \nz\n",
    "<<EOT\n  x\n  EOT  ": "  x\n",
    "<<EOT\nEOT": "",
    "<<-EOT\n\tx\n\t  y\n\tEOT": "x\n  y\n",
    '<<EOT\n$${x} %%{y} \\n "q" $ % $$ %%\nEOT': '${x} %{y} \\n "q" $ % $$ %%\n',
    "<<-EOT\n  x EOT\n  EOT y\n  EOT": "x EOT\nEOT y\n",
}


@pytest.mark.parametrize("written", HEREDOCS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_heredoc(written: str, line_end: str) -> None:
    """A heredoc keeps its line ends; `<<-` takes off what its least indented line has, blank lines aside."""
    assert text(HEREDOCS[written].replace("\n", line_end)) == expression(written.replace("\n", line_end))


def test_heredoc_that_begins_with_an_interpolation_has_no_indentation() -> None:
    """An interpolation at a line's start counts as a line without indentation."""
    assert Template((A, "\n  y\n")) == expression("<<-EOT\n${a}\n  y\n  EOT")


def test_strip_marker_takes_one_line_of_a_heredoc() -> None:
    """`~}` takes the rest of its line and the line end; the next line keeps its indentation."""
    expected = Template(("  x ", TemplateIf(A, ("    y\n",), ()), "   z\n"))
    assert expected == expression("<<EOT\n  x %{ if a ~}\n    y\n  %{~ endif ~}\n   z\nEOT")


def test_template_file() -> None:
    """A template file knows no backslash escapes and ends without a line end of its own."""
    assert Template(('\\n "', A, '" ${b}\nz')) == parse_template('\\n "${a}" $${b}\nz', "a.tftpl")
    assert Template(()) == parse_template("", "a.tftpl")
    assert isinstance(parse_template("%{ if a }", "a.tftpl"), Broken)


def test_blocks() -> None:
    """Labels may be quoted or bare; a one-line block holds one argument; empty blocks may stand on one line."""
    file = read('resource aws_x "y" {\n  a = 1\n  b { c = 2 }\n  d {}\n}\nlocals {\n}\n')
    assert () == file.problems
    resource, other = file.body.blocks
    assert ("resource", ("aws_x", "y")) == (resource.type, resource.labels)
    assert Literal(1) == resource.body.attributes["a"].expression
    b, d = resource.body.blocks
    assert Literal(2) == b.body.attributes["c"].expression
    assert ({}, ()) == (d.body.attributes, d.body.blocks)
    assert ("locals", {}) == (other.type, other.body.attributes)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_spans_count_characters(line_end: str) -> None:
    """Columns count characters, whatever they take in bytes, and lines end at the line feed."""
    written = '# é\nb "ü" {\n  ä = "é${var.x}"\n}\n'.replace("\n", line_end)
    block = read(written).body.blocks[0]
    assert (2, 1, 2, 6) == (block.span.line, block.span.column, block.span.end_line, block.span.end_column)
    assert (2, 1, 4, 2) == (block.whole.line, block.whole.column, block.whole.end_line, block.whole.end_column)
    attribute = block.body.attributes["ä"]
    assert (3, 3, 3, 4) == (
        attribute.span.line,
        attribute.span.column,
        attribute.span.end_line,
        attribute.span.end_column,
    )
    assert (3, 18) == (attribute.whole.end_line, attribute.whole.end_column)
    template = attribute.expression
    assert isinstance(template, Template)
    reference = template.parts[1]
    assert isinstance(reference, GetAttribute)
    assert (3, 11, 3, 16) == (
        reference.span.line,
        reference.span.column,
        reference.span.end_line,
        reference.span.end_column,
    )


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
