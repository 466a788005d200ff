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
from checkov_project import FILES, ROOT, TEMPLATE
from host_runs import CHECKOV_CHECKS, PROJECT, Record, records

from command_runs import write

pytestmark = [pytest.mark.hosts, pytest.mark.xdist_group("checkov")]

FRAMEWORKS = ("--framework", "terraform", "terraform_json", "terraform_plan", "cloudformation", "serverless")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    write(folder, FILES)
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
