"""Which user pool a risk configuration of a plan belongs to: by its id, or by what the configuration refers to where
the id is known only after apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cognito_lint.terraform.planned import Resource

_MAX_HOPS = 50
_POOL_REFERENCE = re.compile(r"aws_cognito_user_pool\.([^.\[]+)")
_KEY = re.compile(r"\[(?:\"(?:[^\"\\]|\\.)*\"|[0-9]+)\]")
_WORD = re.compile(r"^(var|local|module)\.([^.\[]+)(?:\[[^\]]*\])?(?:\.([^.\[]+))?")


class Configuration:
    """The `configuration` of a plan; a state has none."""

    def __init__(self, configuration: Any) -> None:
        self._root = _mapping(_mapping(configuration).get("root_module"))

    def join(self, risks: list[Resource], pools: list[Resource]) -> dict[str, list[Resource]]:
        """The risk configurations of each pool, by the pool's address."""
        joined: dict[str, list[Resource]] = {}
        ids = {identity: pool for pool in pools if isinstance(identity := pool.field("id").content, str)}
        for risk in risks:
            identity = risk.field("user_pool_id").content
            pool = ids.get(identity) if isinstance(identity, str) else self._referred(risk, pools)
            if pool is not None:
                joined.setdefault(pool.address, []).append(risk)
        return joined

    def _referred(self, risk: Resource, pools: list[Resource]) -> Resource | None:
        """The one pool that the risk configuration's `user_pool_id` leads to; None where that is not one."""
        path = _names(risk.module)
        for entry in _list(self._module(path).get("resources")):
            if _mapping(entry).get("type") == risk.type and _mapping(entry).get("name") == risk.name:
                expression = _mapping(_mapping(entry).get("expressions")).get("user_pool_id")
                targets = set(self._follow(path, expression, [_MAX_HOPS]))
                found = [pool for pool in pools if (_names(pool.module), pool.name) in targets]
                return _nearest(risk, found)
        return None

    def _module(self, path: tuple[str, ...]) -> Mapping[str, Any]:
        module = self._root
        for name in path:
            module = _mapping(_mapping(_mapping(module.get("module_calls")).get(name)).get("module"))
        return module

    def _follow(self, path: tuple[str, ...], expression: Any, hops: list[int]) -> Iterator[tuple[tuple[str, ...], str]]:
        """The pools, as module path and name, that an expression in the module at `path` refers to."""
        for reference in _list(_mapping(expression).get("references")):
            hops[0] -= 1
            if hops[0] < 0 or not isinstance(reference, str):
                return
            pool = _POOL_REFERENCE.match(reference)
            if pool is not None:
                yield path, pool.group(1)
                continue
            word = _WORD.match(reference)
            if word is None:
                continue
            kind, name, output = word.groups()
            if kind == "var" and path:
                call = _mapping(_mapping(self._module(path[:-1]).get("module_calls")).get(path[-1]))
                yield from self._follow(path[:-1], _mapping(call.get("expressions")).get(name), hops)
            elif kind == "module" and output:
                outputs = _mapping(self._module((*path, name)).get("outputs"))
                yield from self._follow((*path, name), _mapping(outputs.get(output)).get("expression"), hops)


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
