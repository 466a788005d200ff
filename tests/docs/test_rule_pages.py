"""Every rule has a whole page, and what its page shows is what the command says.

An example is a whole template or module. The words before it, which end with a colon, say what becomes of it: those
that begin with "Reported" promise the rule's finding, those that begin with "Not reported" its absence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from cognito_lint.rules import RULES
from cognito_lint.rules.page import FIXES, SECTIONS
from command_runs import check

FILES = {"yaml": "template.yaml", "hcl": "main.tf"}
LANGUAGES = {*FILES, "typescript", "console", "text", "toml"}
BLOCK = re.compile(r"^(?P<before>[^\n]*)\n\n```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PROMISE = re.compile(r"(?:^|\. )(?P<promise>Reported|Not reported)\b[^.]*:$")


class Example(NamedTuple):
    """A block that promises something of a rule."""

    rule: str
    part: str
    reported: bool
    file: str
    text: str


def sections(page, mark):
    """The parts of a page below headings of one level, by title."""
    pieces = re.split(rf"^{mark} (.+)$", page, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def examples(rule):
    """The examples of a rule's page, in order."""
    fix = sections(rule.page, "##")["How to fix"]
    for part, text in sections(fix, "###").items() if "###" in fix else [("", fix)]:
        for block in BLOCK.finditer(text):
            promise = PROMISE.search(block["before"])
            if promise:
                reported = promise["promise"] == "Reported"
                yield Example(rule.id, part, reported, FILES[block["language"]], block["text"])


def suppression(rule):
    """What the page of a rule shows to write against its finding: the comment, the metadata, what begins a comment
    with a last day."""
    (page,) = (known.page for known in RULES if known.id == rule)
    text = sections(page, "##")["How to suppress"]
    comment, metadata = (block["text"] for block in BLOCK.finditer(text))
    (dated,) = re.findall(r"`(cognito-lint: ignore\[[^`]*)`", text)
    return comment.strip(), metadata, f"# {dated} only federated users sign in here"


IDS_TO_SUPPRESS = {rule.id for rule in RULES if "```" in sections(rule.page, "##")["How to suppress"]}
EXAMPLES = [example for rule in RULES for example in examples(rule)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_has_every_section(rule):
    """What, why, how to fix, counterparts, how to suppress: none lacks, none is empty, none is out of order."""
    title, _, rest = rule.page.partition("\n")
    assert f"{rule.id} {rule.name}" == title
    assert list(SECTIONS) == list(sections(rest, "##"))
    assert all(text.strip() for text in sections(rest, "##").values())


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.check], ids=lambda rule: rule.id)
def test_a_fix_is_said_for_every_way_to_make_a_pool(rule):
    """Whoever owns a pool finds the fix in the words of the tool that made it."""
    parts = sections(sections(rule.page, "##")["How to fix"], "###")
    assert list(FIXES) == list(parts)
    assert all(text.strip() for text in parts.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_block_of_a_page_is_understood(rule):
    """No example escapes the tests by a language without a name or by a missing promise."""
    fix = sections(rule.page, "##")["How to fix"]
    blocks = list(BLOCK.finditer(fix))
    assert fix.count("```") == 2 * len(blocks)
    assert {block["language"] for block in blocks} <= LANGUAGES
    assert len([block for block in blocks if block["language"] in FILES]) == len(list(examples(rule)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_shows_what_is_reported_and_then_what_is_not(rule):
    """A bad example without the good one beside it teaches nothing; an absent module has no other form."""
    shown = list(examples(rule))
    assert shown
    if rule.id != "COG901":
        assert [True, False] * (len(shown) // 2) == [example.reported for example in shown]
        assert all(bad.part == good.part for bad, good in zip(shown[::2], shown[1::2], strict=True))


def checked(text, file, directory):
    """What the command says of one file, as JSON."""
    (directory / file).write_text(text, encoding="utf-8")
    return check(directory, "--today", "2027-03-01").report


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.rule}-{e.file}-{'bad' if e.reported else 'good'}")
def test_an_example_is_reported_as_its_page_says(example, tmp_path):
    """The rule speaks of the bad example and is silent on the good one, which is read without an error."""
    report = checked(example.text, example.file, tmp_path)
    assert example.reported == (example.rule in {finding["rule"] for finding in report["findings"]})
    if not example.reported:
        assert [] == report["errors"]
        assert 1 == report["summary"]["pools"]


PLACES = ("above the resource", "at the resource", "at the line at fault", "in the metadata")
SUPPRESSIONS = [
    pytest.param(example, place, id=f"{example.rule}-{example.file}-{place}")
    for example in EXAMPLES
    if example.reported and example.rule in IDS_TO_SUPPRESS
    for place in PLACES
    if place != "in the metadata" or (example.file == FILES["yaml"] and example.part)
]


@pytest.mark.parametrize(("example", "place"), SUPPRESSIONS)
def test_a_finding_is_suppressed_as_its_page_says(example, place, tmp_path):
    """Written in each place that the page names, the page's own suppression takes the finding away with its reason."""
    before = checked(example.text, example.file, tmp_path)
    (found,) = (finding for finding in before["findings"] if finding["rule"] == example.rule)
    resource = next((pool["line"] for pool in before["pools"] if pool["address"] == found["address"]), found["line"])
    lines = example.text.splitlines()
    comment, metadata, dated = suppression(example.rule)
    if place == "in the metadata":
        indent = " " * (len(lines[resource]) - len(lines[resource].lstrip()))
        lines[resource:resource] = [indent + line for line in metadata.splitlines()]
    elif place == "above the resource":
        lines.insert(resource - 1, dated)
    else:
        lines[(resource if place == "at the resource" else found["line"]) - 1] += f"  {comment}"
    after = checked("\n".join(lines) + "\n", example.file, tmp_path)
    (found,) = (finding for finding in after["findings"] if finding["rule"] == example.rule)
    assert found["suppressed"]["reason"] == "only federated users sign in here"
    assert {"COG091", "COG092"}.isdisjoint(finding["rule"] for finding in after["findings"])
