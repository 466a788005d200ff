"""The commands besides `check`: what the rules say, where the adapters lie, whether they work."""

from __future__ import annotations

import argparse
import json

from cognito_lint import __version__
from cognito_lint.cli.rule_ids import rule_ids
from cognito_lint.cli.shell import FINDINGS, OK, Shell, UsageError


def run(parsed: argparse.Namespace, shell: Shell) -> int:
    """Run the command that `parsed.command` names. Returns the exit code; raises UsageError."""
    if parsed.command == "explain":
        return _explain(parsed.rule, shell)
    if parsed.command == "rules":
        return _rules(parsed.format, shell)
    if parsed.command == "doctor":
        return _doctor(parsed.commands, shell)
    if parsed.command == "completion":
        return _completion(parsed.shell, shell)
    return _adapter_path(parsed.host, shell)


def _explain(name: str | None, shell: Shell) -> int:
    from cognito_lint.rules import RULES

    wanted = rule_ids([name]) if name else frozenset(rule.id for rule in RULES)
    shell.publish("\n\n".join(rule.page for rule in RULES if rule.id in wanted) + "\n")
    return OK


def _rules(form: str, shell: Shell) -> int:
    from cognito_lint.rules import RULES

    if form == "json":
        rows = [{"id": r.id, "name": r.name, "levels": list(r.levels), "summary": r.summary} for r in RULES]
        shell.publish(json.dumps({"version": __version__, "rules": rows}, indent=2) + "\n")
        return OK
    for rule in RULES:
        shell.publish(f"{rule.id}  {rule.name:32}  {'/'.join(rule.levels):13}  {rule.summary}\n")
    return OK


def _adapter_path(host: str, shell: Shell) -> int:
    from cognito_lint.adapters.folders import folder

    try:
        shell.publish(f"{folder('checkov' if host == 'checkov' else 'cfn-lint')}\n")
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    return OK


def _completion(name: str, shell: Shell) -> int:
    from cognito_lint.cli.completion import script

    shell.publish(script(name) + "\n")
    return OK


def _doctor(commands: list[str], shell: Shell) -> int:
    from cognito_lint.doctor import UnknownCommandError, examine

    try:
        diagnoses = examine(commands, shell.environment)
    except UnknownCommandError as error:
        raise UsageError(str(error)) from error
    for diagnosis in diagnoses:
        shell.publish(f"{'ok  ' if diagnosis.well else 'FAIL'}  {diagnosis.subject}: {diagnosis.sentence}\n")
        if diagnosis.advice:
            shell.publish(f"      {diagnosis.advice}\n")
    return OK if all(diagnosis.well for diagnosis in diagnoses) else FINDINGS
