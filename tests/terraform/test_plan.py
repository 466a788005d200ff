"""Plans and states become user pools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cognito_lint.discover import discover
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
from cognito_lint.model import Unit, Unknown, UserPool
from cognito_lint.terraform import plan

POOL = "aws_cognito_user_pool"
RISK = "aws_cognito_risk_configuration"


def units(tmp_path: Path, document: object, *, encoding: str = "utf-8", name: str = "plan.json") -> tuple[Unit, ...]:
    text = document if isinstance(document, str) else json.dumps(document, indent=1)
    (tmp_path / name).write_bytes(text.encode(encoding))
    repository = Repository(tmp_path, ["."])
    return plan.units(discover(["."], repository), repository, Inputs())


def change(after: Any, unknown: Any = None, actions: tuple[str, ...] = ("create",), **more: Any) -> dict[str, Any]:
    entry = {"address": f"{POOL}.p", "mode": "managed", "type": POOL, "name": "p"}
    entry["change"] = {"actions": list(actions), "before": None, "after": after, "after_unknown": unknown or {}}
    return {**entry, **more}


def planned(*changes: Any, **more: Any) -> dict[str, Any]:
    return {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": list(changes), **more}


def add_ons(mode: str | None) -> dict[str, Any]:
    return {"name": "p", "user_pool_add_ons": [{"advanced_security_mode": mode}]}


def pool(tmp_path: Path, document: object) -> UserPool:
    ((one,),) = (unit.pools for unit in units(tmp_path, document))
    return one


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (add_ons("ENFORCED"), "ENFORCED"),
        (add_ons("AUDIT"), "AUDIT"),
        (add_ons(None), None),
        ({"user_pool_add_ons": []}, None),
        ({"user_pool_add_ons": None}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("actions", [("create",), ("update",), ("no-op",), ("delete", "create"), ("create", "delete")])
def test_mode_is_what_stands_after(tmp_path: Path, after: Any, expected: str | None, actions: tuple[str, ...]) -> None:
    """The mode is what the plan says will be, whatever it takes to come there."""
    found = pool(tmp_path, planned(change(after, actions=actions)))
    assert (expected, True) == (found.mode.content, found.deployed.content)
    assert ("terraform-plan", "aws_cognito_user_pool.p") == (found.kind, found.address)


@pytest.mark.parametrize(
    ("after", "unknown"),
    [
        (None, True),
        ({}, {"user_pool_add_ons": True}),
        ({"user_pool_add_ons": [{}]}, {"user_pool_add_ons": [{"advanced_security_mode": True}]}),
        ({"user_pool_add_ons": [{}]}, {"user_pool_add_ons": [True]}),
    ],
)
def test_what_is_known_only_after_apply_is_unknown(tmp_path: Path, after: Any, unknown: Any) -> None:
    """Unknown as a whole, the block, its element or the mode: never absent."""
    assert isinstance(pool(tmp_path, planned(change(after, unknown))).mode.content, Unknown)


@pytest.mark.parametrize("action", ["delete", "forget"])
def test_what_the_plan_takes_away_is_not_deployed(tmp_path: Path, action: str) -> None:
    """A pool that is destroyed or forgotten is listed as not deployed."""
    assert pool(tmp_path, planned(change(None, actions=(action,)))).deployed.content is False


def test_data_sources_and_deposed_objects_are_no_pools(tmp_path: Path) -> None:
    """Only what is managed counts, and its current object."""
    data = change(add_ons("OFF"), mode="data", address="data.aws_cognito_user_pool.p")
    deposed = change(None, actions=("delete",), deposed="abc")
    assert "ENFORCED" == pool(tmp_path, planned(data, deposed, change(add_ons("ENFORCED")))).mode.content


def test_deferred_change(tmp_path: Path) -> None:
    """A pool whose number of instances is not known may or may not be deployed."""
    deferred = [{"reason": "instance_count_unknown", "resource_change": change(add_ons("ENFORCED"))}]
    found = pool(tmp_path, planned(deferred_changes=deferred))
    assert "ENFORCED" == found.mode.content
    assert isinstance(found.deployed.content, Unknown)


def test_position(tmp_path: Path) -> None:
    """The trace points to the mode in the plan's text."""
    found = pool(tmp_path, planned(change(add_ons("AUDIT"))))
    span = found.mode.trace[0].span
    line = (tmp_path / "plan.json").read_text().splitlines()[span.line - 1]
    assert '"AUDIT"' == line[span.column - 1 : span.end_column - 1]


