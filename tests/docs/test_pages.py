"""What the pages say of the project is so: outputs, examples, targets, hooks and links."""

from __future__ import annotations

import json
import re

import pytest
from pages import PAGES, ROOT, blocks, prose, text_of

from cognito_lint.cli.arguments import parser
from cognito_lint.report.destinations import FORMATS
from command_runs import run

README = "README.md"

FOREIGN = {
    "AWS CLI": {"--client-id", "--user-pool-add-ons"},
    "cfn-lint": {
        "--configure-rule",
        "--deployment-files",
        "--ignore-checks",
        "--include-checks",
        "--non-zero-exit-code",
        "--parameter-files",
    },
    "Checkov": {"--check", "--download-external-modules", "--skip-check", "--soft-fail", "--soft-fail-on"},
}
"""Options of other programs that the pages speak of."""


def report(directory, *arguments):
    """What the command prints for a directory."""
    return run(directory, "check", "--color", "never", *arguments).out


def slug(heading):
    """The anchor that GitHub gives to a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", ""))
    return kept.replace(" ", "-")


def anchors(page):
    """The anchors of a page."""
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)}


def test_the_shown_report_is_the_real_one():
    """README's report is what the command prints for examples/."""
    (shown,) = (block.text for block in blocks(README) if block.text.startswith("error["))
    assert shown in report(ROOT, "examples/bad")


def test_the_shown_module_is_reported(tmp_path):
    """README's pool says ENFORCED and has no protection."""
    (shown,) = (block.text for block in blocks(README) if block.language == "hcl")
    (tmp_path / "main.tf").write_text(shown, encoding="utf-8")
    assert "error[COG001] threat-protection-not-enforced: aws_cognito_user_pool.customers" in report(tmp_path)


def test_shown_make_targets_exist():
    """`make …` on a page is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    shown = {target for page in PAGES for target in re.findall(r"(?:^|`)make ([a-z]+)", text_of(page), re.MULTILINE)}
    assert {"scan", "test"} <= shown <= targets


def test_shown_hooks_exist():
    """README's pre-commit example takes hooks that there are."""
    (shown,) = (block.text for block in blocks(README) if block.text.startswith("repos:"))
    hooks = re.findall(r"^- id: (\S+)", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(hooks) == set(re.findall(r"- id: (\S+)", shown))


def test_an_option_in_a_sentence_exists():
    """`--option` on a page is one of the command's, or of the program that is known to have it."""
    shown = {option for page in PAGES for option in re.findall(r"`(--[a-z][a-z-]*)", prose(page))}
    (commands,) = (action for action in parser()._actions if action.dest == "command")
    ours = {
        name for command in commands.choices.values() for action in command._actions for name in action.option_strings
    }
    foreign = set().union(*FOREIGN.values())
    assert foreign == shown - ours - {"--version"}


def test_every_format_has_its_line():
    """The table of formats names each that there is, in the order of the command's own list."""
    assert list(FORMATS) == re.findall(r"^\| `(\w+)` \|", prose("docs/formats.md"), re.MULTILINE)


def test_the_shown_json_is_the_real_one():
    """Every field of the contract is shown as it is; the version and the fingerprint may move on."""
    (shown,) = (json.loads(block.text) for block in blocks("docs/formats.md") if block.language == "json")
    real = json.loads(report(ROOT, "examples/bad/audit.yaml", "--format", "json"))
    for document in (shown, real):
        document["tool"]["version"] = document["findings"][0]["fingerprint"] = "moves on"
    assert real == shown


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    """A link to a file or a heading of the project has one."""
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(page)):
        name, _, anchor = target.partition("#")
        file = (ROOT / page).parent / name if name else ROOT / page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file.resolve().relative_to(ROOT).as_posix()), target


def test_the_index_leads_to_every_page():
    """A page that docs/README.md does not name is not found."""
    linked = set(re.findall(r"\]\((?!https?:|\.\.)([^)#\s]+)", prose("docs/README.md")))
    pages = {page.removeprefix("docs/") for page in PAGES if page.startswith("docs/")}
    assert {page for page in pages if not page.startswith("rules/COG")} - {"README.md"} == linked
