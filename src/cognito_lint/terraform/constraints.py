"""Type constraints of variables, and the defaults of their optional attributes.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from cognito_lint.terraform.access import attribute
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.elements import Element, any_of
from cognito_lint.terraform.identities import NamedSite, short
from cognito_lint.terraform.syntax import Call, Expression, Literal, Object, Template, Tuple, Variable
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Collection, ObjectType, TupleType, Type
from cognito_lint.terraform.unification import settled
from cognito_lint.terraform.values import (
    MAX_NESTING,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    is_null,
    lift,
    map_leaves,
    object_of,
    rebuilt,
    type_of,
)
from cognito_lint.worlds import Split, choose, holds

_PRIMITIVES = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_COLLECTIONS = frozenset({"list", "set", "map"})
Evaluate = Callable[[Expression], Result]


@dataclass(frozen=True, slots=True)
class Defaults:
    """Defaults of a constraint: `values` by attribute, and the defaults inside attributes and elements.

    `children` are those of an object's attributes or a tuple's places (`"0"`); under `""` those of every element.
    """

    values: Mapping[str, Result] = field(default_factory=dict)
    children: Mapping[str, Defaults] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.children)


@dataclass(frozen=True, slots=True)
class Constraint:
    """What `type = …` asks for."""

    type: Type = ANY
    defaults: Defaults = field(default_factory=Defaults)
    shape: Type | None = None  # the type that the defaults were written in, where that is another

    def accept(self, result: Result) -> Result:
        """The value as the variable has it: defaults filled in first, then converted. Raises EvaluationError."""
        filled = _fill(result, self.shape or self.type, self.defaults, 0) if self.defaults else result
        return convert(filled, self.type)

    def with_defaults_of(self, other: Constraint) -> Constraint:
        """This type with the other's defaults."""
        return Constraint(self.type, other.defaults, other.type)


def parse(expression: Expression, evaluate: Evaluate) -> Constraint:
    """The constraint that an expression writes. `evaluate` gives the defaults' values.

    Raises EvaluationError for what is no type.
    """
    kind, defaults = _parse(expression, evaluate, 0)
    return Constraint(kind, defaults)


def _parse(expression: Expression, evaluate: Evaluate, depth: int) -> tuple[Type, Defaults]:
    if depth > MAX_NESTING:
        raise EvaluationError(f"the type is nested deeper than the bound of {MAX_NESTING}")
    word = _word(expression)
    if word in _PRIMITIVES:
        return _PRIMITIVES[word], Defaults()
    if word in {"list", "map"}:
        return Collection(word, ANY), Defaults()
    if not isinstance(expression, Call):
        raise EvaluationError(f'The keyword "{word}" is not a valid type specification.' if word else _NO_TYPE)
    if len(expression.arguments) != 1:
        raise EvaluationError(f"The {expression.name} type constructor requires one argument.")
    inner = expression.arguments[0]
    if expression.name in _COLLECTIONS:
        element, defaults = _parse(inner, evaluate, depth + 1)
        return Collection(expression.name, element), Defaults({}, {"": defaults} if defaults else {})
    if expression.name == "tuple" and isinstance(inner, Tuple):
        parsed = [_parse(item, evaluate, depth + 1) for item in inner.items]
        children = {str(place): defaults for place, (_, defaults) in enumerate(parsed) if defaults}
        return TupleType(tuple(kind for kind, _ in parsed)), Defaults({}, children)
    if expression.name == "object" and isinstance(inner, Object):
        return _parse_object(inner, evaluate, depth)
    raise EvaluationError(_NO_TYPE)


_NO_TYPE = (
    "A type specification is either a primitive type keyword (bool, number, string), "
    "or a complex type constructor call, like list(string)."
)


def _word(expression: Expression) -> str:
    """A bare word, or the same word in quotes as Terraform 0.11 wrote it."""
    if isinstance(expression, Variable):
        return expression.name
    if isinstance(expression, Template) and len(expression.parts) == 1 and isinstance(expression.parts[0], str):
        return expression.parts[0]
    return ""


def _parse_object(expression: Object, evaluate: Evaluate, depth: int) -> tuple[Type, Defaults]:
    attributes: dict[str, Type] = {}
    optional: set[str] = set()
    values: dict[str, Result] = {}
    children: dict[str, Defaults] = {}
    for key, constraint in expression.items:
        name = _word(key)
        if not name:
            raise EvaluationError("Object constructor map keys must be attribute names.")
        default: Expression | None = None
        if isinstance(constraint, Call) and constraint.name == "optional":
            if not 1 <= len(constraint.arguments) <= 2:
                raise EvaluationError("The optional modifier requires one or two arguments.")
            optional.add(name)
            default = constraint.arguments[1] if len(constraint.arguments) == 2 else None
            constraint = constraint.arguments[0]
        attributes[name], inner = _parse(constraint, evaluate, depth + 1)
        if inner:
            children[name] = inner
        if default is not None and not (isinstance(default, Literal) and default.value is None):
            values[name] = Constraint(attributes[name], inner).accept(evaluate(default))
    return ObjectType(attributes, frozenset(optional)), Defaults(values, children)


