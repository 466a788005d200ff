"""Text of others is shown, never obeyed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import HOSTILE, finding

from cognito_lint.report.plain import columns, encodable, plural, sentence, visible

ANYTHING = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("plain text, even with ünïcode and 漢字", "plain text, even with ünïcode and 漢字"),
        (r"\x1b[2Jgone", "\x1b[2Jgone"),
        (r"a\nb\r\tc", "a\nb\r\tc"),
        (r"\u202eevil\u2066", "\u202eevil\u2066"),
        (r"EN\u200bFORCED", "EN\u200bFORCED"),
        (r"\x85\u2028\u2029", "\x85\u2028\u2029"),
        (r"\udcff\ufffe\U000e0001", "\udcff\ufffe\U000e0001"),
    ],
)
def test_what_acts_unseen_is_spelled_out(expected, text):
    """Escape sequences, line ends, bidirectional and invisible characters appear as their escapes."""
    assert expected == visible(text)


@given(ANYTHING)
def test_visible_text_is_one_line_without_anything_that_acts(text):
    """Whatever goes in, no control, format, surrogate or separator character comes out."""
    assert set() == {unicodedata.category(c) for c in visible(text)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(ANYTHING)
def test_visible_text_can_be_encoded(text):
    """No output fails on the bytes of a file name."""
    assert visible(text) == encodable(visible(text))


def test_kept_characters_stay():
    """A caller that escapes line ends itself keeps them."""
    assert "a\r\n\\t" == visible("a\r\n\t", keep="\r\n")


@pytest.mark.parametrize(("expected", "text"), [(3, "abc"), (4, "漢字"), (1, "e\u0301"), (2, "\U0001f512")])
def test_columns_are_those_of_a_terminal(expected, text):
    """Wide characters take two columns, combining ones none."""
    assert expected == columns(text)


def test_a_sentence_names_its_worlds():
    """The worlds follow the message on the same line."""
    told = finding(message="the mode is OFF", when=("A is 1", "B is false and C is true"))
    assert "the mode is OFF (when A is 1; B is false and C is true)" == sentence(told)


def test_a_sentence_is_one_line():
    """A message with a line end stays on one line."""
    assert "\n" not in sentence(finding(message=HOSTILE, when=(HOSTILE,)))


def test_numbers_and_words_agree():
    """One file, two files, and thousands are grouped."""
    assert ["1 file", "2 files", "1,200 files"] == [plural(count, "file") for count in (1, 2, 1200)]
    assert ["1 entry", "2 entries"] == [plural(count, "entry") for count in (1, 2)]
