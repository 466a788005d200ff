"""Plans and states, as `terraform show -json` writes them, become user pools (read and resolve, in one stage: Terraform
has evaluated everything already).

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from cognito_lint.discover import TERRAFORM_SUFFIXES, Inventory, json_inputs
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.inputs import Inputs
from cognito_lint.json_source import JsonError, JsonNode, scan
from cognito_lint.model import NO, YES, Kind, Problem, RiskConfiguration, Span, Step, Unit, Unknown, UserPool, Value
from cognito_lint.terraform.plan_references import Configuration
from cognito_lint.terraform.planned import Resource, of_change, of_module, of_state_file
from cognito_lint.terraform.provider import ADD_ONS, CUSTOM_AUTH_TRIGGERS, POOL, RISK_CONFIGURATION
from cognito_lint.work import ALONE, Work

_MENTION = f'"{POOL}"'.encode()
_CONFIGURATION_SUFFIXES = (*TERRAFORM_SUFFIXES, ".yaml", ".yml")
_TELLTALE = re.compile(r'"(?:resource_changes|planned_values|terraform_version|format_version)"\s*:')
_BEGINNING = re.compile(rb'\s*\{\s*"(?:format_version|version|terraform_version)"\s*:')
_ENOUGH = 1_000
_LOG = re.compile(r'\s*\{\s*"@level"')
_SHOW = "write its JSON: terraform show -json plan.tfplan"


def units(
    inventory: Inventory,
    repository: Repository,
    inputs: Inputs,  # noqa: ARG001
    work: Work = ALONE,
) -> tuple[Unit, ...]:
    """One unit for each plan or state with user pools among the inventory's files."""
    paths = [
        path
        for path in json_inputs(inventory, _CONFIGURATION_SUFFIXES)
        if repository.mentions(path, (_MENTION,)) or (path in inventory.named and _seems_one(path, repository))
    ]
    found = work.each(partial(_unit, repository=repository), paths, shown=str, failed=_failed)
    return tuple(unit for unit in found if unit is not None)


def _failed(path: str, reason: str) -> Unit | None:
    return Unit(path, "terraform-plan", problems=(Problem(Span(path), reason),), files=frozenset({path}))


def _seems_one(path: str, repository: Repository) -> bool:
    """Whether a file without a word of user pools is a plan or state by its first bytes: it may have been cut short."""
    try:
        data = repository.read(path)
    except UnreadableError:
        return False
    start = data[:_ENOUGH]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start[2:].replace(b"\0", b"")
    return _is_stored(data) or _BEGINNING.match(start.removeprefix(codecs.BOM_UTF8)) is not None


def _is_stored(data: bytes) -> bool:
    """Whether it is what `terraform plan -out` writes: an archive with a member of this name."""
    return data.startswith(b"PK\3\4") and b"tfplan" in data


def _unit(path: str, repository: Repository) -> Unit | None:
    found = _read(path, repository)
    if isinstance(found, Problem):
        return Unit(path, "terraform-plan", problems=(found,), files=frozenset({path}))
    return found


def _read(path: str, repository: Repository) -> Unit | Problem | None:
    """What a file holds; why it cannot be had; None where it is something else."""
    try:
        if _is_stored(repository.read(path)):
            return Problem(Span(path), "this plan is as terraform plan -out writes it, for Terraform alone", _SHOW)
        text = repository.text(path)
    except UnreadableError as error:
        # it speaks of a pool and is too large, or no text: not to be passed over
        return Problem(error.span, error.message)
    try:
        root = scan(text, path)
    except JsonError as error:
        if _LOG.match(text):
            return Problem(Span(path), "these are the log lines of Terraform's -json, which hold no values", _SHOW)
        if not _TELLTALE.search(text):
            return None
        message = f"this plan or state cannot be read: {error.message}"
        return Problem(error.span, message, "write it again with terraform show -json")
    kind = _kind(root.value)
    if kind is None:
        if f'"{POOL}"' in text and _is_old_state(root.value):
            return Problem(Span(path), "this state is of Terraform 0.11 or older", "write it with terraform show -json")
        return None
    top = {member.key: member.node for member in root.members()}
    resources = _resources(root, top, kind)
    pools = [resource for resource in resources if resource.type == POOL]
    risks = [resource for resource in resources if resource.type == RISK_CONFIGURATION]
    joined, possible = Configuration(root.value.get("configuration")).join(risks, pools)
    return Unit(
        path,
        kind,
        tuple(_pool(pool, kind, path, joined.get(pool.address, ()), possible.get(pool.address, ())) for pool in pools),
        tuple(_problems(top)),
        files=frozenset({path}),
    )


def _kind(value: Any) -> Kind | None:
    """What the JSON is, told by its content."""
    if not isinstance(value, dict):
        return None
    if "format_version" in value and ("planned_values" in value or "resource_changes" in value):
        return "terraform-plan"
    values = value.get("values")
    if "format_version" in value and isinstance(values, dict) and "root_module" in values:
        return "terraform-state"
    if value.get("version") == 4 and isinstance(value.get("resources"), list) and "terraform_version" in value:
        return "terraform-state"
    return None


def _is_old_state(value: Any) -> bool:
    """Whether it is a state file before version 4, whose attributes are written in another way."""
    return isinstance(value, dict) and value.get("version") in (1, 2, 3) and isinstance(value.get("modules"), list)


def _problems(top: Mapping[str, JsonNode]) -> Iterator[Problem]:
    errored = top.get("errored")
    if errored is not None and errored.value is True:
        yield Problem(
            errored.span, "the plan ended in an error, so it is not whole", "plan again once the error is mended"
        )


