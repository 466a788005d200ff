"""docs/command.md: every command and option, from the parser itself.

argparse words its own help differently from one Python to the next, so the page is laid out here.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator

from cognito_lint.cli.arguments import parser

SOURCE = "src/cognito_lint/cli/arguments.py and texts.py"


def command_page() -> tuple[str, str, str]:
    """The name below docs/, the source and the text of the page."""
    top = parser()
    parts = [f"# {top.prog}", *_about(top, "##")]
    for command in commands(top):
        parts += [f"## {command.prog}", *_about(command, "###")]
    return "command.md", SOURCE, "\n\n".join(parts) + "\n"


def commands(top: argparse.ArgumentParser) -> tuple[argparse.ArgumentParser, ...]:
    """The parsers of the commands, in the order of their declaration."""
    (found,) = (action for action in top._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    return tuple(found.choices.values())


def _about(parser: argparse.ArgumentParser, mark: str) -> Iterator[str]:
    if parser.description:
        yield " ".join(parser.description.split())
    yield f"```text\n{usage(parser)}\n```"
    for title, actions in groups(parser):
        yield f"{mark} {title[0].upper()}{title[1:]}"
        yield "\n".join(f"- {', '.join(f'`{name}`' for name in names(action))}: {says(action)}" for action in actions)
    for title, text in notes(parser):
        yield f"{mark} {title[0].upper()}{title[1:]}"
        yield f"```{'console' if text.startswith(parser.prog.split()[0]) else 'text'}\n{text}\n```"


def usage(parser: argparse.ArgumentParser) -> str:
    """The shape of a call: options are named below it, so that they are only said to be possible."""
    positional = [action for action in parser._actions if not action.option_strings]  # noqa: SLF001
    words = [parser.prog, "[OPTION]..."]
    for action in positional:
        word = str(action.metavar or action.dest)
        words.append({"*": f"[{word}]...", "?": f"[{word}]", "A...": f"{word} ..."}.get(str(action.nargs), word))
    return " ".join(words)


def groups(parser: argparse.ArgumentParser) -> Iterator[tuple[str, list[argparse.Action]]]:
    """What can be said, by group; the commands themselves are a group of the whole."""
    for group in parser._action_groups:  # noqa: SLF001
        actions = [action for action in group._group_actions if action.help != argparse.SUPPRESS]  # noqa: SLF001
        commands = [a for action in actions for a in getattr(action, "_choices_actions", ())]
        title = "commands" if commands else group.title or ""
        if commands or actions:
            yield ("options" if title == "optional arguments" else title), commands or actions


def names(action: argparse.Action) -> list[str]:
    """How an option or argument is written."""
    value = "" if action.nargs == 0 else str(action.metavar or "|".join(map(str, action.choices or ())))
    if not action.option_strings:
        return [str(action.metavar or action.dest)]
    return [f"{name} {value}".strip() for name in action.option_strings]


def says(action: argparse.Action) -> str:
    """The help of an option or argument on one line."""
    return " ".join((action.help or "").replace("%%", "%").split())


def notes(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """The parts of an epilog: a title that ends with a colon, and what is indented below it."""
    title, lines = "", list[str]()
    for line in [*(parser.epilog or "").splitlines(), "end:"]:
        if line and not line.startswith(" "):
            if title:
                yield title, textwrap.dedent("\n".join(lines)).strip()
            title, lines = line.rstrip(":"), []
        else:
            lines.append(line)
