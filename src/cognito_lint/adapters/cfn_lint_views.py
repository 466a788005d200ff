"""The template that cfn-lint is about to check, evaluated under each set of parameters that cfn-lint was given."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from cognito_lint.adapters.evaluation import Evaluation, Question, evaluate
from cognito_lint.adapters.layout import Layout, lay_out
from cognito_lint.files import Repository
from cognito_lint.model import Finding

_STDIN = "stdin.json"


@dataclass(frozen=True, slots=True)
class View:
    """One template under one set of parameters, and what is found about it.

    `layout` leads from our lines to cfn-lint's paths where the template came from standard input; it is None where the
    template is a file that both read.
    """

    evaluation: Evaluation
    file: str
    findings: tuple[Finding, ...]
    layout: Layout | None = None
    parameters_from: str | None = None


def is_expanded(cfn: Any) -> bool:
    """Whether cfn-lint alone knows the template, and has rewritten it."""
    return not cfn.filename and bool(cfn.transform_pre.get("Fn::ForEach"))


# A view must not hold the template that it is kept for: neither would ever be let go.
_known: WeakKeyDictionary[Any, dict[bool, list[View]]] = WeakKeyDictionary()


def views_of(cfn: Any, strict: bool) -> list[View]:
    """The template under each of cfn-lint's parameter sets, evaluated once for all rules."""
    known = _known.setdefault(cfn, {})
    if strict not in known:
        # cfn-lint has parameter sets since 1.23
        sets = getattr(getattr(cfn, "context", None), "parameter_sets", None) or [None]
        known[strict] = [_view(cfn, strict, parameters) for parameters in sets]
    return known[strict]


def _view(cfn: Any, strict: bool, parameter_set: Any) -> View:
    given = parameter_set.parameters if parameter_set is not None else {}
    parameters = tuple(sorted((str(name), _text(value)) for name, value in given.items()))
    source = getattr(parameter_set, "source", None)
    if cfn.filename:
        answer = _evaluate(str(cfn.filename), parameters, strict)
        file = answer.shown(str(cfn.filename))
        return View(answer, file, _findings(answer, file), None, source)
    text, layout = lay_out(cfn.template)
    question = Question(
        (_STDIN,), "cloudformation", parameters=parameters, strict=strict, held=((_STDIN, text.encode()),)
    )
    answer = evaluate(question)
    return View(answer, _STDIN, _findings(answer, _STDIN), layout, source)


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


def _text(value: object) -> str:
    """A parameter's value as CloudFormation takes it: text, a list joined by commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(_text(item) for item in value)
    return str(value)
