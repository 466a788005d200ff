"""What `module.x` and `aws_x.y` stand for: the outputs and objects of one instance or of several.

https://developer.hashicorp.com/terraform/language/expressions/references
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cognito_lint import worlds
from cognito_lint.terraform.attributes import Attributes
from cognito_lint.terraform.configuration import Declaration
from cognito_lint.terraform.identities import NamedSite, Site, derived, object_subject
from cognito_lint.terraform.keys import Key, suffix
from cognito_lint.terraform.repetition import Keys, Repetition
from cognito_lint.terraform.types import ANY
from cognito_lint.terraform.values import (
    EvaluationError,
    Known,
    Result,
    UnknownValue,
    in_worlds,
    null,
    object_of,
    tuple_of,
)

if TYPE_CHECKING:
    from cognito_lint.terraform.scope import Instance

_WORDS = {"data": "data source", "ephemeral": "ephemeral resource"}


def module(instance: Instance, name: str, steps: Sequence[str | Result], site: Site) -> tuple[Result, int]:
    """What `module.name` and the steps after it stand for in a module instance, and how many steps that took: the
    name is the first. Raises EvaluationError for an instance or output that there is not."""
    call = instance.configuration.calls.get(name)
    if call is None:
        return instance.nothing(f"module.{name}", f"the module call {name} is not declared"), 1
    if instance.directory_of(name) is None:
        instance.deployment.depended.add(f"{instance.address}module.{name}")
        return instance.nothing(f"module.{name}", f"the module {name} is not on disk"), 1
    repetition = instance.repetition(f"module.{name}", call)
    if not repetition.several:
        there = repetition.exists(None)
        if there is True and len(steps) > 1 and isinstance(steps[1], str):
            return _child_output(instance, name, None, steps[1]), 2
        return worlds.choose(there, lambda: _outputs(instance, name, None), null), 1
    key = _key(steps[1]) if len(steps) > 2 else None
    output = steps[2] if len(steps) > 2 else None
    if key is None or not isinstance(output, str):
        return _instances(instance, repetition, site, lambda at: _outputs(instance, name, at)), 1
    return _one(instance, repetition, key, lambda at: _child_output(instance, name, at, output)), 3


def resource(
    instance: Instance, name: str, declaration: Declaration | None, steps: Sequence[str | Result]
) -> tuple[Result, int]:
    """What a resource or data source stands for, and how many of the steps after its name that took. Raises
    EvaluationError for an instance that there is not."""
    if declaration is None:
        return instance.nothing(name, f"{name} is not declared"), 0
    repetition = instance.repetition(name, declaration)
    if not repetition.several:
        there = repetition.exists(None)
        return worlds.choose(there, lambda: _object(instance, name, declaration, None, repetition), null), 0
    if steps and isinstance(steps[0], str):  # refused before anything is evaluated, so no `try` catches it
        return instance.nothing(name, f"{name} has several instances, and {name}.{steps[0]} names none of them"), 1
    key = _key(steps[0]) if steps else None

    def make(at: Key) -> Result:
        return _object(instance, name, declaration, at, repetition)

    if key is not None:
        return _one(instance, repetition, key, make), 1
    return _instances(instance, repetition, NamedSite(f"{instance.key}{name}", name), make), 0


def _child_output(instance: Instance, name: str, key: Key, output: str) -> Result:
    """One output of an instance. Raises EvaluationError, which `try` catches, for one that is not declared."""
    child = instance.child(name, key)
    if child is None:
        return instance.nothing(f"module.{name}.{output}", f"the module {name} is not on disk")
    configuration = child.configuration
    if output not in configuration.outputs and not configuration.problems:
        raise EvaluationError(f'Unsupported attribute: {child.address[:-1]} has no output "{output}".')
    return child.output(output)


def _outputs(instance: Instance, name: str, key: Key) -> Result:
    child = instance.child(name, key)
    if child is None:
        return instance.nothing(f"module.{name}", f"the module {name} is not on disk")
    return object_of({output: child.output(output) for output in child.configuration.outputs})


def _one(instance: Instance, repetition: Repetition, key: Key, make: Callable[[Key], Result]) -> Result:
    """The instance with a key. Raises EvaluationError where there is none."""

    def pick(leaf: object) -> Result:
        if not isinstance(leaf, Keys):
            reason = repetition.open_reason() or "its instances are not known"
            instance.budget.doubts.note(instance.nothing(f"instance {repetition.name}{suffix(key)}", reason))
        elif key not in leaf.keys:
            raise EvaluationError(f"Invalid index: there is no {repetition.name}{suffix(key)}.")
        return make(key)

    return in_worlds(pick, repetition.expansion)


def _instances(instance: Instance, repetition: Repetition, site: Site, make: Callable[[Key], Result]) -> Result:
    """All instances as one value: a tuple by index or an object by key."""

    def gather(leaf: object) -> Result:
        if isinstance(leaf, Keys):
            if repetition.by_name:
                return object_of({str(key): make(key) for key in leaf.keys})
            return tuple_of(make(key) for key in leaf.keys)
        reason = repetition.open_reason() or repetition.refusal or "its instances are not known"
        return derived(ANY, f"instances {instance.key}{repetition.name}", (), site, reason=reason)

    return worlds.lift(gather, repetition.expansion)


def _object(instance: Instance, name: str, declaration: Declaration, key: Key, repetition: Repetition) -> Result:
    text = f"{name}{suffix(key)}"
    word = _WORDS.get(name.partition(".")[0], "resource")
    reason = f"the {word} {name} is known only when Terraform runs"
    attributes = Attributes(instance, text, declaration, repetition.names(key), repetition.exists(key))
    return UnknownValue(ANY, reason, object_subject(instance.key, text), nullable=False, entries=attributes)


def _key(step: str | Result) -> Key:
    """The instance key that an index is, if it is known."""
    if isinstance(step, Known) and isinstance(step.data, (int, str)) and not isinstance(step.data, bool):
        return step.data
    return None
