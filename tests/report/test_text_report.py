"""The text and concise reports, the summary and the excerpts."""

from __future__ import annotations

import pytest
from report_samples import (
    CLOUDFORMATION_WAY,
    EMPTY,
    FILES,
    FINDINGS,
    FULL,
    HOSTILE,
    POOLS,
    PROBLEM,
    finding,
    report,
    step,
)

from cognito_lint.model import Problem, Span
from cognito_lint.report import concise_report, text_report
from cognito_lint.report.excerpt import MOST_STEPS, Excerpt, excerpt
from cognito_lint.report.style import Style
from cognito_lint.report.summary import summary

PLAIN = Style(color=False)


def show(*findings, files=FILES):
    return text_report.render(report(findings=findings), files.get, PLAIN)


def test_a_finding_shows_where_the_value_was_decided_and_each_place_that_passed_it_on(source):
    """The layout of DESIGN section 8: carets at the place of the finding, dashes at the others, tabs expanded."""
    expected = """\
error[COG001] threat-protection-not-enforced: module.auth["eu"].aws_cognito_user_pool.this[0] (in envs/dev)
  the mode is AUDIT: risky sign-ins are logged, not blocked
 --> envs/dev/terraform.tfvars:3:8
3 | mode = "AUDIT"
  |        ^^^^^^^ decided here
 --> modules/auth/main.tf:2:27
2 |     advanced_security_mode = var.mode
  |                              -------- read here
  help: write user_pool_add_ons { advanced_security_mode = "ENFORCED" }

"""
    assert expected == text_report.render(report(findings=[FINDINGS[1]]), source, PLAIN)


def test_a_pool_of_the_cdk_is_named_by_its_construct_too():
    """A synthesized template is nobody's source: the construct path is what leads to the code to mend."""
    one = finding(label="App/Auth/Pool/Resource")
    elsewhere = finding(label="App/Auth/Pool/Resource", unit="cdk.out/App.template.json")
    assert show(one).startswith("error[COG001] threat-protection-not-enforced: Pool (App/Auth/Pool/Resource)\n")
    assert "Pool (App/Auth/Pool/Resource, in cdk.out/App.template.json)\n" in show(elsewhere)


def test_a_finding_without_source_names_its_place_and_its_worlds(source):
    """A line that is not there is not shown; the worlds stand under the message."""
    expected = """\
warning[COG002] threat-protection-unproven: Half
  the mode is ENFORCED by default only: the mode is OFF
  when IsProd is false
 --> template.yaml:9:3

"""
    assert expected == text_report.render(report(findings=[FINDINGS[4]]), source, PLAIN)


def test_windows_line_ends_are_no_part_of_the_line():
    """A template with CRLF shows its lines as any other."""
    shown = show(finding(trace=CLOUDFORMATION_WAY))
    assert "5 |       UserPoolAddOns: {AdvancedSecurityMode: AUDIT}\n" in shown
    assert "\r" not in shown


def test_the_marker_stands_under_wide_characters():
    """A wide character takes two columns, a tab four."""
    files = {"main.tf": "\t漢 = OFF"}
    shown = show(finding(trace=(step("main.tf", 1, 6, 9),)), files=files)
    assert "1 |     漢 = OFF\n  |          ^^^\n" in shown


def test_a_very_long_line_is_cut_around_its_value():
    """A minified template shows what surrounds the value, and the marker stays under it."""
    files = {"t.json": "x" * 5000 + '"AUDIT"' + "y" * 5000}
    lines = show(finding(trace=(step("t.json", 1, 5001, 5008),)), files=files).splitlines()
    assert f'1 | …{"x" * 60}"AUDIT"{"y" * 60}…' == lines[3]
    assert f"  | {' ' * 61}{'^' * 7}" == lines[4]


def test_a_span_over_several_lines_is_marked_to_the_end_of_its_first():
    """The first line stands for the whole."""
    span = Span("a.tf", 1, 5, 3, 2)
    assert Excerpt("aws ", "{ x", "") == excerpt({"a.tf": "aws { x \n\n}"}.get, span)


