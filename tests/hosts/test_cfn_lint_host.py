"""The rules inside a real cfn-lint."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.hosts, pytest.mark.xdist_group("cfn-lint")]

POOLS = """\
Parameters:
  Mode: {Type: String, Default: AUDIT}
  Open: {Type: String}
  Choice: {Type: String, Default: ENFORCED, AllowedValues: [ENFORCED, AUDIT]}
Resources:
  Good:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns:
        AdvancedSecurityMode: ENFORCED
  Missing:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: missing
  Read:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns:
        AdvancedSecurityMode: !Ref Mode
  Unproven:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns:
        AdvancedSecurityMode: !Ref Open
  Conditional:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns:
        AdvancedSecurityMode: !Ref Choice
"""
MODE = ("Properties", "UserPoolAddOns", "AdvancedSecurityMode")
EXPECTED = [
    ("ECOG001", ("Resources", "Missing", "Properties")),
    ("ECOG001", ("Resources", "Read", *MODE)),
    ("WCOG002", ("Resources", "Conditional", *MODE)),
    ("WCOG002", ("Resources", "Unproven", *MODE)),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every template of this module: one run of cfn-lint reads them all."""
    folder = tmp_path_factory.mktemp("templates")
    bad = "Type: AWS::Cognito::UserPool\n    Properties: {UserPoolAddOns: {AdvancedSecurityMode: 'OFF'}}"
    (folder / "pools.yaml").write_text(POOLS)
    (folder / "good.yaml").write_text("Resources:\n  Pool:\n    " + bad.replace("'OFF'", "ENFORCED") + "\n")
    (folder / "loop.yaml").write_text(
        "Transform: AWS::LanguageExtensions\n"
        "Resources:\n  Fn::ForEach::Pools:\n    - Name\n    - [One, Two]\n    - Pool${Name}:\n"
        "        Type: AWS::Cognito::UserPool\n        Properties: {UserPoolName: !Ref Name}\n"
    )
    ignored = "Metadata: {cfn-lint: {config: {ignore_checks: [ECOG001]}}}"
    (folder / "ignored.yaml").write_text(f"Resources:\n  Here:\n    {ignored}\n    {bad}\n  There:\n    {bad}\n")
    (folder / "whole.yaml").write_text(f"{ignored}\nResources:\n  Pool:\n    {bad}\n")
    ours = "Metadata: {cognito-lint: {ignore: {COG001: a sandbox}}}"
    comment = "# cognito-lint: ignore[COG001] a sandbox"
    (folder / "muted.yaml").write_text(
        f"Resources:\n  Here:\n    {ours}\n    {bad}\n  {comment}\n  Too:\n    {bad}\n  There:\n    {bad}\n"
    )
    (folder / "sam.yaml").write_text("Transform: AWS::Serverless-2016-10-31\nResources:\n  Pool:\n    " + bad + "\n")
    (folder / "template.json").write_text(
        '{"Resources": {"Pool": {"Type": "AWS::Cognito::UserPool",\n  "Properties": {"UserPoolAddOns": {}}}}}'
    )
    (folder / "twice.yaml").write_text("Resources: &r\n  Pool: [*r]\n")
    return folder


@pytest.fixture(scope="module")
def matches(cfn_lint: Any, folder: Path) -> list[Any]:
    names = sorted(path.name for path in folder.iterdir())
    return list(cfn_lint.run("--format", "json", "--", *names, cwd=folder).json)


def _ours(matches: list[Any], file: str) -> list[tuple[str, tuple[Any, ...]]]:
    return sorted(
        (match["Rule"]["Id"], tuple(match["Location"]["Path"]))
        for match in matches
        if match["Filename"] == file and "COG" in match["Rule"]["Id"]
    )


def test_bad_pools_are_reported_and_good_ones_pass(matches: list[Any]) -> None:
    """Errors for what is not enforced, warnings for what is not proven, each at the pool's own path."""
    assert EXPECTED == _ours(matches, "pools.yaml")
    assert [] == _ours(matches, "good.yaml")
    assert [("ECOG001", ("Resources", "Pool", *MODE))] == _ours(matches, "sam.yaml")
    assert [("ECOG001", ("Resources", "Pool", *MODE[:2]))] == _ours(matches, "template.json")