def _fill(result: Result, kind: Type, defaults: Defaults, depth: int) -> Result:
    """The value with the defaults of the attributes that it leaves out or sets to null."""
    if isinstance(result, Split):
        return map_leaves(lambda leaf: _fill(leaf, kind, defaults, depth), result)
    if isinstance(result, UnknownValue):
        return _fill_unknown(result, kind, defaults, depth)
    if result.data is None or depth > MAX_NESTING:
        return result
    if isinstance(kind, ObjectType) and isinstance(result.data, Mapping):
        return _fill_object(result, kind, defaults, depth)
    if isinstance(kind, TupleType) and isinstance(result.data, tuple) and len(result.data) == len(kind.elements):
        return rebuilt(
            result,
            (
                _fill(item, element, defaults.children.get(str(place), Defaults()), depth + 1)
                for place, (item, element) in enumerate(zip(result.data, kind.elements, strict=True))
            ),
        )
    if isinstance(kind, Collection) and "" in defaults.children:
        return _fill_elements(result, kind, defaults.children[""], depth)
    return result


def _fill_unknown(result: UnknownValue, kind: Type, defaults: Defaults, depth: int) -> UnknownValue:
    """The same in what is known of a value that is not: in an object's attributes, in a collection's entries that are
    sure to be there, and in any element."""
    if result.error or depth > MAX_NESTING:
        return result
    if isinstance(kind, ObjectType) and (result.type == ANY or isinstance(result.type, ObjectType)):
        return replace(result, entries=_filled(_attributes(result, kind), kind, defaults, depth))
    if not isinstance(kind, Collection) or "" not in defaults.children:
        return result

    def filled(value: Result) -> Result:
        return _fill(value, kind.element, defaults.children[""], depth + 1)

    def element(name: str) -> Element:
        one = any_of(result, name, NamedSite("", result.subject.text))
        value = filled(one.value)
        is_set = isinstance(result.type, Collection) and result.type.kind == "set"
        return Element(value if is_set else one.key, value, one.included, (one,), changed)

    # another value than the one without the defaults, and each module has its own
    subject = replace(result.subject, key=f"{result.subject.key} with {short(repr(defaults))}")
    entries = result.entries and {name: filled(entry) for name, entry in result.entries.items()}
    changed = replace(result, subject=subject, entries=entries, element=element)
    return changed


def _attributes(result: UnknownValue, kind: ObjectType) -> dict[str, Result]:
    """What an object that is not known has under the names that a type asks for."""
    found = dict(result.entries or {})
    for name in sorted(kind.attributes.keys() - found.keys()):
        with suppress(EvaluationError):  # its own type has no such attribute
            found[name] = attribute(result, name, NamedSite("", result.subject.text))
    return found


def _fill_elements(result: Known, kind: Collection, defaults: Defaults, depth: int) -> Result:
    if isinstance(result.data, Mapping):
        filled = {key: _fill(item, kind.element, defaults, depth + 1) for key, item in result.data.items()}
        return object_of(filled, result.trace)
    if isinstance(result.data, tuple):
        items = tuple(_fill(item, kind.element, defaults, depth + 1) for item in result.data)
        return Known(TupleType(tuple(type_of(item) for item in items)), items, result.trace)
    return result


def _fill_object(result: Known, kind: ObjectType, defaults: Defaults, depth: int) -> Known:
    assert isinstance(result.data, Mapping)  # noqa: S101 - the caller has looked
    return object_of(_filled(result.data, kind, defaults, depth), result.trace)


def _filled(attributes: Mapping[str, Result], kind: ObjectType, defaults: Defaults, depth: int) -> dict[str, Result]:
    filled = dict(attributes)
    for name, default in defaults.values.items():
        filled[name] = _or_default(filled.get(name), default, kind.attributes[name])
    for name, inner in defaults.children.items():
        if name in filled:
            filled[name] = _fill(filled[name], kind.attributes[name], inner, depth + 1)
    return filled


def _or_default(given: Result | None, default: Result, kind: Type) -> Result:
    """The attribute where it is given and not null, else the default."""
    if given is None or is_null(given):
        return default

    def one(value: Plain) -> Result:
        if isinstance(value, Known):
            return default if value.data is None else value
        if not value.nullable or value.error:
            return value
        return _unless_null(value, default, kind)

    return map_leaves(one, given)


def _unless_null(value: UnknownValue, default: Result, kind: Type) -> Result:
    converted = lift(lambda leaf: convert(leaf, settled(kind)), replace(value, nullable=False))
    return choose(holds(value.subject, "null"), lambda: default, lambda: converted)
