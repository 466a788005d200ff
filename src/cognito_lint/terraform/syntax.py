"""The syntax tree of Terraform's language, whichever reader made it: HCL native syntax, its JSON form, python-hcl2.

Trees are compared, and shown, without their spans.
https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md names the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from cognito_lint.model import Problem, Span

if TYPE_CHECKING:
    from cognito_lint.json_source import JsonMember

_NOWHERE = Span("")


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, `true`, `false` or `null`. Strings are templates."""

    value: int | Decimal | bool | None
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Template:
    """A quoted string or heredoc: texts (escapes and heredoc indentation done, strip markers applied) and parts.

    One text, or none, is a plain string; a single interpolation and nothing else passes its value on unchanged. An
    empty text stands beside an interpolation that a strip marker left alone: the result is a string all the same.
    """

    parts: tuple[TemplatePart, ...]
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TemplateIf:
    """`%{ if }…%{ else }…%{ endif }`."""

    condition: Expression
    then: tuple[TemplatePart, ...]
    otherwise: tuple[TemplatePart, ...]
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TemplateFor:
    """`%{ for key, value in collection }…%{ endfor }`."""

    key: str | None
    value: str
    collection: Expression
    body: tuple[TemplatePart, ...]
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Variable:
    """The first word of a traversal: `var`, `local`, `each`, a resource type, a `for` variable."""

    name: str
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GetAttribute:
    """`source.name`."""

    source: Expression
    name: str
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Index:
    """`source[key]`, and the old `source.0`."""

    source: Expression
    key: Expression
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Splat:
    """`source[*]…` (`full`) or `source.*…`. `each` is what is taken of every element: its innermost source is
    SplatElement. `.*` takes attributes alone; what follows `[*]` up to the end of the traversal belongs to it."""

    source: Expression
    each: Expression
    full: bool
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SplatElement:
    """The element at hand inside a Splat's `each`."""

    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`name(arguments)`; `expand` where the last argument ends in `...`. `name` keeps `provider::aws::f`'s colons."""

    name: str
    arguments: tuple[Expression, ...]
    expand: bool = False
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`-operand` or `!operand`."""

    operator: str
    operand: Expression
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Tuple:
    """`[a, b]`."""

    items: tuple[Expression, ...]
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Object:
    """`{ key = value }`. A bare word as a key is a Template of that one text; `(key)` is the expression itself."""

    items: tuple[tuple[Expression, Expression], ...]
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ForTuple:
    """`[for key, value in collection : result if condition]`."""

    key: str | None
    value: str
    collection: Expression
    result: Expression
    condition: Expression | None
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ForObject:
    """`{for key, value in collection : result_key => result if condition}`; `grouped` where `...` follows."""

    key: str | None
    value: str
    collection: Expression
    result_key: Expression
    result: Expression
    condition: Expression | None
    grouped: bool
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """An expression that cannot be read, or that Terraform would refuse: `reason` completes "…, because …"."""

    reason: str
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


Expression: TypeAlias = (
    Literal
    | Template
    | Variable
    | GetAttribute
    | Index
    | Splat
    | SplatElement
    | Call
    | Unary
    | Binary
    | Conditional
    | Tuple
    | Object
    | ForTuple
    | ForObject
    | Broken
)
TemplatePart: TypeAlias = str | Expression | TemplateIf | TemplateFor


@dataclass(frozen=True)
class Attribute:
    """`name = expression`. The expression is made when it is first asked for: most of a module never is.

    In the JSON form `make_blocks` makes blocks with that many labels of the same value, and `make_literal` reads it
    without templates.
    """

    name: str
    make: Callable[[], Expression] = field(repr=False)
    span: Span  # the name
    whole: Span  # name to end of the expression
    make_literal: Callable[[], Expression] | None = field(default=None, repr=False)
    make_blocks: Callable[[int], tuple[Block, ...]] | None = field(default=None, repr=False)

    @cached_property
    def expression(self) -> Expression:
        return self.make()

    @cached_property
    def literal(self) -> Expression:
        """The value where Terraform gives it nothing to refer to (a tfvars file, a variable's default, a module's
        source): a string of the JSON form is no template there."""
        return self.make_literal() if self.make_literal is not None else self.expression


@dataclass(frozen=True)
class Block:
    """`type "label" { … }`. `span` is its header, `whole` reaches to the closing brace."""

    type: str
    labels: tuple[str, ...]
    make: Callable[[], Body] = field(repr=False)
    span: Span
    whole: Span

    @cached_property
    def body(self) -> Body:
        return self.make()


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between braces, or in a file. A name written twice is an error that `problems` holds; the last wins.

    In the JSON form what is an attribute and what a block depends on who asks: `blocks_of` there makes blocks of an
    attribute's value on demand, and `blocks` holds none of them. `comments` are what stands there under "//".
    """

    attributes: Mapping[str, Attribute]
    blocks: tuple[Block, ...]
    span: Span
    problems: tuple[Problem, ...] = ()
    json: bool = False
    comments: tuple[JsonMember, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """One file as read. `problems` hold its syntax errors; what could be read around them is in `body`.

    `comments` are those of the JSON form, wherever in the file they stand, if our name stands in it.
    """

    path: str
    body: Body
    problems: tuple[Problem, ...] = ()
    comments: tuple[JsonMember, ...] = ()


def blocks_of(body: Body, block_type: str, labels: int = 0) -> tuple[Block, ...]:
    """The blocks of one type in either form; `labels` says how many labels such a block has."""
    if not body.json:
        return tuple(block for block in body.blocks if block.type == block_type)
    attribute = body.attributes.get(block_type)
    if attribute is None or attribute.make_blocks is None:
        return ()
    return attribute.make_blocks(labels)
