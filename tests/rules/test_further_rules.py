"""COG003 to COG006 speak where the pool enforces on paper, and stay silent where it does so for real."""

from __future__ import annotations

import pytest

from cognito_lint.model import ABSENT, NO, YES, RiskConfiguration, Span, Unknown, UserPool, Value
from cognito_lint.rules import add_ons_ignored, custom_auth_not_enforced, plus_tier_missing, risk_response_missing

SPAN = Span("template.yaml", 4, 3, 4, 7)
ELSEWHERE = Span("template.yaml", 40, 3, 40, 7)
ENFORCED, AUDIT = Value("ENFORCED"), Value("AUDIT")
UNKNOWN = Value(Unknown("nobody says"))
BLOCK, MFA, MFA_IF, NOTHING = (Value(v) for v in ("BLOCK", "MFA_REQUIRED", "MFA_IF_CONFIGURED", "NO_ACTION"))


def pool(**properties):
    return UserPool("Pool", "cloudformation", "template.yaml", SPAN, SPAN, **{"mode": ENFORCED, **properties})


def risk(credentials=BLOCK, high=BLOCK, medium=MFA_IF, *, client=ABSENT, events=ABSENT, deployed=YES):
    return RiskConfiguration("Risk", ELSEWHERE, deployed, client, credentials, events, high, medium, ABSENT)


def levels(rule, judged):
    return [finding.level for finding in rule.check(judged)]


@pytest.mark.parametrize(
    ("expected", "mode", "tier"),
    [
        ([], ENFORCED, Value("PLUS")),
        (["note"], ENFORCED, ABSENT),
        (["warning"], ENFORCED, Value("ESSENTIALS")),
        (["warning"], ENFORCED, Value("LITE")),
        ([], ENFORCED, UNKNOWN),
        ([], AUDIT, Value("LITE")),
        ([], UNKNOWN, ABSENT),
    ],
)
def test_plus_tier_missing(expected, mode, tier):
    """Only an enforcing pool needs the Plus plan, and an absent plan is a note."""
    assert expected == levels(plus_tier_missing, pool(mode=mode, tier=tier))


@pytest.mark.parametrize(
    ("expected", "triggers", "mode"),
    [
        (["warning"], YES, ABSENT),
        (["warning"], YES, AUDIT),
        (["warning"], YES, UNKNOWN),
        ([], YES, ENFORCED),
        ([], NO, ABSENT),
        ([], UNKNOWN, AUDIT),
    ],
)
def test_custom_auth_not_enforced(expected, triggers, mode):
    """Custom challenges have a switch of their own."""
    judged = pool(custom_auth_triggers=triggers, custom_auth_mode=mode)
    assert expected == levels(custom_auth_not_enforced, judged)


@pytest.mark.parametrize(
    ("expected", "configurations"),
    [
        (["note"], ()),
        ([], (risk(),)),
        ([], (risk(high=MFA, medium=MFA, client=Value("ALL")),)),
        (["warning"], (risk(credentials=NOTHING),)),
        (["warning"], (risk(credentials=ABSENT),)),
        (["warning"], (risk(high=MFA_IF),)),
        (["warning"], (risk(medium=NOTHING),)),
        (["warning"], (risk(events=Value("SIGN_UP")),)),
        ([], (risk(events=Value("PASSWORD_CHANGE,SIGN_IN")),)),
        ([], (risk(UNKNOWN, UNKNOWN, UNKNOWN),)),
        (["note"], (risk(client=Value("web")),)),
        (["warning"], (risk(), risk(high=NOTHING, client=Value("web")))),
        (["note"], (risk(deployed=NO),)),
    ],
)
def test_risk_response_missing(expected, configurations):
    """Every configuration that is there must answer; none at all may live elsewhere."""
    assert expected == levels(risk_response_missing, pool(risk_configurations=configurations))


def test_risk_response_is_asked_of_enforcing_pools_alone():
    """A pool in AUDIT has COG001 already."""
    assert [] == levels(risk_response_missing, pool(mode=AUDIT))


@pytest.mark.parametrize(
    ("expected", "span", "deployed"), [(["warning"], ELSEWHERE, YES), ([], None, YES), ([], ELSEWHERE, NO)]
)
def test_add_ons_ignored(expected, span, deployed):
    """The finding stands where ignore_changes names the add-ons."""
    judged = pool(ignored_changes=span, deployed=deployed)
    assert expected == levels(add_ons_ignored, judged)
    assert all(finding.span == ELSEWHERE for finding in add_ons_ignored.check(judged))
