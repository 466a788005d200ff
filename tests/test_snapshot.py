"""What describe-user-pool answers becomes a user pool."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cognito_lint import files, snapshot
from cognito_lint.discover import discover
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
from cognito_lint.model import Unit, Unknown


def units(tmp_path: Path, text: str, encoding: str = "utf-8") -> tuple[Unit, ...]:
    (tmp_path / "pool.json").write_bytes(text.encode(encoding))
    repository = Repository(tmp_path, ["."])
    return snapshot.units(discover(["."], repository), repository, Inputs())


def answer(**more: Any) -> str:
    return json.dumps({"UserPool": {"Id": "eu-west-1_x", "Name": "main", **more}}, indent=4)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}, "ENFORCED"),
        ({"UserPoolAddOns": {"AdvancedSecurityMode": "OFF"}}, "OFF"),
        ({"UserPoolAddOns": {}}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_mode(tmp_path: Path, more: dict[str, Any], expected: str | None, encoding: str) -> None:
    """The mode is what AWS says; without one, threat protection is off."""
    (unit,) = units(tmp_path, answer(**more), encoding)
    (pool,) = unit.pools
    assert (expected, "eu-west-1_x", "main") == (pool.mode.content, pool.address, pool.label)
    assert ("snapshot", "pool.json") == (pool.kind, unit.path)


def test_other_properties(tmp_path: Path) -> None:
    """The tier, the custom-auth mode and the custom-auth triggers are read too."""
    flows = {"AdvancedSecurityMode": "ENFORCED", "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"}}
    text = answer(UserPoolTier="PLUS", UserPoolAddOns=flows, LambdaConfig={"DefineAuthChallenge": "arn:x"})
    (pool,) = units(tmp_path, text)[0].pools
    assert ("PLUS", "AUDIT") == (pool.tier.content, pool.custom_auth_mode.content)
    assert pool.custom_auth_triggers.content is True


@pytest.mark.parametrize("text", [answer() + "\n" + answer(), f"[{answer()}, {answer()}]"])
def test_several_answers(tmp_path: Path, text: str) -> None:
    """Answers may stand one after the other, or in a list."""
    assert 2 == len(units(tmp_path, text)[0].pools)


def test_odd_answer_is_unknown(tmp_path: Path) -> None:
    """What AWS would not write is not guessed at."""
    (pool,) = units(tmp_path, answer(UserPoolAddOns="ENFORCED"))[0].pools
    assert isinstance(pool.mode.content, Unknown)


def test_answer_cut_short_is_a_problem(tmp_path: Path) -> None:
    """A broken snapshot is reported."""
    (unit,) = units(tmp_path, answer()[:-4])
    assert 1 == len(unit.problems)


@pytest.mark.parametrize("text", ['{"Resources": {"UserPool": {"Type": "AWS::Cognito::UserPool"}}}', '["UserPool"]'])
def test_other_json_is_left_alone(tmp_path: Path, text: str) -> None:
    """A template whose pool is called UserPool is no snapshot."""
    assert () == units(tmp_path, text)


def test_a_snapshot_that_is_no_text_is_reported(tmp_path: Path) -> None:
    """A file that looks like an answer and is not UTF-8 is not passed over: its pool may be unprotected."""
    (unit,) = units(tmp_path, answer(Name="café").replace("\\u00e9", "é"), "latin-1")
    assert ["the file is not UTF-8 text (byte 70)"] == [problem.message for problem in unit.problems]


def test_a_snapshot_past_the_bound_of_size_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that are too large to be read are not passed over either."""
    monkeypatch.setattr(files, "MAX_FILE_SIZE", 20)
    (unit,) = units(tmp_path, answer(EstimatedNumberOfUsers=7))
    (problem,) = unit.problems
    assert problem.message.startswith("the file is larger than the bound")


def test_other_json_that_is_no_text_is_not_ours(tmp_path: Path) -> None:
    """The key UserPool alone makes no snapshot of a file that cannot be read."""
    assert () == units(tmp_path, '{"UserPool": "café"}', "latin-1")
