"""`count`, `for_each` and OpenTofu's `enabled`: which instances of a resource or module there are, in every world.

https://developer.hashicorp.com/terraform/language/meta-arguments/count and …/for_each
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cognito_lint import worlds
from cognito_lint.model import Span, Step
from cognito_lint.terraform import access, elements
from cognito_lint.terraform.configuration import Declaration
from cognito_lint.terraform.conversion import convert, expand
from cognito_lint.terraform.elements import Element
from cognito_lint.terraform.expressions import Evaluator, Names
from cognito_lint.terraform.identities import Site, derived, identity
from cognito_lint.terraform.keys import STAR, Key
from cognito_lint.terraform.lifecycle import enabled
from cognito_lint.terraform.operators import truth
from cognito_lint.terraform.syntax import Attribute
from cognito_lint.terraform.traces import with_step
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Collection, Type
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    leaves,
    lift,
    null,
    number,
    object_of,
    string,
)
from cognito_lint.worlds import Choice, TooManyWorldsError

MAX_INSTANCES = 2_000


@dataclass(frozen=True, slots=True)
class Keys:
    """The instances are known: `(None,)` for the only one of what is not repeated."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """How many instances there are is not known. `exists` says whether there is any."""

    reason: str
    exists: Choice[bool] = True


@dataclass(frozen=True, slots=True)
class Refused:
    """Terraform refuses the argument."""

    reason: str


Expansion: TypeAlias = "Keys | Open | Refused"
_ONE = Keys((None,))


class Repetition:
    """The instances of one declaration. `several` where it has a count or for_each; else there is one at most."""

    def __init__(
        self, evaluator: Evaluator, declaration: Declaration, name: str, *, refused: str | None = None
    ) -> None:
        self.name = name
        self._evaluator = evaluator
        self._value: Result | None = None
        self._attribute: Attribute | None = None
        self._one: Choice[Element] | None = None
        self.expansion: Choice[Expansion] = _ONE
        self.span: Span = declaration.block.span
        count, each, switch = declaration.attribute("count"), declaration.attribute("for_each"), enabled(declaration)
        attribute = count or each  # as Terraform chooses where an override file brings the second one
        argument = attribute or switch
        self.by_name = attribute is not None and attribute is each
        self.several = attribute is not None
        if refused is not None:
            self.expansion = Refused(refused)
        elif any({"count", "for_each"} <= body.attributes.keys() for body in declaration.layers):
            self.expansion = Refused('The "count" and "for_each" meta-arguments are mutually-exclusive.')
        elif attribute is not None and switch is not None:
            self.span = switch.expression.span
            self.expansion = Refused('"enabled" cannot be used together with "count" or "for_each".')
        elif argument is not None:
            self._attribute = attribute
            self.expansion = self._expand(argument)

    def _expand(self, attribute: Attribute) -> Choice[Expansion]:
        self.span = attribute.expression.span
        site = self._evaluator.site(self.span)
        try:
            value = self._evaluator.evaluate(attribute.expression)
            if not self.several:
                return worlds.lift(_enabled_keys, lift(_switch, value))
            if self.by_name:
                self._value = value
                return worlds.lift(lambda leaf: _each_keys(leaf, site), value)
            counted = lift(_count_leaf, value)
            return worlds.lift(lambda leaf: _count_keys(leaf, site), counted)
        except EvaluationError as error:
            return Refused(str(error))
        except (BoundError, TooManyWorldsError) as error:
            self._value = None
            if not self.several:
                question = worlds.boolean(f"{site.key} enabled", site.text)
                return _only(worlds.holds(question, "true"))
            return Open(str(error))

    @property
    def refusal(self) -> str | None:
        """Why Terraform refuses the argument, in every world."""
        return self.expansion.reason if isinstance(self.expansion, Refused) else None

    def instances(self) -> list[Key]:
        """The keys of every world, each once, in their order; STAR stands for instances that are not known."""
        found: dict[Key, None] = {}
        for leaf in worlds.leaves(self.expansion):
            found.update(dict.fromkeys(leaf.keys if isinstance(leaf, Keys) else (STAR,)))
        if self.refusal is None and self.open_reason() is None:
            found.pop(STAR, None)  # a world that Terraform refuses has no instances
        return sorted(found, key=_order)

    def listed(self) -> list[Key]:
        """The instances to report of. Where there is none in any world, what is declared stands as not deployed."""
        return self.instances() or [None]

    def exists(self, key: Key) -> Choice[bool]:
        """Whether there is an instance with this key."""

        def one(leaf: Expansion) -> Choice[bool]:
            if isinstance(leaf, Keys):
                return key in leaf.keys
            if isinstance(leaf, Open):
                return leaf.exists if key == STAR else False
            return key == STAR

        there = worlds.lift(one, self.expansion)
        if key == STAR and self.by_name:
            return worlds.both(there, worlds.lift(lambda any_one: any_one.included, self._any()))
        return there

    def possible(self) -> Choice[bool]:
        """Where Terraform does not refuse the argument."""
        return worlds.lift(lambda leaf: not isinstance(leaf, Refused), self.expansion)

    def open_reason(self) -> str | None:
        """Why instances are not known, in some world."""
        return next((leaf.reason for leaf in worlds.leaves(self.expansion) if isinstance(leaf, Open)), None)

    def names(self, key: Key) -> Names:
        """What `count` or `each` stands for in an instance."""
        if not self.several or self._attribute is None:
            return {}
        site = self._evaluator.site(self.span)
        step = Step(self.span, "repeated over this")
        if not self.by_name:
            index: Result = number(key) if isinstance(key, int) else self._star(NUMBER, "count.index", site)
            return {"count": object_of({"index": index})}
        if key == STAR or self._value is None or not isinstance(key, str):
            name: Result = worlds.lift(lambda one: one.key, self._any())
            value: Result = worlds.lift(lambda one: one.value, self._any())
            return {"each": object_of({"key": name, "value": with_step(value, step)})}
        element: Result = worlds.lift(lambda leaf: _element(leaf, key, site), self._value)
        return {"each": object_of({"key": string(key, (step,)), "value": with_step(element, step)})}

    def _star(self, kind: Type, text: str, site: Site) -> UnknownValue:
        reason = self.open_reason() or self.refusal or f"{site.text} is not known"
        return derived(kind, f"{site.key} {text}", (), site, reason=reason)

    def open_element(self) -> Element | None:
        """What stands for each instance that is not known; None where there is none, or where it depends on more."""
        if not self.by_name or STAR not in self.instances():
            return None
        found = [one for one in worlds.leaves(self._any()) if any(link.collection is not None for link in one.lineage)]
        return found[0] if len(found) == 1 else None

    def _any(self) -> Choice[Element]:
        """Any instance of those that are not known, in every world."""
        if self._one is None:
            site = self._evaluator.site(self.span)
            self._one = self._star_element(site)  # whoever asks for it while it is made is answered with this
            if self._value is not None:
                self._one = worlds.lift(lambda leaf: self._of_leaf(leaf, site), self._value)
        return self._one

    def _of_leaf(self, leaf: Plain, site: Site) -> Element:
        if isinstance(leaf, UnknownValue) and not leaf.error:
            return elements.any_of(leaf, site.key, site)
        return self._star_element(site)

    def _star_element(self, site: Site) -> Element:
        reason = self.open_reason() or self.refusal or f"{site.text} is not known"
        kind: Type = ANY
        for leaf in leaves(self._value) if self._value is not None else ():
            if isinstance(leaf.type, Collection):
                kind = leaf.type.element
        value = derived(kind, f"{site.key} each.value", (), site, nullable=True, reason=reason)
        return Element(self._star(STRING, "each.key", site), value)


def _order(key: Key) -> tuple[int, int, str]:
    if isinstance(key, int):
        return (0, key, "")
    return (1, 0, key or "")


def _switch(value: Plain) -> Result:
    try:
        return convert(value, BOOL)
    except EvaluationError as error:
        raise EvaluationError("Invalid enabled argument: a bool is required.") from error


def _enabled_keys(value: Plain) -> Choice[Expansion]:
    if isinstance(value, UnknownValue) and value.error:
        return Refused(value.reason)
    if isinstance(value, Known) and value.data is None:
        return Refused("Invalid enabled argument: the given value is null, a bool is required.")
    return _only(truth(value))


def _only(there: Choice[bool]) -> Choice[Expansion]:
    return worlds.lift(lambda yes: _ONE if yes else Keys(()), there)


def _count_leaf(value: Plain) -> Result:
    try:
        converted = convert(value, NUMBER)
    except EvaluationError as error:
        raise EvaluationError("Invalid count argument: a number is required.") from error
    return lift(expand, converted)


def _count_keys(value: Plain, site: Site) -> Choice[Expansion]:
    if isinstance(value, UnknownValue):
        if value.error:
            return Refused(value.reason)
        return _open(value, f"{site.text} > 0")
    if not isinstance(value.data, int) or isinstance(value.data, bool):
        word = "null" if value.data is None else "a fraction"
        return Refused(f"Invalid count argument: the given value is {word}, a whole number is required.")
    if value.data < 0:
        return Refused("Invalid count argument: it must be greater than or equal to zero.")
    if value.data > MAX_INSTANCES:
        return Open(f"a count of {value.data:,} is larger than the bound of {MAX_INSTANCES:,}")
    return Keys(tuple(range(value.data)))


def _each_keys(value: Plain, site: Site) -> Choice[Expansion]:
    if isinstance(value, UnknownValue):
        if value.error:
            return Refused(value.reason)
        return _open(value, f"length({site.text}) > 0")
    if value.data is None:
        return Refused("Invalid for_each argument: the given value is null.")
    if isinstance(value.data, Mapping):
        keys: list[Key] = list(value.data)
        return _bounded(keys)
    is_set = isinstance(value.type, Collection) and value.type.kind == "set"
    if not isinstance(value.data, tuple) or not is_set:
        return Refused("Invalid for_each argument: it must be a map, or set of strings.")
    return worlds.lift(lambda *names: _set_keys(names), *value.data)


def _set_keys(names: tuple[Plain, ...]) -> Choice[Expansion]:
    keys: list[Key] = []
    for name in names:
        if isinstance(name, UnknownValue):
            if name.error:
                return Refused(name.reason)
            return Open(name.reason)
        if not isinstance(name.data, str):
            return Refused("Invalid for_each set argument: the set must hold strings that are not null.")
        keys.append(name.data)
    return _bounded(keys)


def _bounded(keys: list[Key]) -> Expansion:
    if len(keys) > MAX_INSTANCES:
        return Open(f"a for_each over {len(keys):,} elements is larger than the bound of {MAX_INSTANCES:,}")
    return Keys(tuple(keys))


def _open(value: UnknownValue, text: str) -> Open:
    question = worlds.boolean(identity("has elements", (value,)), text)
    return Open(value.reason, worlds.holds(question, "true"))


def _element(leaf: Plain, key: str, site: Site) -> Result:
    """What `each.value` is under a key; of instances that are not known, the element that would be there."""
    if isinstance(leaf, UnknownValue):
        is_set = isinstance(leaf.type, Collection) and leaf.type.kind == "set"
        return string(key, leaf.trace) if is_set else access.index(leaf, string(key), site)
    if isinstance(leaf, Known) and isinstance(leaf.data, Mapping):
        return leaf.data.get(key, null())
    if isinstance(leaf, Known) and isinstance(leaf.data, tuple):
        return string(key, leaf.trace)
    return null()
