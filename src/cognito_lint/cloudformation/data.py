"""What an expression of a template can be while it is evaluated: part of the stage "resolve"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from cognito_lint.cloudformation.nodes import Node, ScalarNode
from cognito_lint.model import Scalar, Span, Step, Trace, Unknown, Value
from cognito_lint.worlds import Choice, Subject, boolean, both, holds

_FOREIGN = re.compile(r"\$\{(?:self|opt|env|file|param|sls|ssm|s3|cf|aws|custom)[:(](?!:)|\{\{")
DYNAMIC_REFERENCE = "{{resolve:"


@dataclass(frozen=True, slots=True)
class OpenText:
    """A text around one open subject, which is none of `excluded`: what a parameter without a value gives."""

    subject: Subject
    reason: str
    prefix: str = ""
    suffix: str = ""
    excluded: frozenset[str] = frozenset()

    def inner(self, text: str) -> str | None:
        """What the subject must be for the whole to be `text`; None if it cannot be."""
        if len(text) < len(self.prefix) + len(self.suffix):
            return None
        if not text.startswith(self.prefix) or not text.endswith(self.suffix):
            return None
        inner = text[len(self.prefix) : len(text) - len(self.suffix)]
        return None if inner in self.excluded else inner

    def unknown(self) -> Unknown:
        """The value for those who cannot follow the subject."""
        return Unknown(self.reason, frozenset(self.prefix + text + self.suffix for text in self.excluded))


@dataclass(frozen=True, slots=True)
class Failure:
    """CloudFormation would stop here: no world, unless every world is one."""

    message: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, evaluated."""

    entries: tuple[tuple[str, Datum], ...]

    def get(self, key: str) -> Datum | None:
        """The last entry of that key."""
        return next((datum for name, datum in reversed(self.entries) if name == key), None)


Content: TypeAlias = "Scalar | Unknown | OpenText | Failure | Table | tuple[Datum, ...] | None"


@dataclass(frozen=True, slots=True)
class Datum:
    """The content in one world and the way it came. None is AWS::NoValue, or a property that is not there.

    `written` is the source of an unquoted YAML Boolean such as OFF. `resource` is the address of the one whose id an
    Unknown is: nobody knows the id before deployment, but whose it is.
    """

    content: Content
    trace: Trace = field(default=(), compare=False)
    written: str | None = None
    resource: str | None = None

    def passed(self, span: Span, text: str) -> Datum:
        """The same, one step further."""
        return replace(self, trace=(*self.trace, Step(span, text)))


NOTHING = Datum(None)


def scalar(node: ScalarNode) -> Datum:
    """A literal of the template."""
    return as_written(Datum(node.content, (Step(node.span, "decided here"),), node.written))


def as_written(datum: Datum) -> Datum:
    """The text itself, or Unknown if somebody else than CloudFormation's functions puts another in its place."""
    content = datum.content
    if not isinstance(content, str) or ("{{" not in content and "${" not in content):
        return datum
    if DYNAMIC_REFERENCE in content:
        reason = f"the dynamic reference {content} is resolved only at deployment"
    elif _FOREIGN.search(content):
        reason = f"another tool puts a value in for {content}"
    else:
        return datum
    return replace(datum, content=Unknown(reason))


def unknown(reason: str, node: Node, resource: str | None = None) -> Datum:
    """Something that the files do not decide."""
    return Datum(Unknown(reason), (Step(node.span, "not decided here"),), resource=resource)


def text(content: Scalar) -> str:
    """A scalar as CloudFormation writes it into a string."""
    if isinstance(content, bool):
        return "true" if content else "false"
    return str(content)


def is_scalar(content: Content) -> bool:
    """Whether the content is text, a number or a Boolean."""
    return isinstance(content, str | bool | int | float)


