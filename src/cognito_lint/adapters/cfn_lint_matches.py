"""A finding as cfn-lint shows it: a message, a path that begins with the resource, and a position."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import RuleMatch

from cognito_lint.adapters.cfn_lint_views import View
from cognito_lint.model import Finding, Span


def match_of(finding: Finding, view: View, template: Any, *, everywhere: bool) -> Any:
    """A message, a path that begins with the resource, and the position in this template where there is one.

    What is found `everywhere`, with any of several sets of parameters, is one match for cfn-lint if it reads the same.
    """
    here = next((span for span in _spans(finding, view) if span.file == view.file), None)
    path = _path(finding, view, template, here)
    message = _message(finding, view, here)
    if view.parameters_from and not everywhere:
        message += f" [with the parameters of {view.parameters_from}]"
    if here is None or view.layout is not None:
        return RuleMatch(path, message)  # cfn-lint finds the position from the path
    return RuleMatch(path, message, location=(here.line - 1, here.column - 1, here.end_line - 1, here.end_column - 1))


def _spans(finding: Finding, view: View) -> Iterator[Span]:
    """Where a finding may be shown, the best place first."""
    yield finding.span
    yield from (step.span for step in finding.trace)
    yield from _declarations(finding, view)


def _declarations(finding: Finding, view: View) -> Iterator[Span]:
    judged = view.evaluation.pools.get((finding.unit, finding.address))
    if judged is not None:
        yield judged.pool.anchor
        yield judged.pool.span


def _path(finding: Finding, view: View, template: Any, here: Span | None) -> list[str | int]:
    """The resource and, where cfn-lint's template has them as plain keys, the block and the mode."""
    if finding.address is None:
        return view.layout.path_at(here.line) if view.layout is not None and here is not None else []
    # seen from a parent's template the resource is the nested stack, seen from the pool's own it is the pool
    declared_here = any(span.file == view.file for span in _declarations(finding, view))
    logical_id = finding.address.split("/")[-1 if declared_here else 0]
    path: list[str | int] = ["Resources", logical_id]
    node = template.get("Resources", {}).get(logical_id)
    for key in ("Properties", "UserPoolAddOns", "AdvancedSecurityMode") if declared_here else ():
        if not isinstance(node, dict) or key not in node:
            break
        node = node[key]
        path.append(key)
    return path


def _message(finding: Finding, view: View, here: Span | None) -> str:
    """One line. It names the pool: cfn-lint takes two matches with one text at one place for the same."""
    message = finding.message
    at = finding.span
    if here is None or here.file != at.file:
        message += f", decided at {at.file}:{at.line}:{at.column}"
    if finding.when:
        message += f" (where {'; or '.join(finding.when)})"
    if finding.help:
        message += f"; {finding.help}"
    if finding.address is not None:
        elsewhere = f" in {finding.unit}" if finding.unit != view.file else ""
        message = f"{finding.address}{elsewhere}: {message}"
    return message