def test_other_properties(tmp_path: Path) -> None:
    """The tier, the flows of custom authentication and its triggers are read too."""
    flows = [{"custom_auth_mode": "AUDIT"}]
    after = {
        "user_pool_tier": "PLUS",
        "user_pool_add_ons": [{"advanced_security_mode": "ENFORCED", "advanced_security_additional_flows": flows}],
        "lambda_config": [{"define_auth_challenge": None}],
    }
    unknown = {"lambda_config": [{"define_auth_challenge": True}]}
    found = pool(tmp_path, planned(change(after, unknown)))
    assert ("PLUS", "AUDIT") == (found.tier.content, found.custom_auth_mode.content)
    assert found.custom_auth_triggers.content is True


def test_risk_configuration_is_joined_by_reference(tmp_path: Path) -> None:
    """Where the pool's id is known only after apply, the configuration's references lead to it through modules."""
    risk = change(
        {"account_takeover_risk_configuration": [{"actions": [{"high_action": [{"event_action": "BLOCK"}]}]}]},
        {"user_pool_id": True},
        address=f"module.risk.{RISK}.r",
        module_address="module.risk",
        type=RISK,
        name="r",
    )
    inner = change(add_ons("ENFORCED"), address=f"module.pool.{POOL}.p", module_address="module.pool")
    references = {"user_pool_id": {"references": ["var.id"]}}
    configuration = {
        "root_module": {
            "module_calls": {
                "pool": {"module": {"outputs": {"id": {"expression": {"references": [f"{POOL}.p.id", f"{POOL}.p"]}}}}},
                "risk": {
                    "expressions": {"id": {"references": ["module.pool.id", "module.pool"]}},
                    "module": {"resources": [{"type": RISK, "name": "r", "expressions": references}]},
                },
            }
        }
    }
    found = pool(
        tmp_path, planned(risk, inner, change(None, actions=("no-op",), type="x"), configuration=configuration)
    )
    assert ["BLOCK"] == [configuration.high.content for configuration in found.risk_configurations]


@pytest.mark.parametrize(
    ("references", "each", "expected"),
    [
        ([f'{POOL}.p["a"].id', f'{POOL}.p["a"]', f"{POOL}.p"], None, {"a": ["BLOCK"], "b": []}),
        (["each.value.id", "each.value"], [f'{POOL}.p["b"]', f"{POOL}.p"], {"a": [], "b": ["BLOCK"]}),
        (["each.value"], [f"{POOL}.p"], {"a": ["BLOCK"], "b": []}),
        (["local.id"], None, {"a": [None], "b": [None]}),
        ([f"{POOL}.q"], None, {"a": [None], "b": [None]}),
    ],
)
def test_risk_configuration_of_one_of_several_pools(
    tmp_path: Path, references: list[str], each: list[str] | None, expected: dict[str, list[str | None]]
) -> None:
    """A key in the reference or the own key chooses; a local value, which no plan writes, may be any of them."""
    risk = change(
        {"account_takeover_risk_configuration": [{"actions": [{"high_action": [{"event_action": "BLOCK"}]}]}]},
        {"user_pool_id": True},
        address=f'{RISK}.r["a"]',
        index="a",
        type=RISK,
        name="r",
    )
    pools = [change(add_ons("ENFORCED"), address=f'{POOL}.p["{key}"]', index=key) for key in "ab"]
    entry = {"type": RISK, "name": "r", "expressions": {"user_pool_id": {"references": references}}}
    entry["for_each_expression"] = {"references": each or []}
    (unit,) = units(tmp_path, planned(risk, *pools, configuration={"root_module": {"resources": [entry]}}))
    found = {pool.address[-3]: [risk.high.content for risk in pool.risk_configurations] for pool in unit.pools}
    assert expected == {
        key: [None if isinstance(answer, Unknown) else answer for answer in answers] for key, answers in found.items()
    }


def state(mode: str) -> dict[str, Any]:
    resource = {"address": f"module.m.{POOL}.p[0]", "mode": "managed", "type": POOL, "name": "p", "index": 0}
    module = {"address": "module.m", "resources": [{**resource, "values": {"id": "x", **add_ons(mode)}}]}
    values = {"root_module": {"child_modules": [module]}}
    return {"format_version": "1.0", "terraform_version": "1.11.4", "values": values}


