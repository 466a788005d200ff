"""Snapshots: what `aws cognito-idp describe-user-pool` answers becomes a user pool."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from cognito_lint.discover import TERRAFORM_SUFFIXES, Inventory, json_inputs
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.inputs import Inputs
from cognito_lint.json_source import JsonError, JsonNode, clean, scan_stream
from cognito_lint.model import ABSENT, CUSTOM_AUTH_TRIGGERS, NO, Problem, Span, Step, Unit, Unknown, UserPool, Value
from cognito_lint.work import ALONE, Work

_MENTION = b'"UserPool"'
_IN_EVERY_ANSWER = b'"EstimatedNumberOfUsers"'
_OTHER_INPUT = (*TERRAFORM_SUFFIXES, ".yaml", ".yml", ".template")
_TELLTALE = re.compile(r'"UserPool"\s*:\s*\{\s*"(?:Id|Name|Arn|Policies|LambdaConfig)"\s*:')


def units(
    inventory: Inventory,
    repository: Repository,
    inputs: Inputs,  # noqa: ARG001
    work: Work = ALONE,
) -> tuple[Unit, ...]:
    """One unit for each snapshot among the inventory's files."""
    paths = [path for path in json_inputs(inventory, _OTHER_INPUT) if repository.mentions(path, (_MENTION,))]
    found = work.each(partial(_unit, repository=repository), paths, shown=str, failed=_failed)
    return tuple(unit for unit in found if unit is not None)


def _failed(path: str, reason: str) -> Unit | None:
    return Unit(path, "snapshot", problems=(Problem(Span(path), reason),), files=frozenset({path}))


def _unit(path: str, repository: Repository) -> Unit | None:
    """The unit of one file: an answer, several one after the other, or a list of them; None if it is something else."""
    try:
        text = repository.text(path)
    except UnreadableError as error:
        return _unreadable(path, repository, error)
    answers: list[JsonNode] = []
    problems: list[Problem] = []
    try:
        for node in scan_stream(text, path):
            answers += node.elements() if isinstance(node.value, list) else (node,)
    except JsonError as error:
        if not _TELLTALE.search(text):
            return None
        message = f"this snapshot cannot be read: {error.message}"
        advice = "write it again with aws cognito-idp describe-user-pool --output json"
        problems.append(Problem(error.span, message, advice))
    pools = tuple(_pool(node, path) for answer in answers for node in _user_pools(answer))
    if not pools and not problems:
        return None
    return Unit(path, "snapshot", pools, tuple(problems), files=frozenset({path}))


def _unreadable(path: str, repository: Repository, error: UnreadableError) -> Unit | None:
    """The unit of a file that looks like an answer and is too large, or no text; the key alone makes none of it."""
    text = repository.rough_text(path)
    if _TELLTALE.search(text) if text is not None else repository.mentions(path, (_IN_EVERY_ANSWER,)):
        return Unit(path, "snapshot", problems=(Problem(error.span, error.message),), files=frozenset({path}))
    return None


def _user_pools(answer: JsonNode) -> Iterator[JsonNode]:
    node = answer.get("UserPool")
    # a template's `{"UserPool": {"Type": …}}` is none
    if (
        node is not None
        and isinstance(node.value, dict)
        and {"Id", "Name"} & set(node.value)
        and "Type" not in node.value
    ):
        yield node


def _pool(node: JsonNode, path: str) -> UserPool:
    header, address = node.span, "user pool"
    for name in ("Name", "Id"):
        found = node.get(name)
        if found is not None and isinstance(found.value, str):
            header, address = found.span, clean(found.value)
    name = node.value.get("Name")
    block = node.get("UserPoolAddOns")
    return UserPool(
        address=address,
        kind="snapshot",
        unit=path,
        span=header,
        anchor=block.span if block is not None else header,
        mode=_field(node, "UserPoolAddOns", "AdvancedSecurityMode"),
        tier=_field(node, "UserPoolTier"),
        custom_auth_mode=_field(node, "UserPoolAddOns", "AdvancedSecurityAdditionalFlows", "CustomAuthMode"),
        custom_auth_triggers=_triggers(node),
        label=clean(name) if isinstance(name, str) and name != address else None,
    )


def _field(node: JsonNode, *path: str) -> Value:
    found: JsonNode | None = node
    for name in path:
        if found is None or found.value is None:
            return ABSENT
        if not isinstance(found.value, dict):
            return _odd(found.span)
        found = found.get(name)
    if found is None or found.value is None:
        return ABSENT
    if not isinstance(found.value, str):
        return _odd(found.span)
    return Value(clean(found.value), (Step(found.span, "reported here"),))


def _odd(span: Span) -> Value:
    return Value(Unknown("the snapshot is not as AWS writes it there"), (Step(span, "reported here"),))


def _triggers(node: JsonNode) -> Value:
    for trigger in CUSTOM_AUTH_TRIGGERS:
        field = _field(node, "LambdaConfig", trigger)
        if field.content:
            return Value(True, field.trace)
    return NO
