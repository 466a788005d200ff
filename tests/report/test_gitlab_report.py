"""The Code Quality report as GitLab documents it."""

from __future__ import annotations

import json

from report_samples import EMPTY, FINDINGS, FULL, HOSTILE, finding, report

from cognito_lint.model import Span
from cognito_lint.report import gitlab_report
from cognito_lint.report.report import fingerprint

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def test_an_issue_has_what_the_widget_shows():
    """The description names the rule, for the widget hides check_name; paths are the project's."""
    expected = [
        {
            "description": "COG002 threat-protection-unproven: the mode is ENFORCED by default only: the mode is OFF "
            "(when IsProd is false) (Half)",
            "check_name": "COG002",
            "fingerprint": fingerprint(FINDINGS[4]),
            "severity": "major",
            "location": {"path": "infra/template.yaml", "lines": {"begin": 9, "end": 9}},
        }
    ]
    assert expected == json.loads(gitlab_report.render(report(findings=[FINDINGS[4]]), "infra"))


def test_every_issue_has_the_required_fields():
    """description, check_name, fingerprint, severity of GitLab's list, location with path and line."""
    issues = json.loads(gitlab_report.render(FULL))
    assert len(FULL.active) == len(issues) > 0
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} == set(issue)
        assert issue["severity"] in SEVERITIES
        assert issue["location"]["lines"]["begin"] >= 1


def test_fingerprints_are_unique_and_do_not_move_with_the_lines():
    """Two problems of one file are two issues; a line further down they are the same two."""

    def issues(line):
        told = [finding("COG900", text, address=None, span=Span("a.yaml", line, 1, line, 2)) for text in ("x", "y")]
        return [issue["fingerprint"] for issue in json.loads(gitlab_report.render(report(findings=told)))]

    assert 2 == len(set(issues(1)))
    assert issues(1) == issues(7)


def test_hostile_names_are_still_json_in_utf_8():
    """A file name that is no UTF-8 breaks nothing."""
    told = finding(message=HOSTILE, address=HOSTILE, span=Span(HOSTILE), unit=HOSTILE)
    (issue,) = json.loads(gitlab_report.render(report(findings=[told])).encode("utf-8"))
    assert issue["description"].isprintable()


def test_no_finding_is_an_empty_list():
    """GitLab wants a list, be it empty."""
    assert "[]\n" == gitlab_report.render(EMPTY)
