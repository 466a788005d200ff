"""What a cfn-lint rule answers: the command's findings about the host's template, as cfn-lint's own matches.

Imported only inside cfn-lint. A rule is a class of a few lines below `cfn_rules/`; everything else is here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from cognito_lint.adapters.evaluation import Evaluation, Question, evaluate
from cognito_lint.adapters.layout import Layout, lay_out
from cognito_lint.files import Repository
from cognito_lint.model import Finding, Level, Span
from cognito_lint.rules import RULES

_LEVELS: Mapping[str, Level] = {"E": "error", "W": "warning", "I": "note"}
_STDIN = "stdin.json"
_UNREADABLE = "ECOG900"
_ABOUT = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html"
_EXPANDED = (
    "cfn-lint expands Fn::ForEach before its rules see a template from standard input, with made-up values where it "
    "knows none: give the template as a file"
)


class CognitoLintRule(CloudFormationLintRule):  # type: ignore[misc]
    """A rule of cognito-lint in cfn-lint. `id` is cfn-lint's severity letter and cognito-lint's own id."""

    source_url = _ABOUT
    tags = ["cognito", "security"]  # noqa: RUF012 - cfn-lint's own declaration is a list

    def __init__(self) -> None:
        super().__init__()
        rule = next((rule for rule in RULES if rule.id == self.id[1:]), None)
        self.shortdesc = rule.name if rule else ""
        self.description = rule.summary if rule else ""
        self.config_definition = {"strict": {"default": False, "type": "boolean"}}
        self.configure()

    def configure(self, configs: Any = None, experimental: Any = False) -> None:
        """cfn-lint's entry: it configures every rule before it asks the first."""
        super().configure(configs, experimental)
        if self.config.get("strict"):
            _strict.add(self.id)
        else:
            _strict.discard(self.id)

    def match(self, cfn: Any) -> list[Any]:
        """The matches of this rule in one template, under each set of parameters that cfn-lint was given.

        Raises RuntimeError where our own code fails: cfn-lint reports it as E0002, by its message alone.
        """
        if _expanded(cfn):
            return [RuleMatch(["Resources"], _EXPANDED)] if self.id == _UNREADABLE else []
        try:
            views = _views(cfn, bool(_strict))
        except Exception as error:
            raise RuntimeError(f"cognito-lint itself failed: {type(error).__name__}: {error}") from error
        return [
            _match(
                finding,
                view,
                cfn.template,
                everywhere=len(views) > 1 and all(finding in other.findings for other in views),
            )
            for view in views
            for finding in view.findings
            if finding.rule == self.id[1:] and finding.level == _LEVELS[self.id[0]] and not finding.suppressed
        ]


# The ids of the rules that are configured as strict. One evaluation answers them all, and what is strictly no error is
# another rule's warning: so strict for one is strict for all.
_strict: set[str] = set()


# ---- the template as cfn-lint is about to check it -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _View:
    """One template under one set of parameters, and what is found about it.

    `layout` leads from our lines to cfn-lint's paths where the template came from standard input; it is None where the
    template is a file that both read.
    """

    evaluation: Evaluation
    file: str
    findings: tuple[Finding, ...]
    layout: Layout | None = None
    parameters_from: str | None = None


# A view must not hold the template that it is kept for: neither would ever be let go.
_known_views: WeakKeyDictionary[Any, dict[bool, list[_View]]] = WeakKeyDictionary()


def _views(cfn: Any, strict: bool) -> list[_View]:
    """The template under each of cfn-lint's parameter sets, evaluated once for all rules."""
    known = _known_views.setdefault(cfn, {})
    if strict not in known:
        # cfn-lint has parameter sets since 1.23
        sets = getattr(getattr(cfn, "context", None), "parameter_sets", None) or [None]
        known[strict] = [_view(cfn, strict, parameters) for parameters in sets]
    return known[strict]


def _view(cfn: Any, strict: bool, parameter_set: Any) -> _View:
    given = parameter_set.parameters if parameter_set is not None else {}
    parameters = tuple(sorted((str(name), _text(value)) for name, value in given.items()))
    source = getattr(parameter_set, "source", None)
    if cfn.filename:
        answer = _evaluate(str(cfn.filename), parameters, strict)
        file = answer.shown(str(cfn.filename))
        return _View(answer, file, _findings(answer, file), None, source)
    text, layout = lay_out(cfn.template)
    question = Question(
        (_STDIN,), "cloudformation", parameters=parameters, strict=strict, held=((_STDIN, text.encode()),)
    )
    answer = evaluate(question)
    return _View(answer, _STDIN, _findings(answer, _STDIN), layout, source)


def _findings(answer: Evaluation, file: str) -> tuple[Finding, ...]:
    """What is about this template. A nested stack is evaluated with its callers, which cfn-lint checks on their own."""
    candidates = (*answer.pools_in_file.get(file, ()), *answer.pools_of_unit.get(file, ()))
    pools = {id(judged): judged for judged in candidates}.values()
    about = [finding for judged in pools for finding in answer.of(judged)]
    about += answer.about_files.get(file, ())
    return tuple(sorted(about, key=lambda finding: (finding.span, finding.rule, finding.message)))


_first: dict[tuple[tuple[tuple[str, str], ...], bool], str] = {}


def _evaluate(file: str, parameters: tuple[tuple[str, str], ...], strict: bool) -> Evaluation:
    """The evaluation of a template together with its callers.

    cfn-lint hands over one file after the other, and each time the repository would be searched for callers. So from
    the second file with the same inputs on the whole repository is evaluated, once: a template's verdict is the same
    either way.
    """
    alone = Question((file,), "cloudformation", parameters=parameters, strict=strict)
    if _first.setdefault((parameters, strict), file) == file:
        return evaluate(alone)
    # all files of a directory lie in one repository, but for links that lead out of it
    place = file if Path(file).is_symlink() else os.path.dirname(file)
    everything = evaluate(replace(alone, paths=(_boundary(Path.cwd(), place),)))
    return everything if everything.shown(file) in everything.files else evaluate(alone)


@lru_cache(maxsize=1024)
def _boundary(working_directory: Path, path: str) -> str:
    """The top of the repository that holds a path, from the working directory."""
    return Repository(working_directory).boundary_of(path)


def _expanded(cfn: Any) -> bool:
    """Whether cfn-lint alone knows the template, and has rewritten it."""
    return not cfn.filename and bool(cfn.transform_pre.get("Fn::ForEach"))


def _text(value: object) -> str:
    """A parameter's value as CloudFormation takes it: text, a list joined by commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(_text(item) for item in value)
    return str(value)


# ---- a finding as cfn-lint shows it --------------------------------------------------------------------------------


def _match(finding: Finding, view: _View, template: Any, *, everywhere: bool) -> Any:
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


def _spans(finding: Finding, view: _View) -> Iterator[Span]:
    """Where a finding may be shown, the best place first."""
    yield finding.span
    yield from (step.span for step in finding.trace)
    yield from _declarations(finding, view)


def _declarations(finding: Finding, view: _View) -> Iterator[Span]:
    judged = view.evaluation.pools.get((finding.unit, finding.address))
    if judged is not None:
        yield judged.pool.anchor
        yield judged.pool.span


def _path(finding: Finding, view: _View, template: Any, here: Span | None) -> list[str | int]:
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


def _message(finding: Finding, view: _View, here: Span | None) -> str:
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
