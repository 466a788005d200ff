"""One template: its sections, and whether it is one at all. Between the stages "read" and "resolve"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cognito_lint.cloudformation.nodes import EMPTY, Entry, ListNode, MapNode, Node, ScalarNode, mapping, text_of
from cognito_lint.cloudformation.parameters import Parameters
from cognito_lint.cloudformation.source import Repetition
from cognito_lint.model import MissingModule, Problem, Span

POOL = "AWS::Cognito::UserPool"
RISK = "AWS::Cognito::UserPoolRiskConfigurationAttachment"
NESTED_STACK = "AWS::CloudFormation::Stack"
STACK_SET = "AWS::CloudFormation::StackSet"
APPLICATION = "AWS::Serverless::Application"
MODULE = "::MODULE"
LOOP = "Fn::ForEach::"
_CHANGED = ("Resources", "Conditions", "Mappings", "Parameters")
_UNNAMED = "without a name"
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
_NOT_TEMPLATES = ("apiVersion", "$schema", "typeName", "swagger", "openapi")


@dataclass(frozen=True, eq=False)
class Template:
    """A template's root. `files` are the paths of every file that it was put together from.

    `may_read` are files that its text names, which are read if somebody asks for what stands there.

    `calls_nothing`: its text names no kind of nested stack, so that its resources need not be looked through.
    `speaks_to_us`: our name stands somewhere in its text. `missing` and `problems` are the parts that are not at hand
    and may hold pools. `given` is what the files themselves give its parameters.
    """

    path: str
    root: MapNode
    files: set[str]
    repetitions: dict[Repetition, None] = field(default_factory=dict)
    calls_nothing: bool = False
    speaks_to_us: bool = False
    missing: tuple[MissingModule, ...] = ()
    problems: tuple[Problem, ...] = ()
    given: Mapping[str, Node] = field(default_factory=dict)
    may_read: frozenset[str] = frozenset()
    _by_types: dict[tuple[str, ...], tuple[tuple[str, Entry], ...] | None] = field(default_factory=dict)

    def section(self, name: str) -> MapNode | None:
        """A top-level mapping."""
        return mapping(self.root.get(name))

    @cached_property
    def parameters(self) -> Parameters:
        """The declared parameters."""
        return Parameters(self.root.get("Parameters"))

    @cached_property
    def transforms(self) -> tuple[str, ...]:
        """The names of the transforms of the whole template and of whole sections: each may change what stands beside
        it."""
        node = self.root.get("Transform")
        items = node.items if isinstance(node, ListNode) else (node,) if node is not None else ()
        names = (item if isinstance(item, ScalarNode) else mapping(item) and _name(item) for item in items)
        found = tuple(text_of(name) or _UNNAMED for name in names)
        for place in (self.root, *map(self.section, _CHANGED)):
            inside = place.get("Fn::Transform") if place is not None else None
            if inside is not None:
                found += (text_of(_name(inside)) or _UNNAMED,)
        return found

    def plain_resources(self, types: tuple[str, ...]) -> tuple[tuple[str, Entry], ...] | None:
        """The resources of the given types, if no loop makes any: found once, however often the template is called."""
        if types not in self._by_types:
            entries = (self.section("Resources") or EMPTY).entries
            looped = any(key.startswith(LOOP) for key in entries)
            found = () if looped else tuple(one for one in entries.items() if _is_literally(one[1].node, types))
            self._by_types[types] = None if looped else found
        return self._by_types[types]

    @property
    def macro(self) -> str | None:
        """The first transform that is not AWS's own: it may change anything."""
        return next((name for name in self.transforms if not name.startswith("AWS::")), None)

    @property
    def includes(self) -> bool:
        """Whether text from elsewhere is put into the template's top level."""
        return "AWS::Include" in self.transforms

    def included(self) -> Iterator[tuple[str, Span]]:
        """What AWS::Include or a macro puts among the resources from elsewhere: what its text says, and where."""
        top = self.root.get("Transform")
        resources = self.section("Resources")
        bodies = [mapping(node) for _, node in resources or ()]
        for node in (
            *(top.items if isinstance(top, ListNode) else (top,)),
            resources and resources.get("Fn::Transform"),
            *(body.get("Fn::Transform") for body in bodies if body is not None and body.get("Type") is None),
        ):
            found = mapping(node)
            if found is not None:
                parameters = mapping(found.get("Parameters"))
                location = text_of(parameters.get("Location")) if parameters else None
                yield location or text_of(found.get("Name")) or "an unnamed macro", found.span

    @property
    def extended(self) -> bool:
        """Whether the language extensions (`Fn::ForEach`, …) are on."""
        return LANGUAGE_EXTENSIONS in self.transforms


def is_of(kind: str, types: tuple[str, ...]) -> bool:
    """Whether a type is one of those that are asked for; MODULE stands for those of any module."""
    return kind in types or (MODULE in types and kind.endswith(MODULE))


def _is_literally(node: Node, types: tuple[str, ...]) -> bool:
    found = mapping(node)
    kind = text_of(found.get("Type")) if found else None
    return kind is not None and is_of(kind, types)


def _name(node: Node | None) -> Node | None:
    found = mapping(node)
    return found.get("Name") if found else None


def is_template(root: Node) -> bool:
    """Whether a document is a template: it has resources with types, and is not a look-alike."""
    found = mapping(root)
    if found is None or any(found.get(key) is not None for key in _NOT_TEMPLATES):
        return False
    resources = mapping(found.get("Resources"))
    return resources is not None and any(_is_resource(key, node) for key, node in resources)


def _is_resource(key: str, node: Node) -> bool:
    if key.startswith(LOOP):
        return isinstance(node, ListNode)
    if key == "Fn::Transform":
        return True
    found = mapping(node)
    return found is not None and (text_of(found.get("Type")) is not None or found.get("Fn::Transform") is not None)
