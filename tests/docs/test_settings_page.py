"""The settings that docs/settings.md shows are settings."""

from __future__ import annotations

import re

from pages import blocks, text_of

from cognito_lint.files import Repository
from cognito_lint.settings.discovery import read
from cognito_lint.settings.keys import KEYS

PAGE = "docs/settings.md"


def test_the_shown_settings_are_read(tmp_path):
    """The example is taken as pyproject.toml, and in its other form as .cognito-lint.toml, and means the same."""
    (shown,) = (block.text for block in blocks(PAGE) if block.language == "toml")
    (tmp_path / "pyproject.toml").write_text(shown, encoding="utf-8")
    own = shown.replace("[tool.cognito-lint]\n", "").replace("tool.cognito-lint.", "")
    (tmp_path / ".cognito-lint.toml").write_text(own, encoding="utf-8")
    repository = Repository(tmp_path, (".",))
    found = [read(name, repository) for name in ("pyproject.toml", ".cognito-lint.toml")]
    for settings in found:
        assert ("warning", ("examples/**",)) == (settings.fail_on, settings.exclude)
        assert ["infra"] == [root.path for root in settings.roots]
        assert [("COG001",)] == [ignore.rules for ignore in settings.ignores]


def test_every_key_is_on_the_page():
    """A key that the reader takes has its line, below its table."""
    every = [key.name for table in (KEYS, *(key.entry for key in KEYS if key.entry)) for key in table]
    assert every == re.findall(r"^\| `([\w-]+)` \|", text_of(PAGE), re.MULTILINE)