def test_plan_that_only_refreshes(tmp_path: Path) -> None:
    """Without changes, the planned values say what stands."""
    values = state("OFF")["values"]
    document = {"format_version": "1.2", "planned_values": values}
    found = pool(tmp_path, document)
    assert ("OFF", "terraform-plan") == (found.mode.content, found.kind)


def test_plan_whose_pools_stand_in_the_prior_state_alone(tmp_path: Path) -> None:
    """`-refresh-only` writes no changes and no planned values, `-target` those of the target alone: the rest stays."""
    refreshed = {"format_version": "1.2", "planned_values": {"outputs": {}}, "prior_state": state("OFF")}
    assert ("OFF", "terraform-plan") == ((found := pool(tmp_path, refreshed)).mode.content, found.kind)
    (unit,) = units(tmp_path, planned(change(add_ons("ENFORCED")), prior_state=state("AUDIT")))
    modes = {found.address: found.mode.content for found in unit.pools}
    assert {f"{POOL}.p": "ENFORCED", f"module.m.{POOL}.p[0]": "AUDIT"} == modes


def test_what_a_plan_changes_is_not_what_the_prior_state_has(tmp_path: Path) -> None:
    """The prior state holds every pool as it was: one that is changed or destroyed counts as planned."""
    there = {"address": f"module.m.{POOL}.p[0]"}
    updated = pool(tmp_path, planned(change(add_ons("ENFORCED"), **there), prior_state=state("OFF")))
    assert "ENFORCED" == updated.mode.content
    destroyed = pool(tmp_path, planned(change(None, actions=("delete",), **there), prior_state=state("OFF")))
    assert destroyed.deployed.content is False


def test_state(tmp_path: Path) -> None:
    """A state's pools are what they are."""
    found = pool(tmp_path, state("OFF"))
    assert ("OFF", "terraform-state", f"module.m.{POOL}.p[0]") == (found.mode.content, found.kind, found.address)


def test_state_file(tmp_path: Path) -> None:
    """So are those of a state file, with the addresses that Terraform prints."""
    instances = [{"index_key": "eu", "attributes": add_ons("ENFORCED")}]
    resource = {"module": "module.m", "mode": "managed", "type": POOL, "name": "p", "instances": instances}
    found = pool(tmp_path, {"version": 4, "terraform_version": "1.11.4", "resources": [resource]})
    assert ("ENFORCED", f'module.m.{POOL}.p["eu"]') == (found.mode.content, found.address)


def test_state_file_with_keys_that_terraform_quotes(tmp_path: Path) -> None:
    """Quotes, backslashes and templates in a key are written as Terraform prints them."""
    instances = [{"index_key": key, "attributes": add_ons("ENFORCED")} for key in ('a"b', "c\\\n", "${d}", 0)]
    resource = {"mode": "managed", "type": POOL, "name": "p", "instances": instances}
    (unit,) = units(tmp_path, {"version": 4, "terraform_version": "1.11.4", "resources": [resource]})
    assert [
        POOL + '.p["a\\"b"]',
        POOL + '.p["c\\\\\\n"]',
        POOL + '.p["$${d}"]',
        POOL + ".p[0]",
    ] == [found.address for found in unit.pools]


def test_utf_16(tmp_path: Path) -> None:
    """PowerShell's redirection writes UTF-16."""
    (unit,) = units(tmp_path, json.dumps(planned(change(add_ons("ENFORCED")))), encoding="utf-16")
    assert "ENFORCED" == unit.pools[0].mode.content


def test_broken_plan_is_a_problem(tmp_path: Path) -> None:
    """A plan that is cut short is reported, not passed over."""
    (unit,) = units(tmp_path, json.dumps(planned(change(add_ons("ENFORCED"))))[:-5])
    assert 1 == len(unit.problems)


def test_plan_that_ended_in_an_error_is_a_problem(tmp_path: Path) -> None:
    """What it lists is judged, but it may not list everything."""
    (unit,) = units(tmp_path, planned(change(add_ons("ENFORCED")), errored=True))
    assert (1, 1) == (len(unit.pools), len(unit.problems))


@pytest.mark.parametrize(
    "document", [{"Resources": {"a": f'"{POOL}"'}}, [POOL], f'{{"x": "{POOL}', {"resource": {POOL: {}}}, {"version": 4}]
)
def test_other_json_is_left_alone(tmp_path: Path, document: object) -> None:
    """What is neither a plan nor a state is no unit here."""
    assert () == units(tmp_path, document)
