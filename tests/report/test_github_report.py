"""Workflow commands that GitHub's runner reads as they were meant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from report_samples import EMPTY, FINDINGS, finding, report

from cognito_lint.model import Span
from cognito_lint.report import github_report
from cognito_lint.report.plain import visible

ANYTHING = st.text(st.characters(), max_size=40)


def runner_reads(command):
    """What the runner makes of one line: the command, its properties, its message."""
    _, head, message = command.split("::", 2)
    name, _, rest = head.partition(" ")
    properties = dict(part.split("=", 1) for part in rest.split(","))

    def unescape(text, *more):
        for code, character in (("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")):
            text = text.replace(code, character)
        return text

    decoded = {key: unescape(value, ("%3A", ":"), ("%2C", ",")) for key, value in properties.items()}
    return name, decoded, unescape(message)


def test_a_finding_on_one_line_has_columns():
    """The annotation covers the value."""
    expected = (
        "::error title=COG001 threat-protection-not-enforced,file=template.yaml,line=5,endLine=5,col=46,endColumn=51::"
        "the mode is AUDIT: risky sign-ins are logged, not blocked%0Ain Pool\n"
    )
    assert expected == github_report.render(report(findings=[FINDINGS[3]]))


def test_a_finding_over_several_lines_has_none():
    """GitHub refuses columns there; a note is a notice."""
    name, properties, _ = runner_reads(github_report.render(report(findings=[FINDINGS[2]])))
    assert ("notice", {"title", "file", "line", "endLine"}) == (name, set(properties))


def test_paths_are_those_of_the_workspace():
    """A run in a folder of the checkout annotates the right file."""
    told = [finding(file="a.tf"), finding(file="../b.tf")]
    commands = github_report.render(report(findings=told), "infra/dev").splitlines()
    assert ["infra/dev/a.tf", "infra/b.tf"] == [runner_reads(command)[1]["file"] for command in commands]


def test_percent_signs_line_ends_colons_and_commas_are_escaped():
    """The runner's own escapes, and only in properties those of colon and comma."""
    told = finding(message="50%: a,\r\nb", address=None, span=Span("x:y,%.tf", 1, 1, 1, 2))
    command = github_report.render(report(findings=[told]))
    assert "file=x%3Ay%2C%25.tf,line=1" in command
    assert command.endswith("::50%25: a,%0D%0Ab\n")


@given(ANYTHING, ANYTHING, ANYTHING)
def test_whatever_a_finding_says_stays_one_command(message, file, address):
    """No text ends the command, adds a property or begins a command of its own."""
    told = finding(message=message, span=Span("d/" + file.strip("./") + "e", 1, 1, 1, 2), address=address)
    text = github_report.render(report(findings=[told]))
    assert 1 == text.count("\n")
    name, properties, shown = runner_reads(text.removesuffix("\n"))
    assert ("error", {"title", "file", "line", "endLine", "col", "endColumn"}) == (name, set(properties))
    assert visible(f"{message}\n", keep="\r\n") + visible(f"in {address} (in {told.unit})") == shown


def test_no_finding_is_no_output():
    """An empty report says nothing."""
    assert "" == github_report.render(EMPTY)