def concatenated(parts: Sequence[Datum], node: Node) -> Datum:
    """The parts as one text; with one open part it can still be compared, with more it is unknown."""
    whole: str | OpenText = ""
    written: str = ""  # as far as unquoted Booleans keep their spelling
    trace: list[Step] = []
    for part in parts:
        content = part.content
        if isinstance(content, Failure):
            return part
        if isinstance(content, Unknown):
            return part if len(parts) == 1 else Datum(Unknown(content.reason), part.trace)
        trace += [step for step in part.trace if step not in trace]
        if isinstance(content, OpenText):
            if isinstance(whole, OpenText):
                return Datum(Unknown(content.reason), part.trace)
            whole = replace(content, prefix=whole + content.prefix)
        elif content is None:
            return Datum(Unknown("no documentation says what AWS::NoValue is inside a text"), part.trace)
        elif isinstance(content, str | bool | int | float):
            written += part.written or text(content)
            if isinstance(whole, OpenText):
                whole = replace(whole, suffix=whole.suffix + text(content))
            else:
                whole += text(content)
        else:
            return Datum(Failure("a list or a mapping stands where text is needed", node.span), part.trace)
    if isinstance(whole, OpenText):
        around = as_written(Datum(f"{whole.prefix}…{whole.suffix}", tuple(trace)))
        return around if isinstance(around.content, Unknown) else Datum(whole, tuple(trace))
    return as_written(Datum(whole, tuple(trace), written if written != whole else None))


class Question:
    """A comparison as a subject of its own, named only if it comes to that: most are decided without."""

    __slots__ = ("_make", "subject")

    def __init__(self, make: Callable[[], Subject]) -> None:
        self._make = make
        self.subject: Subject | None = None

    def answer(self) -> Choice[bool]:
        """Whether the comparison holds, left open."""
        if self.subject is None:
            self.subject = self._make()
        return holds(self.subject, "true")


def equal(one: Datum, other: Datum, asked: Question) -> Choice[bool]:
    """`Fn::Equals`: texts are compared, case counts. What cannot be decided is `asked`."""
    a, b = one.content, other.content
    if isinstance(b, OpenText) and not isinstance(a, OpenText):
        a, b, one, other = b, a, other, one
    if isinstance(a, OpenText):
        return _open_equal(a, b, asked)
    if isinstance(a, tuple) and isinstance(b, tuple):
        if len(a) != len(b):
            return False
        answer: Choice[bool] = True
        for x, y in zip(a, b, strict=True):
            answer = both(answer, equal(x, y, asked))
        return answer
    if isinstance(a, str | bool | int | float) and isinstance(b, str | bool | int | float):
        if text(a) == text(b):
            return True
        # YAML 1.1 reads an unquoted OFF as false; whether CloudFormation then compares "false" or "OFF" is not
        # documented, so where the two differ neither is taken.
        spellings = {one.written or text(a), text(a)} & {other.written or text(b), text(b)}
        return asked.answer() if spellings else False
    return asked.answer()  # CloudFormation compares texts alone, and stops at a list


def _open_equal(a: OpenText, b: Content, asked: Question) -> Choice[bool]:
    if isinstance(b, OpenText):
        if a.subject == b.subject and (a.prefix, a.suffix) == (b.prefix, b.suffix):
            return True
        return asked.answer()
    if isinstance(b, str | bool | int | float):
        inner = a.inner(text(b))
        return False if inner is None else holds(a.subject, inner)
    return asked.answer()


def question(key: str, words: str) -> Subject:
    """A question of its own: a comparison that nothing in the template decides. After conditions, before parameters."""
    return boolean(f"2 {key}", words)


def to_value(datum: Datum) -> Value:
    """The model's value of a property that holds a scalar."""
    content = as_written(datum).content
    if isinstance(content, OpenText):
        content = content.unknown()
    if isinstance(content, Failure):
        content = Unknown(content.message)
    if isinstance(content, tuple | Table):
        content = Unknown("it is a list or a mapping where a single value is needed")
    return Value(content, datum.trace)
