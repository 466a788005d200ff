"""Which user pool a risk configuration of a plan belongs to: by its id, or by what the configuration refers to where
the id is known only after apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cognito_lint.terraform.planned import Resource

_MAX_HOPS = 50
_INDEX = r"\[(?:\"(?:[^\"\\]|\\.)*\"|[0-9]+)\]"
_KEY = re.compile(_INDEX)
_POOL_REFERENCE = re.compile(rf"aws_cognito_user_pool\.([^.\[]+)({_INDEX})?")
_WORD = re.compile(rf"(var|module)\.([^.\[]+)({_INDEX})?(?:\.([^.\[]+))?")


class _Target(NamedTuple):
    """What a reference leads to: a pool's module path and name, and the instance keys that the way there names."""

    path: tuple[str, ...]
    name: str
    keys: tuple[str, ...]

    def is_met_by(self, pool: Resource) -> bool:
        """Whether the pool is one of those that are meant."""
        return (_names(pool.module), pool.name) == (self.path, self.name) and all(
            key in pool.address for key in self.keys
        )


class Configuration:
    """The `configuration` of a plan; a state has none."""

    def __init__(self, configuration: Any) -> None:
        self._root = _mapping(_mapping(configuration).get("root_module"))

    def join(
        self, risks: list[Resource], pools: list[Resource]
    ) -> tuple[dict[str, list[Resource]], dict[str, list[Resource]]]:
        """The risk configurations of each pool, by the pool's address, and those that may be the pool's: a plan does
        not say what a local value refers to."""
        joined: dict[str, list[Resource]] = {}
        possible: dict[str, list[Resource]] = {}
        ids = {identity: pool for pool in pools if isinstance(identity := pool.field("id").content, str)}
        for risk in risks:
            identity = risk.field("user_pool_id").content
            if isinstance(identity, str):
                if identity in ids:
                    joined.setdefault(ids[identity].address, []).append(risk)
                continue
            found = self._referred(risk, pools)
            one = _nearest(risk, found)
            if one is not None:
                joined.setdefault(one.address, []).append(risk)
                continue
            for pool in found or pools:
                possible.setdefault(pool.address, []).append(risk)
        return joined, possible

    def _referred(self, risk: Resource, pools: list[Resource]) -> list[Resource]:
        """The pools that the risk configuration's `user_pool_id` leads to."""
        path = _names(risk.module)
        for entry in _list(self._module(path).get("resources")):
            if _mapping(entry).get("type") == risk.type and _mapping(entry).get("name") == risk.name:
                expression = _mapping(_mapping(entry).get("expressions")).get("user_pool_id")
                each = _mapping(entry).get("for_each_expression")
                targets = set(self._follow(path, expression, [_MAX_HOPS], each))
                return [pool for pool in pools if any(target.is_met_by(pool) for target in targets)]
        return []

    def _module(self, path: tuple[str, ...]) -> Mapping[str, Any]:
        module = self._root
        for name in path:
            module = _mapping(_mapping(_mapping(module.get("module_calls")).get(name)).get("module"))
        return module

    def _follow(
        self, path: tuple[str, ...], expression: Any, hops: list[int], each: Any, keys: tuple[str, ...] = ()
    ) -> Iterator[_Target]:
        """What an expression in the module at `path` refers to; `each` is what `each.value` is taken from."""
        for reference in _longest(_list(_mapping(expression).get("references"))):
            hops[0] -= 1
            if hops[0] < 0:
                return
            pool = _POOL_REFERENCE.match(reference)
            if pool is not None:
                name, key = pool.groups()
                yield _Target(path, name, (*keys, f".{name}{key}") if key else keys)
                continue
            if reference.startswith("each.value"):
                yield from self._follow(path, each, hops, None, keys)
                continue
            word = _WORD.match(reference)
            if word is None:
                continue
            kind, name, key, output = word.groups()
            if kind == "var" and path:
                call = _mapping(_mapping(self._module(path[:-1]).get("module_calls")).get(path[-1]))
                argument = _mapping(call.get("expressions")).get(name)
                yield from self._follow(path[:-1], argument, hops, call.get("for_each_expression"), keys)
            elif kind == "module" and output:
                inner = _mapping(_mapping(self._module((*path, name)).get("outputs")).get(output)).get("expression")
                named = (*keys, f"module.{name}{key}.") if key else keys
                yield from self._follow((*path, name), inner, hops, None, named)


def _longest(references: list[Any]) -> list[str]:
    """The references without those that are the beginning of the one before, as a plan lists them too."""
    found: list[str] = []
    for reference in references:
        if isinstance(reference, str) and not (found and found[-1].startswith((f"{reference}.", f"{reference}["))):
            found.append(reference)
    return found


def _nearest(risk: Resource, pools: list[Resource]) -> Resource | None:
    """The one pool among several instances that goes with the risk configuration: same module instance, same key."""
    for candidates in (
        pools,
        [pool for pool in pools if pool.module == risk.module],
        [pool for pool in pools if pool.index == risk.index and pool.index is not None],
        [pool for pool in pools if pool.module == risk.module and pool.index == risk.index],
    ):
        if len(candidates) == 1:
            return candidates[0]
    return None


def _names(module: str) -> tuple[str, ...]:
    """The module's path without instance keys: `module.a["x"].module.b` is a, b."""
    return tuple(part for part in _KEY.sub("", module).split(".") if part)[1::2]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
