"""Values that are not decided, and what is known of a result all the same."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_lint import spaces
from cognito_lint.terraform.functions import Context
from cognito_lint.terraform.identities import NamedSite
from cognito_lint.terraform.types import STRING
from cognito_lint.terraform.values import Known, UnknownValue, plain
from cognito_lint.worlds import Subject

SITE = NamedSite("site", "the expression")
CONTEXT = Context(SITE)


def unknown(name: str, of=STRING, *, nullable: bool = True, outcomes: tuple[str, ...] | None = None) -> UnknownValue:
    return UnknownValue(of, f"{name} has no value", Subject(name, name, outcomes), nullable)


def data_of(value):
    """A wholly known plain value (see resolve_deep) as Python data: numbers stay int or Decimal."""
    if not isinstance(value, Known):
        raise TypeError("an unknown value has no data")
    if isinstance(value.data, tuple):
        return [data_of(plain(element)) for element in value.data]
    if isinstance(value.data, Mapping):
        return {key: data_of(plain(element)) for key, element in value.data.items()}
    return value.data


def of_worlds(result) -> dict[tuple[str, ...], object]:
    """The data of every world by its assumptions; an unknown leaf by its subject's text."""
    return {
        world.when: world.value.subject.text if isinstance(world.value, UnknownValue) else data_of(world.value)
        for world in spaces.worlds(result)
    }


ENV = unknown("var.env")