@pytest.mark.parametrize("span", [Span("a.tf", 9, 1, 9, 2), Span("gone.tf")])
def test_there_is_no_excerpt_where_there_is_no_line(span):
    """A line past the end and a file without text show nothing."""
    assert excerpt({"a.tf": "x"}.get, span) is None


def test_a_column_past_the_end_of_the_line_is_no_error():
    """What a reader counts otherwise is marked at the line's end."""
    assert Excerpt("x", "", "") == excerpt({"a.tf": "x"}.get, Span("a.tf", 1, 40, 1, 50))


def test_a_long_way_keeps_its_ends():
    """The deciding place and the reader matter most; how many are left out is said."""
    way = tuple(step("a.tf", line, 1, 2, f"step {line}") for line in range(1, 30))
    shown = show(finding(trace=way))
    assert MOST_STEPS == shown.count("-->")
    assert "step 1\n" in shown
    assert "step 29\n" in shown
    assert "\n   ... 21 steps more\n" in shown


def test_color_is_escapes_around_the_same_text(source):
    """Colours add escape sequences and change nothing else."""
    import re

    colored = text_report.render(FULL, source, Style(color=True))
    assert "\033[1;31merror[COG900]\033[0m" in colored
    assert text_report.render(FULL, source, PLAIN) == re.sub(r"\033\[[0-9;]*m", "", colored)


@pytest.mark.parametrize(
    "render", [lambda r, s: text_report.render(r, s, PLAIN), lambda r, s: concise_report.render(r)]
)
def test_nothing_of_a_hostile_repository_reaches_the_terminal(render):
    """File names, addresses, messages, worlds and source lines cannot clear the screen or forge a line."""
    hostile = finding(
        message=HOSTILE,
        help=HOSTILE,
        address=HOSTILE,
        unit=HOSTILE,
        when=(HOSTILE,),
        trace=(step(HOSTILE, 1, 1, 4, HOSTILE),),
    )
    shown = render(report(findings=[hostile]), {HOSTILE: HOSTILE}.get)
    assert [] == [c for c in shown if c != "\n" and (ord(c) < 32 or c in "\u202e\u200b\udcff\ufffe")]
    assert [] == [line for line in shown.splitlines() if line.startswith("::error")]


def test_concise_is_one_line_for_each_finding():
    """file:line:column: level[RULE] message (address)."""
    expected = """\
broken.yaml:3:5: error[COG900] a mapping ends here without a value
envs/dev/main.tf:4:1: note[COG901] the source of this module is not on disk: "acme/cognito"; what it declares is not \
checked (module.remote (in envs/dev))
template.yaml:5:46: error[COG001] the mode is AUDIT: risky sign-ins are logged, not blocked (Pool)
template.yaml:9:3: warning[COG002] the mode is ENFORCED by default only: the mode is OFF (when IsProd is false) (Half)
"""
    findings = [FINDINGS[0], FINDINGS[2], FINDINGS[3], FINDINGS[4]]
    assert expected == concise_report.render(report(findings=findings))


def test_a_report_without_findings_is_empty(source):
    """Silence on stdout is what a hook wants."""
    assert ["", ""] == [text_report.render(EMPTY, source, PLAIN), concise_report.render(EMPTY)]


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ("no Cognito user pool was found: nothing to check", EMPTY),
        ("1 user pool in 1 file: 1 enforced", report(POOLS[1:2], files=1)),
        (
            "6 user pools in 4 files: 1 enforced, 2 not enforced, 1 enforced by default only, 1 unproven, "
            "1 not deployed; 1 file could not be read or evaluated\n"
            "1 module not on disk, not checked (terraform init brings them)\n"
            "2 nested templates not on disk, not checked (check what is deployed in the end)",
            FULL,
        ),
        (
            "0 user pools in 1 file; 1 file could not be read or evaluated",
            report(errors=(PROBLEM, Problem(Span("broken.yaml", 9), "and another")), files=1),
        ),
    ],
)
def test_the_summary_says_what_was_seen_and_what_was_not(expected, given):
    """Verdicts that no pool has are left out; a file with two problems is one file."""
    assert expected == summary(given)
