"""The checks inside a real Checkov. One run costs seconds, so one run reads every file of this module."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from host_runs import CHECKOV_CHECKS, PROJECT, Record, records

pytestmark = [pytest.mark.hosts, pytest.mark.xdist_group("checkov")]

FRAMEWORKS = ("--framework", "terraform", "terraform_json", "terraform_plan", "cloudformation", "serverless")
ENFORCED = 'user_pool_add_ons { advanced_security_mode = "ENFORCED" }'
AUDIT = 'user_pool_add_ons { advanced_security_mode = "AUDIT" }'

ROOT = f"""\
variable "on" {{ default = false }}
variable "open" {{}}
variable "regions" {{ default = ["eu", "us"] }}

resource "aws_cognito_user_pool" "good" {{
  name = "good"
  {ENFORCED}
}}

resource "aws_cognito_user_pool" "missing" {{
  name = "missing"
}}

resource "aws_cognito_user_pool" "empty_block" {{
  name = "empty"
  dynamic "user_pool_add_ons" {{
    for_each = var.on ? [1] : []
    content {{ advanced_security_mode = "ENFORCED" }}
  }}
}}

resource "aws_cognito_user_pool" "full_block" {{
  name = "full"
  dynamic "user_pool_add_ons" {{
    for_each = {{ one = "ENFORCED" }}
    iterator = each_mode
    content {{ advanced_security_mode = each_mode.value }}
  }}
}}

resource "aws_cognito_user_pool" "unproven" {{
  name = "unproven"
  user_pool_add_ons {{ advanced_security_mode = var.open }}
}}

resource "aws_cognito_user_pool" "absent" {{
  count = var.on ? 1 : 0
  name  = "absent"
  {ENFORCED}
}}

resource "aws_cognito_user_pool" "each" {{
  for_each = toset(var.regions)
  name     = each.key
  user_pool_add_ons {{ advanced_security_mode = each.key == "eu" ? "ENFORCED" : "OFF" }}
}}

# cognito-lint: ignore[COG001] two weeks of AUDIT first
resource "aws_cognito_user_pool" "muted" {{
  name = "muted"
  {AUDIT}
}}

resource "aws_cognito_user_pool" "skipped" {{
  #checkov:skip=COG001:a federated pool
  name = "skipped"
}}
"""
CHILD = """\
variable "mode" {}

resource "aws_cognito_user_pool" "this" {
  name = "child"
  dynamic "user_pool_add_ons" {
    for_each = var.mode == null ? [] : [var.mode]
    content { advanced_security_mode = user_pool_add_ons.value }
  }
}
"""
# valid, and more than Checkov's parser understands: it leaves the file out and takes what it calls for a root
UNREAD_BY_CHECKOV = """\
locals {
  on = [for x in ["a", "%{ for c in ["b"] }${c}%{ endfor }"] : upper(x) if upper(x) == "B"][0]
}
"""
PASSING_ON = """\
variable "mode" { default = "ENFORCED" }

module "auth" {
  source = "../auth"
  mode   = var.mode
}
"""
TEMPLATE = """\
Parameters:
  Open: {Type: String}
Conditions:
  Same: !Equals [!Ref Open, x]
Resources:
  Good:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}
  Both:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: !If [Same, ENFORCED, ENFORCED]}}
  Bad:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: AUDIT}}
  Unproven:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: !Ref Open}}
  Muted:
    Type: AWS::Cognito::UserPool
    Metadata: {cognito-lint: {ignore: {COG001: two weeks of AUDIT first}}}
  Skipped:
    Type: AWS::Cognito::UserPool
    #checkov:skip=COG001:a federated pool
    Properties: {UserPoolName: skipped}
"""
SERVERLESS = """\
service: users
provider: {name: aws}
resources:
  Resources:
    Good:
      Type: AWS::Cognito::UserPool
      Properties: {UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}
    Bad:
      Type: AWS::Cognito::UserPool
      Properties: {UserPoolAddOns: {AdvancedSecurityMode: AUDIT}}
    Unproven:
      Type: AWS::Cognito::UserPool
      Properties: {UserPoolAddOns: {AdvancedSecurityMode: "${param:mode}"}}
