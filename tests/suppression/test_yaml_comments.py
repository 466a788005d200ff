"""Comments of YAML are what stands between its tokens."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cognito_lint.cloudformation.comments import comments

FIXTURES = Path(__file__).parents[1] / "fixtures"


def texts(source):
    return [source[comment.text_start : comment.text_end] for comment in comments(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# a\nb: 1 # c\n", [" a", " c"]),
        ("a: '# b' # c", [" c"]),
        ('a: "x\n  # b" # c', [" c"]),
        ("a: b#c\n", []),
        ("a: b\n  c # d\n", [" d"]),
        ("a: | # b\n  # c\n# d\ne: 1", [" b", " d"]),
        ("a: >- # b\n  # c\n", [" b"]),
        ("a:\n  - | # b\n    # c\n  - d # e\n", [" b", " e"]),
        ("a: [b, # c\n d] # e", [" c", " e"]),
        ("a: &b {c: 1} # d\ne: *b # f", [" d", " f"]),
        ("a: !Sub 'x' # b", [" b"]),
        ("é: 🙂 # 🙂", [" 🙂"]),
        ("a: 1 # b\r\nc: 2 # d\r\n", [" b", " d"]),
        ("--- # a\nb: 1\n... # c\n", [" a", " c"]),
        ('{"a": "# b"}', []),
        ('{"a": "# b"} # c', [" c"]),
        ("a: 'not closed # b", []),
        ("a: 1 # b\nc: [ # d\n", [" b", " d"]),
        ("#", [""]),
    ],
)
def test_comments_are_what_yaml_takes_for_them(source, expected):
    """Not what stands in plain, quoted and block scalars; also behind a block scalar's sign."""
    assert expected == texts(source)


def test_the_pure_scanner_finds_the_same(monkeypatch):
    """PyYAML without its C loader, on every template of the fixtures."""
    sources = []
    for path in sorted(FIXTURES.rglob("*.y*ml")):
        try:
            sources.append(path.read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError:
            continue
    fast = [texts(source) for source in sources]
    assert any(fast)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert [texts(source) for source in sources] == fast


@given(st.text(alphabet="#ab:-|>'\"[]{}&*! \n\r\t\x85\u2028", max_size=40))
def test_any_text_has_comments_in_order(source):
    """No text makes it fail, and no comment overlaps another."""
    position = 0
    for comment in comments(source):
        assert position <= comment.start < comment.end <= len(source)
        assert "#" == source[comment.start]
        position = comment.end


@given(st.text(alphabet="ab #\n", max_size=30))
def test_what_a_scalar_holds_is_no_comment(content):
    """Dumped in any style, a text is found again as a text alone."""
    for style in ("'", '"', "|", ">", None):
        assert [] == texts(yaml.safe_dump({"key": content}, default_style=style))
