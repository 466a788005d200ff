"""HCL's native syntax, read as Terraform reads it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hcl_trees import expression, read, text

from cognito_lint.terraform.reader import parse_expression, parse_template
from cognito_lint.terraform.syntax import (
    Binary,
    Broken,
    Call,
    Conditional,
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
