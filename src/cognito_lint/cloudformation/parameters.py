"""The parameters of a template: what each may be, and what it is by default. Part of the stage "resolve"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cognito_lint.cloudformation.data import Datum
from cognito_lint.cloudformation.nodes import Entries, ListNode, MapNode, Node, ScalarNode, mapping, text_of
from cognito_lint.model import Span, Step

MAX_OUTCOMES = 200
_MOST_SHOWN = 10
_ALTERNATION = re.compile(r"\^?(?:\(\?:|\()?([\w .:/@-]*(?:\|[\w .:/@-]*)*)\)?\$?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter. `allowed` is its finite domain, if it has one; `default` what it is unless set."""

    name: str
    span: Span
    type: str
    default: Datum | None
    allowed: tuple[Datum, ...] | None
    shortest: int = 0
    longest: int | None = None

    @property
    def outcomes(self) -> tuple[str, ...] | None:
        """The finite domain of a single value, if it has one that can be followed."""
        if self.allowed is None or self.is_stored or self.is_list or self.has_many:
            return None
        return tuple(str_of(datum) for datum in self.allowed)

    @property
    def has_many(self) -> bool:
        """Whether it may take more values than are followed one by one."""
        return self.allowed is not None and len(self.allowed) > MAX_OUTCOMES

    @property
    def is_list(self) -> bool:
        """Whether its value is a list of texts, written with commas."""
        return self.type == "CommaDelimitedList" or self.type.startswith("List<")

    @property
    def is_stored(self) -> bool:
        """Whether its value is kept in the Systems Manager parameter store."""
        return self.type.startswith("AWS::SSM::Parameter::Value<")

    def accepts(self, value: str) -> bool:
        """Whether the value keeps to what the template declares, as far as this can be told."""
        if self.is_stored:
            return True
        parts = [part.strip() for part in value.split(",")] if self.is_list else [value]
        if self.allowed is not None:
            return all(any(part == str_of(datum) for datum in self.allowed) for part in parts)
        if self.is_list:
            return True
        if self.type == "Number" and not re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", value):
            return False
        return len(value) >= self.shortest and (self.longest is None or len(value) <= self.longest)

    @property
    def wanted(self) -> str:
        """What the template wants of a value, in words."""
        many = "one or more of" if self.is_list else "one of"
        if self.allowed is not None:
            shown = ", ".join(str_of(datum) for datum in self.allowed[:_MOST_SHOWN])
            return f"{many} {shown}" + (", …" if len(self.allowed) > _MOST_SHOWN else "")
        if self.type == "Number":
            return "a number"
        longest = "" if self.longest is None else f" and no more than {self.longest}"
        return f"at least {self.shortest}{longest} characters"


def str_of(datum: Datum) -> str:
    """The text of a literal datum."""
    content = datum.content
    if isinstance(content, bool):
        return "true" if content else "false"
    return str(content)


class Parameters(Mapping[str, Parameter]):
    """The parameters of a template's `Parameters` section, each read when first asked for."""

    __slots__ = ("_known", "_section")

    def __init__(self, section: Node | None) -> None:
        found = mapping(section)
        self._section: Entries = found.entries if found is not None else {}
        self._known: dict[str, Parameter] = {}

    def __getitem__(self, name: str) -> Parameter:
        known = self._known.get(name)
        if known is None:
            entry = self._section[name]
            if not isinstance(entry.node, MapNode):
                raise KeyError(name)
            known = self._known[name] = _parameter(name, entry.span, entry.node)
        return known

    def __iter__(self) -> Iterator[str]:
        return (name for name, entry in self._section.items() if isinstance(entry.node, MapNode))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _parameter(name: str, span: Span, node: MapNode) -> Parameter:
    kind = text_of(node.get("Type")) or "String"
    default_node = node.get("Default")
    default = _literal(default_node, "decided here") if default_node is not None else None
    allowed = _allowed(node)
    if default is not None and allowed is not None and not (kind == "CommaDelimitedList" or kind.startswith("List<")):
        # CloudFormation refuses a default outside AllowedValues: somebody must give another value
        default = next((default for one in allowed if str_of(one) == str_of(default)), None)
    return Parameter(
        name, span, kind, default, allowed, _number(node.get("MinLength")) or 0, _number(node.get("MaxLength"))
    )


def _allowed(node: MapNode) -> tuple[Datum, ...] | None:
    values = node.get("AllowedValues")
    if isinstance(values, ListNode):
        listed = {str_of(datum): datum for item in values.items if (datum := _literal(item, "allowed here"))}
        return tuple(listed.values()) or None
    pattern = node.get("AllowedPattern")
    written = text_of(pattern)
    if pattern is not None and written is not None and len(written) < 10_000:
        match = _ALTERNATION.fullmatch(written)
        if match and written.count("(") == written.count(")") and _plain(match.group(1)):
            step = (Step(pattern.span, "allowed here"),)
            return tuple(Datum(text, step) for text in dict.fromkeys(match.group(1).split("|")))
    return None


def _plain(alternatives: str) -> bool:
    """Whether the alternatives hold no character that a regular expression gives a meaning."""
    return "." not in alternatives


def _literal(node: Node, words: str) -> Datum | None:
    if not isinstance(node, ScalarNode) or node.content is None:
        return None
    return Datum(node.content, (Step(node.span, words),), node.written)


def _number(node: Node | None) -> int | None:
    content = node.content if isinstance(node, ScalarNode) else None
    if isinstance(content, int):
        return content
    return int(content) if isinstance(content, str) and content.isdecimal() and len(content) < 10 else None


def split_list(value: str, template: Datum) -> Datum:
    """The value of a list parameter: parts at the commas, without blanks around them."""
    return Datum(tuple(Datum(part.strip(), template.trace) for part in value.split(",")), template.trace)
