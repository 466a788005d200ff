"""What `check` writes: the JSON contract, colours, files."""

from __future__ import annotations

import json
import os

import pytest

from cognito_lint import __version__
from pool_samples import AUDIT, PARAMETER


def test_same_input_same_bytes(check, write):
    """The JSON holds no time and no order of chance."""
    write("b/t.yaml", AUDIT)
    write("a/t.yaml", PARAMETER)
    assert check().out == check().out


def test_json_contract(check, write):
    """The keys of version 1."""
    write("t.yaml", AUDIT)
    document = check().report
    assert ["version", "tool", "summary", "pools", "findings", "errors"] == list(document)
    assert {"name": "cognito-lint", "version": __version__} == document["tool"]
    (pool,) = document["pools"]
    assert {
        "address": "Pool",
        "kind": "cloudformation",
        "unit": "t.yaml",
        "file": "t.yaml",
        "line": 2,
        "column": 3,
        "verdict": "not-enforced",
        "modes": [{"value": "AUDIT", "unknown": None, "when": []}],
        "tier": None,
    } == {key: value for key, value in pool.items() if key != "trace"}
    assert [(6, 31, 6, 36, "decided here")] == [
        (s["line"], s["column"], s["end_line"], s["end_column"], s["text"]) for s in pool["trace"]
    ]
    (finding,) = document["findings"]
    assert ("COG001", "error", "Pool", None) == tuple(finding[k] for k in ("rule", "level", "address", "suppressed"))


def test_rules_are_selected_and_ignored(run, write):
    """By id or by name; COG900 cannot be left out."""
    write("t.yaml", AUDIT)
    assert 0 == run("check", "--ignore", "COG001").code
    assert 0 == run("check", "--select", "threat-protection-unproven").code
    write("bad.yaml", "AWS::Cognito::UserPool: [")
    assert 2 == run("check", "--ignore", "COG900", "bad.yaml").code


def test_color_follows_the_environment(run, write):
    """NO_COLOR wins over FORCE_COLOR; --color over both."""
    write("t.yaml", AUDIT)
    assert "\033[" not in run("check").out
    assert "\033[" in run("check", environment={"FORCE_COLOR": "1"}).out
    assert "\033[" not in run("check", environment={"FORCE_COLOR": "1", "NO_COLOR": "1"}).out
    assert "\033[" in run("check", "--color", "always", environment={"NO_COLOR": "1"}).out


def test_output_is_written_whole_or_not_at_all(run, write, tmp_path):
    """An unwritable target is wrong usage and leaves nothing behind."""
    write("t.yaml", AUDIT)
    assert 1 == run("check", "t.yaml", "--format", "json", "--output", "r.json").code
    assert 1 == json.loads((tmp_path / "r.json").read_text())["version"]
    assert 2 == run("check", "t.yaml", "--output", "no/such/folder/r.txt").code
    assert {"r.json", "t.yaml"} == set(os.listdir(tmp_path))


@pytest.mark.parametrize("form", ["text", "concise", "github", "gitlab", "markdown", "html"])
def test_reports_for_people_name_the_construct_of_the_cdk(run, write, form):
    """Nobody edits a synthesized template: what is said of it leads to the construct that it came from."""
    pool = {"Type": "AWS::Cognito::UserPool", "Metadata": {"aws:cdk:path": "App/Customers/Resource"}}
    write("cdk.out/App.template.json", json.dumps({"Resources": {"Customers6BA7E5F2": pool}}))
    assert "App/Customers/Resource" in run("check", "--format", form).out
