"""The pages that people read, and the code that they show."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
)
_FENCE = re.compile(r"^( *)(```+)(\w*)\n(.*?)^\1\2$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block of a page."""

    page: str
    language: str
    text: str


def text_of(page):
    """The text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page):
    """The fenced blocks of a page, in order."""
    return [Block(page, match[3], match[4]) for match in _FENCE.finditer(text_of(page))]


def prose(page):
    """A page without its fenced blocks."""
    return _FENCE.sub("", text_of(page))


def shell_lines(text):
    """The commands of a block: a line ends where the shell would end it, and a comment alone is none."""
    pending = ""
    for line in text.splitlines():
        pending += line + "\n"
        open_quote = pending.count("'") % 2 or pending.count('"') % 2
        if line.endswith("\\") or (open_quote and "#" not in line):
            continue
        if pending.strip() and not pending.lstrip().startswith("#"):
            yield pending.strip()
        pending = ""
    assert not pending.strip(), f"a command without an end: {pending}"
