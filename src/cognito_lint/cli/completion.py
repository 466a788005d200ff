"""`cognito-lint completion`: a shell's completion script, from the parser itself, so that it knows every option."""

from __future__ import annotations

import argparse

from cognito_lint.cli.arguments import parser
from cognito_lint.report.destinations import FORMATS


def script(shell: str) -> str:
    """The script for one of `arguments.SHELLS`."""
    import shtab

    from cognito_lint.rules import RULES

    rules = [rule.id for rule in RULES]
    top = parser()
    for action in _actions(top):
        if action.metavar in ("FILE", "PATH", "COMMAND") and action.nargs != argparse.PARSER:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.metavar in ("RULE", "RULE[,RULE]"):
            action.choices = rules
        elif action.metavar == "FORMAT[=FILE]":
            action.choices = FORMATS
    return shtab.complete(top, shell=shell)


def _actions(top: argparse.ArgumentParser) -> list[argparse.Action]:
    """Everything that can be said to the command, its own commands' options among it."""
    found = list(top._actions)  # noqa: SLF001 - argparse has no other way to ask, and shtab asks so too
    for action in top._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            found += [inner for command in action.choices.values() for inner in _actions(command)]
    return found