"""


def _plan() -> str:
    changes = []
    for name, block, unknown in (
        ("good", [{"advanced_security_mode": "ENFORCED"}], {}),
        ("bad", [], {}),
        ("unproven", [{}], {"user_pool_add_ons": [{"advanced_security_mode": True}]}),
    ):
        values = {"name": name, "user_pool_add_ons": block}
        changes.append(
            {
                "address": f"aws_cognito_user_pool.{name}",
                "mode": "managed",
                "type": "aws_cognito_user_pool",
                "name": name,
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "change": {"actions": ["create"], "before": None, "after": values, "after_unknown": unknown},
                "values": values,
                "schema_version": 0,
            }
        )
    resources = [{key: change[key] for key in change if key != "change"} for change in changes]
    configured = [
        {key: change[key] for key in ("address", "mode", "type", "name")} | {"expressions": {}} for change in changes
    ]
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": [{key: change[key] for key in change if key != "values"} for change in changes],
        "configuration": {"root_module": {"resources": configured}},
    }
    return json.dumps(plan, indent=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    files = {
        "root/main.tf": ROOT,
        "modules/auth/main.tf": CHILD,
        "envs/dev/main.tf": 'module "auth" {\n  source = "../../modules/auth"\n  mode   = "AUDIT"\n}\n',
        "envs/prod/main.tf": 'module "auth" {\n  source = "../../modules/auth"\n  mode   = var.mode\n}\n'
        'module "each" {\n  for_each = { eu = "ENFORCED", us = null }\n  source = "../../modules/auth"\n'
        "  mode   = each.value\n}\n"
        'variable "mode" {}\n',
        "envs/prod/terraform.tfvars": 'mode = "ENFORCED"\n',
        "unread/main.tf": 'module "between" {\n  source = "./between"\n  mode   = "OFF"\n}\n' + UNREAD_BY_CHECKOV,
        "unread/between/main.tf": PASSING_ON,
        "unread/auth/main.tf": CHILD,
        "json/main.tf.json": json.dumps(
            {
                "provider": {"aws": [{"region": "eu-west-1"}]},
                "resource": {
                    "aws_cognito_user_pool": {
                        "good": {"name": "a", "user_pool_add_ons": {"advanced_security_mode": "ENFORCED"}},
                        "bad": {"name": "a"},
                    }
                },
            },
            indent=2,
        ),
        "broken/main.tf": f'resource "aws_cognito_user_pool" "p" {{\n  name = "p"\n  {ENFORCED}\n}}\n',
        "broken/zbroken.tf": 'resource "aws_cognito_user_pool" "q" {\n',
        "plan/tfplan.json": _plan(),
        "cfn/template.yaml": TEMPLATE,
        "sls/serverless.yml": SERVERLESS,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture(scope="module")
def reports(checkov: Any, folder: Path, probe: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One run, every format."""
    out = tmp_path_factory.mktemp("reports")
    formats = ("--output", "json", "--output", "sarif", "--output", "junitxml", "--output-file-path", str(out))
    probed = ("--external-checks-dir", str(probe))
    run = checkov.run("-d", ".", *FRAMEWORKS, *formats, *probed, cwd=folder)
    texts = {path.suffix: path.read_text() for path in out.iterdir()}
    return {**texts, "code": str(run.code), "stderr": run.stderr}


@pytest.fixture(scope="module")
def report(reports: dict[str, str]) -> list[Record]:
    return records(json.loads(reports[".json"]))