def test_a_match_stands_where_the_value_was_decided(matches: list[Any]) -> None:
    """The position is the default that decided, not the resource that read it."""
    [match] = [m for m in matches if m["Filename"] == "pools.yaml" and "Read" in m["Location"]["Path"]]
    line = POOLS.splitlines()[1]
    start, end = match["Location"]["Start"], match["Location"]["End"]
    assert (2, 2) == (start["LineNumber"], end["LineNumber"])
    assert "AUDIT" == line[start["ColumnNumber"] - 1 : end["ColumnNumber"] - 1]
    assert "Error" == match["Level"]


def test_a_loop_gives_the_ids_that_it_expands_to(matches: list[Any]) -> None:
    """Fn::ForEach: cfn-lint expands it too, so suppressions by the expanded id work."""
    expected = [("ECOG001", ("Resources", name, "Properties")) for name in ("PoolOne", "PoolTwo")]
    assert expected == _ours(matches, "loop.yaml")


def test_metadata_suppresses_as_for_a_built_in_rule(matches: list[Any]) -> None:
    """At the resource for that resource, at the template for all of it."""
    assert [("ECOG001", ("Resources", "There", *MODE))] == _ours(matches, "ignored.yaml")
    assert [] == _ours(matches, "whole.yaml")


def test_our_own_suppressions_hold(matches: list[Any]) -> None:
    """In Metadata and in comments, each for its own pool."""
    assert [("ECOG001", ("Resources", "There", *MODE))] == _ours(matches, "muted.yaml")


def test_no_rule_of_ours_breaks(matches: list[Any]) -> None:
    """E0002 is cfn-lint's word for an exception in a rule."""
    assert [] == [match for match in matches if match["Rule"]["Id"] == "E0002"]


def test_configuration_is_honoured(cfn_lint: Any, folder: Path) -> None:
    """--ignore-checks by prefix, --configure-rule strict for all by one rule, and the exit code that is left."""
    run = cfn_lint.run("--ignore-checks", "E", "--configure-rule", "ECOG001:strict=true", "--format", "parseable",
                       "--", "pools.yaml", cwd=folder)  # fmt: skip
    ours = sorted(line.split(":")[5] for line in run.stdout.splitlines() if "COG" in line)
    assert ["WCOG002"] * 2 == ours
    assert 4 == run.code
    informed = cfn_lint.run("--configure-rule", "ECOG001:strict=true", "--", "good.yaml", cwd=folder)
    assert 0 == informed.code, informed.stdout


def test_standard_input_is_read_from_what_cfn_lint_decoded(cfn_lint: Any) -> None:
    """There is no file: verdicts and paths are the same as for one."""
    run = cfn_lint.run("--format", "json", cwd=Path.cwd(), stdin=POOLS)
    found = sorted(
        (match["Rule"]["Id"], tuple(match["Location"]["Path"])) for match in run.json if "COG" in match["Rule"]["Id"]
    )
    assert [(rule, path[:2]) for rule, path in EXPECTED] == [(rule, path[:2]) for rule, path in found]
    lines = {match["Location"]["Path"][1]: match["Location"]["Start"]["LineNumber"] for match in run.json
             if match["Rule"]["Id"] == "ECOG001"}  # fmt: skip
    assert POOLS.splitlines()[lines["Missing"] - 1].strip() in ("Missing:", "Properties:")


def test_sarif_and_junit_name_our_rules(cfn_lint: Any, folder: Path) -> None:
    """Our findings stand in every format of the host."""
    sarif = cfn_lint.run("--format", "sarif", "--", "pools.yaml", cwd=folder).json
    assert {"ECOG001", "WCOG002"} <= {result["ruleId"] for result in sarif["runs"][0]["results"]}
    junit = ElementTree.fromstring(cfn_lint.run("--format", "junit", "--", "pools.yaml", cwd=folder).stdout)
    failing = {case.get("name", "") for case in junit.iter("testcase") if case.find("failure") is not None}
    assert any("ECOG001" in name for name in failing)


def test_parameters_are_those_that_cfn_lint_was_given(cfn_lint: Any, folder: Path) -> None:
    """--parameters of cfn-lint itself decide as --parameter of the command."""
    values = ["Mode=ENFORCED", "Open=OFF", "Choice=ENFORCED"]
    run = cfn_lint.run("--format", "json", "--template", "pools.yaml", "--parameters", *values, cwd=folder)
    if "unrecognized arguments" in run.stderr:
        pytest.skip("this cfn-lint knows no parameters")
    assert [("ECOG001", "Missing"), ("ECOG001", "Unproven")] == [
        (rule, path[1]) for rule, path in _ours(run.json, "pools.yaml")
    ]


