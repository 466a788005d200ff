"""The verdict of a pool follows from its worlds as DESIGN section 4 draws it."""

from __future__ import annotations

import pytest

from cognito_lint.model import ABSENT, NO, YES, Span, Unknown, UserPool, Value
from cognito_lint.rules import threat_protection_not_enforced, threat_protection_unproven
from cognito_lint.rules.verdict import verdict
from cognito_lint.spaces import Space
from cognito_lint.worlds import Subject, boolean, choose, holds

ENFORCED, AUDIT, OFF = Value("ENFORCED"), Value("AUDIT"), Value("OFF")
UNKNOWN = Value(Unknown("nobody says"))
OTHER_THAN_ENFORCED = Value(Unknown("it was compared", frozenset({"ENFORCED"})))
PROD = boolean("condition IsProd", "IsProd")
ENV = Subject("parameter Env", "Env")
BY_DEFAULT = Space({PROD: holds(ENV, "prod")}, True, {ENV: "prod"})
NOT_BY_DEFAULT = Space({PROD: holds(ENV, "prod")}, True, {ENV: "dev"})
NO_DEFAULT = Space({PROD: holds(ENV, "prod")})
IMPOSSIBLE = Space({PROD: True})


def if_prod(yes, no):
    return choose(holds(PROD, "true"), lambda: yes, lambda: no)


def pool(mode, space=BY_DEFAULT, deployed=YES):
    span = Span("template.yaml", 4, 3, 4, 7)
    return UserPool("Pool", "cloudformation", "template.yaml", span, span, mode, deployed, space=space)


CASES = [
    ("enforced", pool(ENFORCED)),
    ("not-enforced", pool(AUDIT)),
    ("not-enforced", pool(ABSENT)),
    ("not-enforced", pool(Value("enforced"))),
    ("not-enforced", pool(Value(False))),
    ("not-enforced", pool(OTHER_THAN_ENFORCED)),
    ("unproven", pool(UNKNOWN)),
    ("not-deployed", pool(ENFORCED, deployed=NO)),
    ("enforced", pool(ENFORCED, deployed=UNKNOWN)),
    ("not-enforced", pool(OFF, deployed=UNKNOWN)),
    ("conditional", pool(if_prod(ENFORCED, OFF))),
    ("conditional", pool(if_prod(ENFORCED, UNKNOWN))),
    ("enforced", pool(if_prod(ENFORCED, ENFORCED))),
    ("enforced", pool(if_prod(ENFORCED, OFF), IMPOSSIBLE)),
    ("not-enforced", pool(if_prod(ENFORCED, OFF), NOT_BY_DEFAULT)),
    ("not-enforced", pool(if_prod(ABSENT, OFF), NO_DEFAULT)),
    ("unproven", pool(if_prod(ENFORCED, OFF), NO_DEFAULT)),
    ("unproven", pool(if_prod(ENFORCED, UNKNOWN), NO_DEFAULT)),
    ("not-deployed", pool(AUDIT, NOT_BY_DEFAULT, if_prod(YES, NO))),
    ("enforced", pool(if_prod(ENFORCED, OFF), NO_DEFAULT, if_prod(YES, NO))),
    ("not-enforced", pool(if_prod(ENFORCED, OFF), NO_DEFAULT, if_prod(NO, YES))),
]


@pytest.mark.parametrize(("expected", "judged"), CASES)
def test_verdict(expected, judged):
    """Worlds and defaults make the verdict."""
    assert expected == verdict(judged)


@pytest.mark.parametrize(("expected", "judged"), CASES)
def test_exactly_one_rule_speaks_of_an_unprotected_pool(expected, judged):
    """COG001 for not-enforced, COG002 for what is not sure, neither for enforced."""
    rules = {
        finding.rule
        for check in (threat_protection_not_enforced.check, threat_protection_unproven.check)
        for finding in check(judged)
    }
    unprotected_elsewhere = expected == "not-deployed" and not isinstance(judged.deployed, Value)
    wanted = {
        "enforced": set(),
        "not-enforced": {"COG001"},
        "conditional": {"COG002"},
        "unproven": {"COG002"},
        "not-deployed": {"COG002"} if unprotected_elsewhere else set(),
    }
    assert wanted[expected] == rules


def test_message_names_the_worlds_that_do_not_enforce():
    """Whoever reads COG002 learns which choice opens the door."""
    (finding,) = threat_protection_unproven.check(pool(if_prod(ENFORCED, AUDIT), NO_DEFAULT))
    assert finding.when == ("IsProd is false",)
    assert "AUDIT" in finding.message


def test_unquoted_off_says_to_quote_it():
    """YAML 1.1 reads OFF as false: the message says so."""
    (finding,) = threat_protection_not_enforced.check(pool(Value(False)))
    assert "quotes" in finding.message


def test_paid_plan_without_protection_is_said():
    """A pool on PLUS whose mode is OFF wastes money: COG001 says so, and no longer asks for PLUS."""
    span = Span("main.tf", 1, 1, 1, 9)
    wasted = UserPool("aws_cognito_user_pool.x", "terraform", ".", span, span, OFF, tier=Value("PLUS"))
    (finding,) = threat_protection_not_enforced.check(wasted)
    assert "pays for the Plus plan" in finding.message
    assert "user_pool_tier" not in finding.help


def test_each_thing_that_is_wrong_is_said_once_what_is_sure_first():
    """A person who reads only what is wrong in one of the worlds would take it for what is wrong in all of them."""
    (finding,) = threat_protection_unproven.check(pool(if_prod(UNKNOWN, OFF), NO_DEFAULT))
    assert (
        "it is not proven that the mode is ENFORCED: the mode is OFF: risky sign-ins are neither logged nor blocked; "
        "or nobody says" == finding.message
    )
    assert ("IsProd is true", "IsProd is false") == finding.when


def test_a_list_of_modes_has_an_end():
    """Nobody reads twenty of them."""
    mode = Value("mode9")
    for number in range(9):
        mode = choose(
            holds(Subject(f"v{number}", f"v{number}"), "x"), lambda n=number: Value(f"mode{n}"), lambda m=mode: m
        )
    (finding,) = threat_protection_unproven.check(pool(choose(holds(ENV, "prod"), lambda: ENFORCED, lambda: mode)))
    assert finding.message.count("which Cognito does not know") == 3
    assert finding.message.endswith("; or one of 7 other modes")


def test_a_pool_that_nothing_protects_may_be_so_in_several_ways():
    """COG001 says each."""
    (finding,) = threat_protection_not_enforced.check(pool(if_prod(ABSENT, AUDIT), NO_DEFAULT))
    assert finding.message.startswith("UserPoolAddOns is missing: threat protection is off; or the mode is AUDIT: ")
