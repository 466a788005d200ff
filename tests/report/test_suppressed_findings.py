"""A suppressed finding fails nothing and stays visible where a reader can filter it."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest
from report_samples import POOLS, finding, report

from cognito_lint.model import Span, Suppression
from cognito_lint.report.destinations import FORMATS
from cognito_lint.report.formats import Options, render
from cognito_lint.report.summary import summary

AT = Span("template.yaml", 2, 10, 2, 40)
MUTED = replace(finding(message="the muted one"), suppressed=Suppression("comment", "a sandbox", AT))
ACTIVE = finding(message="the active one", address="Gone")
REPORT = report(POOLS, (MUTED, ACTIVE))

FOR_PEOPLE = {"text", "concise", "github", "gitlab", "markdown"}
FOR_MACHINES = {"json", "sarif", "junit", "html"}


def rendered(form, of=REPORT):
    return render(form, of, lambda _: None, Options())


@pytest.mark.parametrize("form", sorted(FOR_PEOPLE))
def test_what_a_person_reads_leaves_suppressed_findings_out(form):
    text = rendered(form)
    assert ("the active one" in text, "the muted one" in text) == (True, False)


@pytest.mark.parametrize("form", sorted(FOR_MACHINES))
def test_what_a_machine_reads_keeps_them_with_their_reason(form):
    assert "a sandbox" in rendered(form)


def test_every_format_is_one_or_the_other():
    """A new format has to choose."""
    assert set(FORMATS) == FOR_PEOPLE | FOR_MACHINES


def test_they_fail_nothing_and_are_counted_apart():
    muted = report(POOLS, (MUTED,))
    assert (False, 0, 1) == (muted.fails("note"), muted.count("error"), muted.suppressed)
    assert summary(muted).endswith("; 1 finding suppressed")


def test_json_says_who_suppressed_it_and_where():
    document = json.loads(rendered("json"))
    expected = {"by": "comment", "reason": "a sandbox", "file": "template.yaml", "line": 2}
    assert [expected, None] == [found["suppressed"] for found in document["findings"]]
    assert (1, 1) == (document["summary"]["errors"], document["summary"]["suppressed"])


@pytest.mark.parametrize(
    ("by", "kind"),
    [("comment", "inSource"), ("metadata", "inSource"), ("settings", "external"), ("baseline", "external")],
)
def test_sarif_says_whether_the_source_or_a_file_beside_it_suppresses(by, kind):
    muted = replace(MUTED, suppressed=Suppression(by, "a sandbox", AT))
    results = json.loads(rendered("sarif", report(POOLS, (muted, ACTIVE))))["runs"][0]["results"]
    assert [[(kind, "a sandbox")], []] == [
        [(one["kind"], one["justification"]) for one in result.get("suppressions", [])] for result in results
    ]


def test_junit_skips_the_case():
    case = fromstring(rendered("junit")).find(".//testcase[@classname='Pool'][@name='COG001 " + MUTED.name + "']")
    assert "suppressed: a sandbox" == case.find("skipped").get("message")
    assert None is case.find("failure")