def test_each_deployment_is_judged_and_what_they_share_is_said_once(cfn_lint: Any, tmp_path: Path) -> None:
    """Deployment files of cfn-lint: a finding of one names the file, a finding of all is one match."""
    (tmp_path / "pools.yaml").write_text(POOLS)
    for name, choice in (("eu", "ENFORCED"), ("us", "AUDIT")):
        values = {"Mode": "ENFORCED", "Open": "ENFORCED", "Choice": choice}
        deployment = {"template-file-path": "pools.yaml", "parameters": values, "tags": {}}
        (tmp_path / f"{name}.json").write_text(json.dumps(deployment))
    run = cfn_lint.run("--format", "json", "--deployment-files", "eu.json", "us.json", cwd=tmp_path)
    if "unrecognized arguments" in run.stderr:
        pytest.skip("this cfn-lint knows no deployment files")
    ours = [match for match in run.json if match["Rule"]["Id"] == "ECOG001"]
    named = {match["Location"]["Path"][1]: match["Message"].partition(" [with")[2] for match in ours}
    assert len(named) == len(ours)
    assert "" == named.pop("Missing")
    assert {" the parameters of us.json]"} == set(named.values())


def test_a_link_out_of_the_repository_is_judged_like_its_target(cfn_lint: Any, tmp_path: Path) -> None:
    """cfn-lint reads a linked template, so its pools are judged, whichever file of the run it is."""
    for place in ("here", "elsewhere"):
        (tmp_path / place / ".git").mkdir(parents=True)
        (tmp_path / place / f"{place}.yaml").write_text(POOLS)
    (tmp_path / "here" / "link.yaml").symlink_to(tmp_path / "elsewhere" / "elsewhere.yaml")
    matches = cfn_lint.ours("--", "here.yaml", "link.yaml", cwd=tmp_path / "here")
    expected = [(file, rule, path) for file in ("here.yaml", "link.yaml") for rule, path in EXPECTED]
    assert expected == matches


def test_our_own_failure_is_an_error_that_names_it(cfn_lint: Any, folder: Path, tmp_path: Path) -> None:
    """A good template does not pass where the evaluation raises: E0002 says whose fault it is."""
    from host_runs import CFN_RULES

    shutil.copytree(CFN_RULES, tmp_path / "cfn_rules")
    shutil.copytree(CFN_RULES.parent / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "src" / "cognito_lint" / "pipeline.py").open("a") as pipeline:
        pipeline.write("\n\ndef judge(*_):\n    raise KeyError('lost')\n")
    run = cfn_lint.run("--format", "json", "--", "good.yaml", cwd=folder, rules=str(tmp_path / "cfn_rules"))
    assert 2 == run.code
    said = {match["Message"].partition(": ")[2] for match in run.json if match["Rule"]["Id"] == "E0002"}
    assert 1 == len(said)
    assert "cognito-lint itself failed: KeyError: 'lost'" in said.pop()


COUNTING_RULE = """
import gc
from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template


class TemplatesInMemory(CloudFormationLintRule):
    id = "W9901"
    shortdesc = description = "how many templates are in memory"

    def match(self, cfn):
        gc.collect()
        held = sum(type(thing) is Template for thing in gc.get_objects())
        return [RuleMatch(["Resources"], f"{held} in memory")]
"""


def test_a_template_is_let_go_once_it_is_checked(cfn_lint: Any, folder: Path, tmp_path: Path) -> None:
    """However many files cfn-lint is given, our rules hold no template but the one at hand."""
    (tmp_path / "counting.py").write_text(COUNTING_RULE)
    names = [f"pools{number}.yaml" for number in range(8)]
    for name in names:
        shutil.copy(folder / "pools.yaml", tmp_path / name)
    run = cfn_lint.run("--append-rules", str(tmp_path), "--format", "json", "--", *names, cwd=tmp_path)
    assert set(names) == {match["Filename"] for match in run.json if match["Rule"]["Id"] == "ECOG001"}
    said = [match["Message"] for match in run.json if match["Rule"]["Id"] == "W9901"]
    assert len(names) == len(said)
    assert 1 == len(set(said)), "the number grows with the files"


def test_a_lone_copy_of_the_folder_fails(cfn_lint: Any, folder: Path, tmp_path: Path) -> None:
    """Without the package there is no silent pass: cfn-lint stops and names what is missing."""
    from host_runs import CFN_RULES

    shutil.copytree(CFN_RULES, tmp_path / "rules")
    run = cfn_lint.run("--", "good.yaml", cwd=folder, rules=str(tmp_path / "rules"))
    assert 0 != run.code
    assert "need the package cognito-lint" in run.stderr
