"""Which settings file holds, and what its deployments of one root are."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from command_runs import check, run

ROOT = Path(__file__).parents[2]
MAIN = """variable "mode" {}
resource "aws_cognito_user_pool" "this" {
  name           = "a"
  user_pool_tier = "PLUS"
  user_pool_add_ons {
    advanced_security_mode = var.mode
  }
}
"""
ENTRY = "[[roots]]\npath = 'infra'\nvar-files = ['envs/%s.tfvars']\n"
BOTH = ENTRY % "prod" + ENTRY % "dev"


@pytest.fixture
def project(tmp_path):
    """A root with variable files of two environments; its settings are yet to be written."""
    (tmp_path / ".git").mkdir()
    envs = tmp_path / "infra" / "envs"
    envs.mkdir(parents=True)
    (tmp_path / "infra" / "main.tf").write_text(MAIN, encoding="utf-8")
    (envs / "prod.tfvars").write_text('mode = "ENFORCED"\n', encoding="utf-8")
    (envs / "dev.tfvars").write_text('mode = "OFF"\n', encoding="utf-8")
    return tmp_path


def put(folder, text, name=".cognito-lint.toml"):
    """Write a settings file."""
    (folder / name).write_text(text, encoding="utf-8")


def verdicts(folder, *args):
    """The pools' verdicts by unit."""
    return {pool["unit"]: pool["verdict"] for pool in check(folder, *args).report["pools"]}


def test_one_deployment_keeps_the_plain_path(project):
    """There is nothing to tell it from."""
    put(project, ENTRY % "prod")
    assert {"infra": "enforced"} == verdicts(project)


def test_each_deployment_has_its_verdict_and_fingerprints(project):
    """Named by their variable files, and no baseline entry of one accepts the other."""
    put(project, BOTH)
    assert {"infra (prod)": "enforced", "infra (dev)": "not-enforced"} == verdicts(project)
    (project / "infra" / "envs" / "prod.tfvars").write_text('mode = "AUDIT"\n', encoding="utf-8")
    findings = [found for found in check(project).report["findings"] if found["rule"] == "COG001"]
    assert {"infra (prod)", "infra (dev)"} == {found["unit"] for found in findings}
    assert 2 == len({found["fingerprint"] for found in findings})


def test_a_named_variable_file_asks_for_its_deployment(project):
    """As a pre-commit hook names what changed."""
    put(project, BOTH)
    assert {"infra (prod)": "enforced"} == verdicts(project, "infra/envs/prod.tfvars")
    assert 2 == len(verdicts(project, "infra/main.tf"))


def test_the_command_line_goes_before(project):
    """--var is over the settings, and an entry's vars are over its files."""
    put(project, ENTRY % "prod")
    assert {"infra": "not-enforced"} == verdicts(project, "--var", "mode=OFF")
    put(project, ENTRY % "dev" + "vars = {mode = 'ENFORCED'}\n")
    assert {"infra": "enforced"} == verdicts(project)


def test_entries_that_cannot_be_told_apart(project):
    """Two of one path and name are wrong usage."""
    put(project, ENTRY % "prod" * 2)
    ran = check(project)
    assert 2 == ran.code
    assert "two entries have the path infra and the name 'prod'" in ran.err


def test_the_nearest_file_holds(project):
    """Upward to the repository's top, .cognito-lint.toml first, a pyproject.toml without our table passed over."""
    put(project, "[tool.cognito-lint]\n" + (ENTRY % "prod").replace("[[", "[[tool.cognito-lint."), "pyproject.toml")
    put(project / "infra", "[project]\nname = 'cognito-lint'\n", "pyproject.toml")
    assert {".": "enforced"} == verdicts(project / "infra")
    put(project / "infra", ENTRY.replace("'infra'", "'.'") % "dev")
    assert {".": "not-enforced"} == verdicts(project / "infra")
    assert {".": "unproven"} == verdicts(project / "infra", "--isolated")
    assert {".": "enforced"} == verdicts(project / "infra", "--isolated", "--config", "../pyproject.toml")


def test_nothing_beyond_the_repository_holds(project):
    """A file above the repository's top is somebody else's."""
    put(project, ENTRY % "prod")
    (project / "infra" / ".git").mkdir()
    assert {".": "unproven"} == verdicts(project / "infra")


def test_deployments_of_a_template(tmp_path):
    """Each with its parameters."""
    template = (
        "Parameters: {Mode: {Type: String}}\nResources: {Pool: {Type: AWS::Cognito::UserPool, Properties: "
        "{UserPoolTier: PLUS, UserPoolAddOns: {AdvancedSecurityMode: !Ref Mode}}}}\n"
    )
    put(tmp_path, template, "pool.yaml")
    entry = "[[templates]]\npath = 'pool.yaml'\nname = '%s'\nparameters = {Mode = '%s'}\n"
    put(tmp_path, entry % ("prod", "ENFORCED") + entry % ("dev", "OFF"))
    assert {"pool.yaml (prod)": "enforced", "pool.yaml (dev)": "not-enforced"} == verdicts(tmp_path)


def test_shown_settings_are_settings(project):
    """What --show-settings prints means the same when it is read."""
    put(project, BOTH + "[[ignores]]\nrules = ['COG005']\naddress = 'x'\nreason = 'why'\nuntil = 2027-01-31\n")
    shown = []
    for _ in range(2):
        ran = run(project, "check", "--show-settings")
        assert 0 == ran.code
        shown.append(ran.out)
        put(project, ran.out)
    assert shown[0] == shown[1]
    assert "until = 2027-01-31" in shown[0]


def test_the_schema_is_of_the_keys_that_there_are():
    """The JSON Schema is valid, is what tools/settings_schema.py writes now, and refuses what the reader refuses."""
    from jsonschema import Draft7Validator

    spec = importlib.util.spec_from_file_location("settings_schema", ROOT / "tools" / "settings_schema.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.settings_schema() == tool.SCHEMA.read_text(encoding="utf-8")
    schema = json.loads(tool.settings_schema())
    Draft7Validator.check_schema(schema)
    holds = Draft7Validator(schema).is_valid
    assert holds({"select": ["COG001"], "format": ["sarif=a"], "roots": [{"path": "infra", "vars": {"a": 1}}]})
    for wrong in ({"selct": []}, {"select": []}, {"strict": "yes"}, {"roots": [{"name": "a"}]}, {"format": ["srif"]}):
        assert not holds(wrong)
