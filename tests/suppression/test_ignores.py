"""What a comment says, read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_lint.ignores import of_section, parse
from cognito_lint.model import Span

HERE = Span("main.tf", 1, 1, 1, 9)


@pytest.mark.parametrize(
    ("text", "rules", "reason", "until"),
    [
        (" cognito-lint: ignore[COG001] the reason", ("COG001",), "the reason", None),
        ("cognito-lint:ignore[COG001,COG003]   the\treason ", ("COG001", "COG003"), "the reason", None),
        ("Cognito-Lint: IGNORE [ COG001 ; cog003 ] r", ("COG001", "cog003"), "r", None),
        ("cognito-lint: ignore[COG001 until=2026-12-31] r", ("COG001",), "r", date(2026, 12, 31)),
        ("cognito-lint: ignore[COG001, until: 2026-12-31] r", ("COG001",), "r", date(2026, 12, 31)),
        ("cognito-lint: ignore[COG001] until=2026-12-31 r", ("COG001",), "r", date(2026, 12, 31)),
        ("cognito-lint: ignore[COG001] until 2026-12-31: r", ("COG001",), "r", date(2026, 12, 31)),
        ("cognito-lint: ignore[COG001] until the move is done", ("COG001",), "until the move is done", None),
        ("cognito-lint: ignore[COG001]: r", ("COG001",), "r", None),
        ("cognito-lint: ignore[COG001] -- r", ("COG001",), "r", None),
        ("cognito-lint: ignore[threat-protection-not-enforced] r", ("threat-protection-not-enforced",), "r", None),
    ],
)
def test_natural_spellings_are_understood(text, rules, reason, until):
    """Spaces, case, several rules, a last day inside or behind the brackets, a colon or dash before the reason."""
    found = parse(text, HERE)
    assert (rules, reason, until, "") == (found.rules, found.reason, found.until, found.fault)


@pytest.mark.parametrize(
    "text",
    [
        "cognito-lint: ignore COG001 why",
        "cognito-lint:ignore COG001",
        "cognito-lint ignore[COG001] why",
        "cognito-lint: ignore(COG001) why",
        "cognito-lint: ignore",
        "cognito-lint: ignored[COG001] why",
        "cognito-lint: disable=COG001 why",
        "cognito-lint: disable[COG001] why",
        "cognito-lint:skip=COG001:why",
        "cognito_lint: ignore[COG001] why",
        "cognitolint: ignore[COG001] why",
        "cognito-lint: noqa",
        "cognito-lint: ignore[COG001 why",
        "cognito-lint: ignore[COG001] until=2026-13-01 why",
        "cognito-lint: ignore[COG001] until=tomorrow why",
        "cognito-lint: ignore[COG001] until= why",
        "cognito-lint: ignore[COG001 until=2026-01-01] until=2026-02-02 why",
        "cognito-lint: ignore[COG001] why # cognito-lint: ignore[COG003] too",
        "nosec, cognito-lint: ignore[COG001] why",
    ],
)
def test_what_plainly_meant_us_is_never_silently_nothing(text):
    """Each of these has a fault, which becomes COG092."""
    assert parse(text, HERE).fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a comment",
        "cognito-lint",
        "run cognito-lint: it ignores nothing",
        "cognito-lint: the linter of this repository",
        "cognito-linter: ignore[COG001] another tool",
        "see cognito-lint check --ignore COG001",
        "checkov:skip=COG001:why",
    ],
)
def test_what_only_speaks_of_us_is_left_alone(text):
    """A comment may mention the tool."""
    assert None is parse(text, HERE)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_makes_it_fail(inside, after):
    """Whatever stands in the brackets and behind them; a reason is one printable line."""
    found = parse(f"cognito-lint: ignore[{inside}]{after}", HERE)
    assert found is not None
    assert found.reason.isprintable()
    assert found.fault.isprintable()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.dictionaries(
            st.sampled_from(["ignore", "COG001", "reason", "until", "x\n"]), inner, max_size=3
        ),
        max_leaves=8,
    )
)
def test_no_metadata_makes_it_fail(section):
    """Whatever stands below the key; nothing without rules has no fault."""
    for found in of_section(section, lambda *keys: HERE):
        assert found.rules or found.fault
        assert found.fault.isprintable()
