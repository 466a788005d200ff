"""What a resource's configuration says of its attributes: the known part of a value that Terraform completes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cognito_lint import worlds
from cognito_lint.terraform import blocks
from cognito_lint.terraform.configuration import Declaration
from cognito_lint.terraform.expressions import Evaluator, Names
from cognito_lint.terraform.identities import NamedSite, derived, object_subject
from cognito_lint.terraform.provider import ADD_ONS, POOL
from cognito_lint.terraform.types import ANY
from cognito_lint.terraform.values import (
    EvaluationError,
    Plain,
    Result,
    UnknownValue,
    failure,
    is_null,
    list_of,
    map_leaves,
)
from cognito_lint.worlds import Choice

if TYPE_CHECKING:
    from cognito_lint.terraform.scope import Instance

_META = frozenset({"count", "for_each", "depends_on", "provider", "lifecycle", "dynamic", "connection", "provisioner"})


class Attributes(Mapping[str, Result]):
    """What a resource's configuration says of its attributes, each evaluated when it is first asked for."""

    __hash__ = object.__hash__

    def __init__(
        self, instance: Instance, text: str, declaration: Declaration, names: Names, exists: Choice[bool]
    ) -> None:
        self._exists = exists
        self._instance = instance
        self._text = text
        self._declaration = declaration
        self._evaluator = Evaluator(instance, names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Attributes) and (self._instance, self._text) == (other._instance, other._text)

    def __contains__(self, name: object) -> bool:
        return name in self._attribute_names() or name in self._block_types()

    def __iter__(self) -> Iterator[str]:
        return iter({**self._attribute_names(), **self._block_types()})

    def __len__(self) -> int:
        return sum(1 for _ in self)  # len((*self,)) would ask for the length first, for ever

    def _attribute_names(self) -> dict[str, None]:
        names = (name for body in self._declaration.layers for name in body.attributes)
        return dict.fromkeys(name for name in names if name not in _META)

    def _block_types(self) -> dict[str, None]:
        """The nested block types; of a user pool's add-ons it is known too that there are none."""
        found: dict[str, None] = {ADD_ONS: None} if self._text.startswith(f"{POOL}.") else {}
        for body in self._declaration.layers:
            for block in body.blocks:
                found[block.labels[0] if block.type == "dynamic" and block.labels else block.type] = None
        return {name: None for name in found if name not in _META}

    def __getitem__(self, name: str) -> Result:
        if name not in self:
            raise KeyError(name)
        attribute = self._declaration.attribute(name)
        text = f"{self._text}.{name}"
        if attribute is None or name == ADD_ONS:
            return self._instance.attribute(text, self._exists, lambda: self._blocks(name))
        expression = attribute.expression
        return self._instance.attribute(
            text,
            self._exists,
            lambda: map_leaves(lambda leaf: self._given(name, leaf), self._evaluator.evaluate(expression)),
        )

    def _given(self, name: str, leaf: Plain) -> Result:
        """The configured value; null is as good as absent: the provider may fill it in."""
        if not is_null(leaf):
            return leaf
        text = f"{self._text}.{name}"
        whole = UnknownValue(ANY, "", object_subject(self._instance.key, self._text), nullable=False)
        reason = f"{text} is known only when Terraform runs"
        return derived(ANY, f"attribute {name}", (whole,), NamedSite(text, text), nullable=True, reason=reason)

    def _blocks(self, name: str) -> Result:
        """A nested block type is a list of objects."""

        def gather(found: blocks.Blocks) -> Result:
            if isinstance(found, blocks.Refused):
                return failure(EvaluationError(found.reason))
            return list_of((self._block(name, place, nested) for place, nested in enumerate(found.nested)), ANY)

        return worlds.lift(gather, blocks.expand(self._evaluator, self._declaration.layers, name))

    def _block(self, name: str, place: int, nested: blocks.Nested) -> Result:
        known = {key: nested.argument(key) for body in nested.layers for key in body.attributes}
        text = f"{self._text}.{name}[{place}]"
        entries = {key: value for key, value in known.items() if value is not None}
        return UnknownValue(
            ANY,
            f"{text} is known only when Terraform runs",
            object_subject(self._instance.key, text),
            nullable=False,
            entries=entries,
        )