def _results(report: list[Record], file: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for line in report:
        if line.file.endswith(file):
            found.setdefault(line.resource, {})[line.check] = line.result
    return found


def _verdicts(report: list[Record], file: str) -> dict[str, str]:
    """One word for each pool that Checkov saw: which of the two checks about the mode failed, if any."""
    return {
        resource.rpartition("UserPool.")[2].removeprefix("aws_cognito_user_pool."): (
            "not-enforced"
            if results.get("COG001") == "FAILED"
            else "unproven"
            if results.get("COG002") == "FAILED"
            else "enforced"
            if (results.get("COG001"), results.get("COG002")) == ("PASSED", "PASSED")
            else "skipped"
            if results.get("COG001") == "SKIPPED"
            else "silent"
        )
        for resource, results in _results(report, file).items()
    }


def test_terraform_modules_are_evaluated(report: list[Record]) -> None:
    """Dynamic blocks, conditionals and instances have the verdict of the evaluation, not of Checkov's rendering."""
    assert {
        "good": "enforced",
        "missing": "not-enforced",
        "empty_block": "not-enforced",
        "full_block": "enforced",
        "unproven": "unproven",
        "absent": "silent",
        'each["eu"]': "enforced",
        'each["us"]': "not-enforced",
        "muted": "skipped",
        "skipped": "skipped",
    } == _verdicts(report, "root/main.tf")


def test_our_own_suppressions_are_checkovs_skips_with_the_reason(reports: dict[str, str]) -> None:
    """In Terraform and templates; the pool does not pass by it."""
    skips = {
        line["resource"].rpartition(".")[2]: line["check_result"]["suppress_comment"]
        for one in json.loads(reports[".json"])
        for line in one["results"]["skipped_checks"]
        if line["check_id"] == "COG001" and line["resource"].lower().endswith("muted")
    }
    assert dict.fromkeys(("muted", "Muted"), "two weeks of AUDIT first") == skips


def test_one_module_called_from_two_roots_is_told_apart(report: list[Record]) -> None:
    """The same address in two roots has two verdicts; tfvars and instance keys belong to their own."""
    lines = [line for line in report if line.file.endswith("modules/auth/main.tf")]
    plain = {(line.check, line.result) for line in lines if line.resource.startswith("module.auth.")}
    assert {("COG001", "FAILED"), ("COG001", "PASSED"), ("COG002", "PASSED")} <= plain
    assert ("COG002", "FAILED") not in plain
    keyed = _verdicts([line for line in lines if line.resource.startswith("module.each")], ".tf")
    assert {'module.each["eu"].aws_cognito_user_pool.this': "enforced",
            'module.each["us"].aws_cognito_user_pool.this': "not-enforced"} == keyed  # fmt: skip


def test_a_module_that_is_named_alone_is_judged_by_its_callers(checkov: Any, folder: Path) -> None:
    """`-f` is the named file of the command: Checkov sees no call of it, the repository has two."""
    found = checkov.records("-f", "modules/auth/main.tf", "--framework", "terraform", cwd=folder)
    assert {"this": "not-enforced"} == _verdicts(found, "main.tf")


def test_a_module_whose_caller_checkov_cannot_read_is_judged_by_the_caller(report: list[Record]) -> None:
    """Not by its own default, as the root that Checkov takes it for."""
    assert {"module.auth.aws_cognito_user_pool.this": "not-enforced"} == _verdicts(report, "unread/auth/main.tf")


def test_json_and_plans_are_evaluated(report: list[Record]) -> None:
    """Checkov's other two frameworks for Terraform."""
    by_order = [line.result for line in report if line.file.endswith(".tf.json") and line.check == "COG001"]
    assert ["FAILED", "PASSED"] == sorted(by_order)
    assert {"good": "enforced", "bad": "not-enforced", "unproven": "unproven"} == _verdicts(report, "tfplan.json")


def test_templates_are_evaluated(report: list[Record]) -> None:
    """An If with two enforcing branches passes, a parameter without a value is unproven."""
    assert {
        "Good": "enforced",
        "Both": "enforced",
        "Bad": "not-enforced",
        "Unproven": "unproven",
        "Muted": "skipped",
        "Skipped": "skipped",
    } == _verdicts(report, "template.yaml")


def test_a_link_out_of_the_repository_is_judged_like_its_target(checkov: Any, tmp_path: Path) -> None:
    """Checkov reads a linked template, so its pools are evaluated and not only rendered."""
    for place in ("here", "elsewhere"):
        (tmp_path / place / ".git").mkdir(parents=True)
    (tmp_path / "elsewhere" / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "here" / "linked.yaml").symlink_to(tmp_path / "elsewhere" / "template.yaml")
    found = checkov.records("-d", ".", "--framework", "cloudformation", cwd=tmp_path / "here")
    expected = {"Good": "enforced", "Both": "enforced", "Bad": "not-enforced", "Unproven": "unproven"}
    assert expected == {name: word for name, word in _verdicts(found, "linked.yaml").items() if name in expected}


def test_serverless_resources_are_evaluated(report: list[Record]) -> None:
    """The framework that sees `resources:`."""
    expected = {"Good": "enforced", "Bad": "not-enforced", "Unproven": "unproven"}
    assert expected == _verdicts(report, "serverless.yml")


def test_a_broken_file_beside_a_pool_is_no_pass(report: list[Record]) -> None:
    """COG900: the readable pool of a root whose other file cannot be read fails."""
    [results] = _results(report, "broken/main.tf").values()
    assert "FAILED" == results["COG900"]


def test_every_pool_that_checkov_sees_has_an_answer(report: list[Record]) -> None:
    """Nothing of ours is silent but what is not deployed."""
    seen = {(line.file, line.resource) for line in report if line.check == "CKV_PROBE_1"}
    answered = {(line.file, line.resource) for line in report if line.check in ("COG001", "COG002")}
    assert {("/root/main.tf", "aws_cognito_user_pool.absent")} == seen - answered


def test_a_failure_says_why(report: list[Record]) -> None:
    """Details: the message, where it was decided and what to write."""
    [line] = [r for r in report if r.check == "COG002" and r.resource == "aws_cognito_user_pool.unproven"
              and r.file.endswith("root/main.tf")]  # fmt: skip
    assert any("the variable open has no value" in detail for detail in line.details), line.details
    assert any(detail.startswith("help: ") for detail in line.details)


def test_all_formats_carry_our_checks(reports: dict[str, str]) -> None:
    """SARIF has rules with a link, JUnit has failing cases, and the run fails."""
    assert "1" == reports["code"]
    sarif = json.loads(reports[".sarif"])
    [rule] = [rule for run in sarif["runs"] for rule in run["tool"]["driver"]["rules"] if rule["id"] == "COG001"][:1]
    assert rule["helpUri"].startswith("https://docs.aws.amazon.com/")
    failing = [case.get("name", "") for case in ElementTree.fromstring(reports[".xml"]).iter("testcase")
               if case.find("failure") is not None]  # fmt: skip
    assert any("COG001" in name for name in failing)


def test_hosts_switches_work(checkov: Any, folder: Path, tmp_path: Path) -> None:
    """--skip-check, --soft-fail and a baseline, as for built-in checks."""
    here = ("-d", "cfn", "--framework", "cloudformation")
    skipped = checkov.run(*here, "--skip-check", "COG001", "-o", "json", cwd=folder)
    checks = {line.check for line in records(skipped.json)}
    assert "COG002" in checks
    assert not {"COG001", "COG006"} & checks
    soft = checkov.run(*here, "--check", "COG001", "--soft-fail", "--create-baseline", cwd=folder)
    assert 0 == soft.code
    baseline = folder / "cfn" / ".checkov.baseline"
    assert "COG001" in baseline.read_text()
    again = checkov.run(*here, "--check", "COG001", "--baseline", str(baseline), cwd=folder)
    assert 0 == again.code, again.stdout


def test_variable_files_of_checkov_decide(checkov: Any, folder: Path) -> None:
    """--var-file reaches the evaluation; so does a file that is given by name."""
    (folder / "enforced.tfvars").write_text('open = "ENFORCED"\n')
    run = ("-f", "root/main.tf", "--framework", "terraform", "--var-file", "enforced.tfvars")
    report = checkov.records(*run, cwd=folder)
    assert "enforced" == _verdicts(report, "main.tf")["unproven"]


def test_a_lone_copy_of_the_folder_fails(checkov: Any, folder: Path, tmp_path: Path) -> None:
    """Without the package one runner exits with 2; several runners, whose exit codes Checkov drops, fail every pool."""
    lone = tmp_path / "checks"
    shutil.copytree(CHECKOV_CHECKS, lone)
    one = checkov.run("-d", "cfn", "--framework", "cloudformation", checks=lone, cwd=folder)
    assert 2 == one.code
    assert "No module named 'cognito_lint'" in one.stderr
    several = checkov.run("-d", "cfn", "--check", "COG001", "-o", "json", checks=lone, cwd=folder)
    assert 1 == several.code
    assert {"FAILED", "SKIPPED"} == {line.result for line in records(several.json)}


def test_checks_can_come_from_a_repository(checkov: Any, tmp_path: Path) -> None:
    """--external-checks-git: a repository that holds the bundle. What it clones into the scan is not reported."""
    repository = tmp_path / "bundle"
    subprocess.run([sys.executable, str(PROJECT / "tools" / "checkov_bundle.py"), str(repository)], check=True)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "bundle"]):
        subprocess.run(["git", *command], cwd=repository, check=True)
    code = tmp_path / "code"
    code.mkdir()
    (code / "template.yaml").write_text(TEMPLATE)
    (code / "main.tf").write_text(ROOT)
    scan = ("-d", ".", "--external-checks-git", f"file://{repository}", "--framework", "cloudformation", "terraform")
    report = checkov.records(*scan, cwd=code, checks=None)
    assert {"/template.yaml", "/main.tf"} == {line.file for line in report}
    assert "not-enforced" == _verdicts(report, "template.yaml")["Bad"]
    assert "not-enforced" == _verdicts(report, "main.tf")["empty_block"]
