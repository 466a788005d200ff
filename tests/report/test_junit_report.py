"""JUnit, read back by junitparser as CI servers would."""

from __future__ import annotations

from collections import Counter
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped
from report_samples import EMPTY, FINDINGS, FULL, HOSTILE, POOLS, PROBLEM, finding, report

from cognito_lint.report import junit_report
from cognito_lint.report.plain import visible

TWO_RULES = ("COG001", "COG002", "COG900", "COG901")
WHOLE = report(POOLS, FINDINGS, (PROBLEM,), rules=TWO_RULES)
ANYTHING = st.text(st.characters(), max_size=40)


def cases(given):
    """The outcome of each case by its class and its rule."""
    found = {}
    for suite in JUnitXml.fromstring(junit_report.render(given).encode("utf-8")):
        for case in suite:
            outcome = type(case.result[0]).__name__.lower() if case.result else "passed"
            found[case.classname, case.name.split()[0]] = outcome
    return found


def test_every_pool_has_a_case_for_every_rule_that_was_asked():
    """Passed, failed, or skipped where silence proves nothing."""
    module = 'module.auth["eu"].aws_cognito_user_pool.this[0]'
    expected = {
        ("broken.yaml", "COG900"): "error",
        (module, "COG001"): "failure",
        (module, "COG002"): "passed",
        ("module.remote", "COG901"): "passed",
        ("Pool", "COG001"): "failure",
        ("Pool", "COG002"): "passed",
        ("Safe", "COG001"): "passed",
        ("Safe", "COG002"): "passed",
        ("Half", "COG001"): "passed",
        ("Half", "COG002"): "failure",
        ("Open", "COG001"): "skipped",
        ("Open", "COG002"): "failure",
        ("Gone", "COG001"): "skipped",
        ("Gone", "COG002"): "skipped",
    }
    assert expected == cases(WHOLE)


def test_a_rule_that_was_not_asked_has_no_case():
    """What was not looked at did not pass."""
    assert {("Safe", "COG002"): "passed"} == cases(report(POOLS[1:2], rules=("COG002",)))


def test_suites_are_units_and_count_their_cases():
    """The counts are those of the cases below, at every level."""
    document = JUnitXml.fromstring(junit_report.render(WHOLE).encode("utf-8"))
    assert ["broken.yaml", "envs/dev", "template.yaml"] == [suite.name for suite in document]
    for suite in document:
        kinds = Counter(type(result) for case in suite for result in case.result)
        assert (kinds[Failure], kinds[Error], kinds[Skipped]) == (suite.failures, suite.errors, suite.skipped)
        assert len(list(suite)) == suite.tests
    assert (14, 4, 1, 3) == (document.tests, document.failures, document.errors, document.skipped)


def test_a_failure_says_where_when_and_what_to_write():
    """The message is the finding's; the text has its place, its way and its help."""
    expected = """\
envs/dev/terraform.tfvars:3:8: error[COG001] the mode is AUDIT: risky sign-ins are logged, not blocked
envs/dev/terraform.tfvars:3:8: decided here
modules/auth/main.tf:2:27: read here
help: write user_pool_add_ons { advanced_security_mode = "ENFORCED" }"""
    (suite,) = JUnitXml.fromstring(junit_report.render(report(findings=[FINDINGS[1]])).encode("utf-8"))
    (case,) = suite
    assert "the mode is AUDIT: risky sign-ins are logged, not blocked" == case.result[0].message
    assert ("error", expected) == (case.result[0].type, case.result[0].text)


def test_a_note_fails_nothing_and_is_still_there():
    """It stands in the output of its case."""
    (suite,) = JUnitXml.fromstring(junit_report.render(report(findings=[FINDINGS[2]])).encode("utf-8"))
    (case,) = suite
    assert [] == case.result
    assert "note[COG901]" in case.system_out


def test_two_findings_of_one_rule_share_its_case():
    """A case is a pool and a rule; both messages stand in it."""
    told = [finding(message="first"), finding(message="second")]
    (suite,) = JUnitXml.fromstring(junit_report.render(report(POOLS[:1], told, rules=("COG001",))).encode("utf-8"))
    (case,) = suite
    assert "first" in case.result[0].text
    assert "second" in case.result[0].text


@given(ANYTHING, ANYTHING)
def test_any_text_is_well_formed_xml_and_reads_back(message, address):
    """Control characters, which XML 1.0 cannot hold, are spelled out."""
    told = finding(message=message, address=address, unit=HOSTILE)
    root = fromstring(junit_report.render(report(findings=[told])).encode("utf-8"))
    case = root.find("testsuite/testcase")
    assert visible(address or told.span.file) == case.get("classname")
    assert visible(message) == case.find("failure").get("message")


def test_an_empty_report_has_no_case():
    """Nothing was checked."""
    assert 0 == JUnitXml.fromstring(junit_report.render(EMPTY).encode("utf-8")).tests


def test_there_is_no_time_in_it():
    """Same input, same bytes."""
    text = junit_report.render(FULL)
    assert " time" not in text.replace("sign-in time", "")
    assert text == junit_report.render(FULL)
