"""The comments of HCL's native syntax, and not what looks like one in a string. Asked for only where somebody speaks to
us.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#comments-and-whitespace
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cognito_lint.source import Comment
from cognito_lint.terraform.hcl_tokens import LINE_TEXT, QUOTED_TEXT, SPACES

_CODE = re.compile(r'#|//|/\*|"|\{|\}|<<-?(?P<marker>[^\W\d][\w-]*)\r?\n')


class _Template:
    """A quoted string (without a marker) or a heredoc that is open. `braces` are open in its interpolation."""

    __slots__ = ("at_line_start", "braces", "marker")

    def __init__(self, marker: str | None) -> None:
        self.marker = marker
        self.braces = 0
        self.at_line_start = True

    def past_text(self, text: str, position: int) -> tuple[int, bool] | None:
        """Where its text ends, and whether it is closed there or an interpolation begins; None if neither."""
        if self.marker is None:
            found = QUOTED_TEXT.match(text, position)
            position = found.end() if found else position
            if text.startswith('"', position):
                return position + 1, True
        else:
            while position < len(text):
                if self.at_line_start and _line(text, position).strip(SPACES) == self.marker:
                    return text.index(self.marker, position) + len(self.marker), True
                found = LINE_TEXT.match(text, position)
                position = found.end() if found else position
                self.at_line_start = text[position - 1] == "\n"
                if not self.at_line_start:
                    break
        self.at_line_start = False
        return (position + 2, False) if text.startswith(("${", "%{"), position) else None


def comments(text: str) -> Iterator[Comment]:
    """The comments of a text in their order, up to the first string, heredoc or comment that is not closed."""
    templates: list[_Template] = []
    position = 0
    while found := _CODE.search(text, position):
        sign, start = found.group(), found.start()
        position = found.end()
        if sign in ("#", "//"):
            end = text.find("\n", position)
            position = end = len(text) if end < 0 else end
            yield Comment(start, end, start + len(sign), end)
        elif sign == "/*":
            end = text.find("*/", position)
            if end < 0:
                return
            position = end + 2
            yield Comment(start, position, start + 2, end)
        elif sign in ("{", "}"):
            if not templates:
                continue
            templates[-1].braces += 1 if sign == "{" else -1
            if templates[-1].braces >= 0:
                continue
            templates[-1].braces = 0
            closed = _past_template(templates, text, position)
            if closed is None:
                return
            position = closed
        else:
            templates.append(_Template(found["marker"]))
            closed = _past_template(templates, text, position)
            if closed is None:
                return
            position = closed


def _past_template(templates: list[_Template], text: str, position: int) -> int | None:
    """The offset where code begins again: behind the innermost template, or in an interpolation of it."""
    found = templates[-1].past_text(text, position)
    if found is None:
        return None
    position, ended = found
    if ended:
        templates.pop()
    return position


def _line(text: str, position: int) -> str:
    end = text.find("\n", position)
    return text[position:] if end < 0 else text[position:end]
