"""docs/cognito-lint.1: the manual page, from the same texts as docs/command.md. The wheel installs it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from command_page import SOURCE, commands, groups, names, notes, says, usage

from cognito_lint.cli.arguments import parser

_SECTIONS = {"exit codes": "EXIT STATUS", "environment": "ENVIRONMENT", "examples": "EXAMPLES"}
"""The epilogs' parts that a manual page has sections for, whichever command they belong to."""


def man_page() -> tuple[str, str, str]:
    """The name below docs/, the source and the text of the page."""
    top = parser()
    lines = [
        '.TH COGNITO-LINT 1 "" "" "User Commands"',
        ".SH NAME",
        "cognito\\-lint \\- is every Cognito user pool sure to be deployed with threat protection enforced?",
        ".SH SYNOPSIS",
        *(_synopsis(command) for command in commands(top)),
        ".SH DESCRIPTION",
        _roff(" ".join((top.description or "").split())),
        ".SH OPTIONS",
        *_options(top),
        ".SH COMMANDS",
        *(line for command in commands(top) for line in _command(command)),
        *_shared(commands(top)),
        ".SH SEE ALSO",
        "The page of each rule: cognito\\-lint explain",
    ]
    return "cognito-lint.1", SOURCE, "\n".join(lines) + "\n"


def _roff(text: str) -> str:
    """Text that roff prints as it is: hyphens that can be copied, no request at the start of a line."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return re.sub(r"^(?=[.'])", r"\\&", escaped, flags=re.MULTILINE)


def _synopsis(command: argparse.ArgumentParser) -> str:
    name, rest = usage(command).split(" [", 1)
    return f".B {_roff(name)}\n[{_roff(rest)}\n.br"


def _command(command: argparse.ArgumentParser) -> Iterator[str]:
    yield f".SS {_roff(command.prog)}"
    yield _roff(" ".join((command.description or "").split()))
    yield from _options(command)
    for title, text in notes(command):
        if title not in _SECTIONS:
            yield f".PP\n{_roff(title.capitalize())}:\n{_roff(' '.join(text.split()))}"


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for title, actions in groups(parser):
        own = [action for action in actions if action.option_strings != ["-h", "--help"]]
        if own and title != "commands":
            if title not in ("options", "arguments"):
                yield f".PP\n{_roff(title.capitalize())}:"
            for action in own:
                yield f".TP\n.B {_roff(', '.join(names(action)))}\n{_roff(says(action))}"


def _shared(every: tuple[argparse.ArgumentParser, ...]) -> Iterator[str]:
    for wanted, heading in _SECTIONS.items():
        yield f".SH {heading}"
        for command in every:
            for title, text in notes(command):
                if title == wanted:
                    yield f".PP\n.B {_roff(command.prog)}\n.PP\n.nf\n{_roff(text)}\n.fi"
