"""The Markdown summary, read back by a Markdown parser."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_samples import EMPTY, FINDINGS, FULL, HOSTILE, POOLS, finding, pool, report, step

from cognito_lint.model import Value
from cognito_lint.report import markdown_report
from cognito_lint.report.plain import visible

PARSER = MarkdownIt("commonmark").enable("table")
ANYTHING = st.text(st.characters(), max_size=30)
PUNCTUATION = st.text("`|<>*_[]()!\\&#~$@:/w.-+=\n\r\t ab1", max_size=30)


def tokens(text):
    """Every token, those of inline text among them."""
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def cells(text):
    """The texts of the table's cells, row by row."""
    found = PARSER.parse(text)
    rows, row = [], None
    for index, token in enumerate(found):
        if token.type == "tr_open":
            rows.append(row := [])
        elif token.type == "td_open":
            row.append("".join(part.content for part in found[index + 1].children if part.type == "text"))
    return rows[1:]


def test_the_summary_lists_pools_worst_first_and_folds_findings(source):
    """What was scanned, the table, each finding under its headline."""
    expected = """\
## cognito-lint

2 user pools in 1 file: 1 enforced, 1 not enforced

### User pools

| Verdict | User pool | Mode | Declared at |
| --- | --- | --- | --- |
| ❌ not enforced | <code>Pool</code> | AUDIT | <code>template.yaml:2</code> |
| ✅ enforced | <code>Safe</code> | ENFORCED | <code>template.yaml:7</code> |

### Findings

<details><summary><b>error</b> COG001 threat-protection-not-enforced: <code>Pool</code></summary>

```text
error[COG001] threat-protection-not-enforced: Pool
  the mode is AUDIT: risky sign-ins are logged, not blocked
 --> template.yaml:5:46
5 |       UserPoolAddOns: {AdvancedSecurityMode: AUDIT}
  |                                              ^^^^^ decided here
```

</details>
"""
    given = report([POOLS[1], POOLS[0]], [FINDINGS[3]], files=1)
    assert expected == markdown_report.render(given, source)


def test_an_empty_report_says_so(source):
    """No table, no findings."""
    expected = "## cognito-lint\n\nno Cognito user pool was found: nothing to check\n"
    assert expected == markdown_report.render(EMPTY, source)


@settings(max_examples=200)
@given(st.one_of(ANYTHING, PUNCTUATION), st.one_of(ANYTHING, PUNCTUATION))
def test_text_of_others_stays_text(address, mode):
    """A name or a mode makes no cell, no markup, no HTML and no link: the table reads back as it was."""
    text = markdown_report.render(report([pool("a" + address + "b", Value("c" + mode + "d"))], files=1), {}.get)
    ((_, shown, shown_mode, _),) = cells(text)
    assert visible("a" + address + "b") == shown
    assert visible("c" + mode + "d") == shown_mode
    assert {"<code>", "</code>", "<!-- -->"} >= {token.content for token in tokens(text) if token.type == "html_inline"}


def test_a_hostile_finding_stays_in_its_fence():
    """Backticks in the source do not close the block, and tags in an address are shown."""
    told = finding(message="``` </details> " + HOSTILE, address=HOSTILE, trace=(step("a.tf", 1, 1, 2, "````"),))
    text = markdown_report.render(report(findings=[told]), {"a.tf": "``````` <b>"}.get)
    (fence,) = [token for token in tokens(text) if token.type == "fence"]
    assert "```````` ".strip() == fence.markup
    assert "</details>" in fence.content
    assert "<script>" not in text.replace(fence.content, "")


def test_people_and_addresses_are_not_linked():
    """GitHub neither notifies a person nor links an address because a template names them."""
    text = markdown_report.render(report([pool("P", Value("@octocat https://x.example www.x.example"))]), {}.get)
    row = next(line for line in text.splitlines() if "octocat" in line)
    assert not any(trap in row for trap in ("@octocat", "https://", "www.x"))


@pytest.mark.parametrize("most", [6_000, 50_000])
def test_a_summary_too_long_for_github_is_cut_and_says_so(most):
    """Whole rows and whole findings are left out, the worst pools last."""
    pools = [pool(f"Safe{i}", Value("ENFORCED")) for i in range(900)] + [pool("Bad", Value("OFF"))]
    text = markdown_report.render(report(pools, [finding()] * 900), {}.get, most)
    assert len(text.encode()) <= most
    assert "<code>Bad</code>" in text
    assert "user pools more did not fit here" in text
    assert "findings more did not fit here" in text
    assert text.count("<details>") == text.count("</details>") > 0


def test_the_whole_report_stays_below_githubs_bound(source):
    """1 MiB, as the step summary allows."""
    assert 1024 * 1024 == markdown_report.MOST_BYTES
    assert "did not fit" not in markdown_report.render(FULL, source)