def _resources(root: JsonNode, top: Mapping[str, JsonNode], kind: Kind) -> list[Resource]:
    """Every managed resource of the two types, each address once."""
    found: dict[str, Resource] = {}
    for resource in _state(root, top) if kind == "terraform-state" else _changes(top):
        if resource.type in (POOL, RISK_CONFIGURATION):
            found.setdefault(resource.address, resource)
    if kind == "terraform-plan":
        # what is not to change: all where the plan only refreshes, what is no target where it has some
        prior = top.get("prior_state")
        for values in (top.get("planned_values"), prior.get("values") if prior is not None else None):
            if values is not None and not _addresses(values.value) <= found.keys():
                module = values.get("root_module")
                for resource in of_module(module) if module is not None else ():
                    if resource.type in (POOL, RISK_CONFIGURATION):
                        found.setdefault(resource.address, resource)
    return list(found.values())


def _addresses(values: Any) -> set[str]:
    """The addresses of the managed resources of the two types in `planned_values` or a state's `values`."""
    addresses: set[str] = set()
    modules = [values.get("root_module")] if isinstance(values, dict) else []
    while modules:
        module = modules.pop()
        if not isinstance(module, dict):
            continue
        children, resources = module.get("child_modules"), module.get("resources")
        modules += children if isinstance(children, list) else []
        for resource in resources if isinstance(resources, list) else ():
            if (
                isinstance(resource, dict)
                and resource.get("mode") == "managed"
                and resource.get("type") in (POOL, RISK_CONFIGURATION)
            ):
                addresses.add(str(resource.get("address", "")))
    return addresses


def _state(root: JsonNode, top: Mapping[str, JsonNode]) -> Iterable[Resource]:
    values = top.get("values")
    module = values.get("root_module") if values is not None else None
    return of_module(module) if module is not None else of_state_file(root)


def _changes(top: Mapping[str, JsonNode]) -> Iterator[Resource]:
    for entry in _objects(top.get("resource_changes")):
        if entry.value.get("type") in (POOL, RISK_CONFIGURATION) and (resource := of_change(entry)) is not None:
            yield resource
    for deferral in _objects(top.get("deferred_changes")):
        entry_node = deferral.get("resource_change")
        if entry_node is None or not isinstance(entry_node.value, dict):
            continue
        reason = str(deferral.value.get("reason", "unknown")).replace("_", " ")
        if (resource := of_change(entry_node, reason)) is not None:
            yield resource


def _objects(node: JsonNode | None) -> Iterator[JsonNode]:
    if node is not None:
        yield from (element for element in node.elements() if isinstance(element.value, dict))


def _pool(pool: Resource, kind: Kind, path: str, risks: Iterable[Resource], possible: Iterable[Resource]) -> UserPool:
    block = pool.block(ADD_ONS)
    return UserPool(
        address=pool.address,
        kind=kind,
        unit=path,
        span=pool.span,
        anchor=block.span if block is not None else pool.span,
        mode=pool.field(ADD_ONS, "advanced_security_mode"),
        deployed=_deployed(pool),
        tier=pool.field("user_pool_tier"),
        custom_auth_mode=pool.field(ADD_ONS, "advanced_security_additional_flows", "custom_auth_mode"),
        custom_auth_triggers=_triggers(pool),
        risk_configurations=(*map(_risk, risks), *map(_possible, possible)),
    )


def _deployed(resource: Resource) -> Value:
    """Whether the instance stands once the plan is applied."""
    here = resource.span
    if resource.actions and set(resource.actions) <= {"delete", "forget"}:
        text = "the plan destroys it" if "delete" in resource.actions else "the plan lets go of it"
        return Value(False, (Step(here, text),))
    if resource.deferred == "instance count unknown":
        reason = "the plan defers it: how many instances there are is known only after apply"
        return Value(Unknown(reason), (Step(here, "deferred"),))
    return YES


def _triggers(pool: Resource) -> Value:
    fields = [pool.field("lambda_config", trigger) for trigger in CUSTOM_AUTH_TRIGGERS]
    for field in fields:
        if isinstance(field.content, str) and field.content:
            return Value(True, field.trace)
    # a function that is still to be created has an ARN that is known only after apply: the trigger is there
    _, unknown = pool.find("lambda_config")
    for field in fields:
        if isinstance(field.content, Unknown):
            return field if unknown is True or pool.unknown is True else Value(True, field.trace)
    return NO


def _risk(risk: Resource) -> RiskConfiguration:
    credentials = "compromised_credentials_risk_configuration"
    takeover = ("account_takeover_risk_configuration", "actions")
    return RiskConfiguration(
        address=risk.address,
        span=risk.span,
        deployed=_deployed(risk),
        client=risk.field("client_id"),
        compromised_credentials=risk.field(credentials, "actions", "event_action"),
        events=risk.names(credentials, "event_filter"),
        high=risk.field(*takeover, "high_action", "event_action"),
        medium=risk.field(*takeover, "medium_action", "event_action"),
        low=risk.field(*takeover, "low_action", "event_action"),
    )


def _possible(risk: Resource) -> RiskConfiguration:
    """One that may belong to another pool: nothing of it is known of this one, but which client it is for."""
    unknown = Value(Unknown("the plan does not say which pool it belongs to"), (Step(risk.span, "not known here"),))
    return RiskConfiguration(
        address=risk.address,
        span=risk.span,
        deployed=unknown if _deployed(risk).content is not False else NO,
        client=risk.field("client_id"),
        compromised_credentials=unknown,
        events=unknown,
        high=unknown,
        medium=unknown,
        low=unknown,
    )
