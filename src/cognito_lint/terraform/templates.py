"""Evaluating templates: quoted strings, heredocs, directives, and the texts of template files.

https://developer.hashicorp.com/terraform/language/expressions/strings
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cognito_lint import worlds
from cognito_lint.model import Span, Step, Trace
from cognito_lint.terraform import affixes, loops, operators
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.identities import Site, derived
from cognito_lint.terraform.syntax import Broken, Template, TemplateFor, TemplateIf, TemplatePart
from cognito_lint.terraform.traces import with_trace
from cognito_lint.terraform.types import STRING
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    attempted,
    lift,
    size,
    string,
)

if TYPE_CHECKING:
    from cognito_lint.files import Repository
    from cognito_lint.terraform.expressions import Budget, Evaluator
    from cognito_lint.terraform.functions import FileAccess

MAX_TEXT = 1_048_576


def evaluate(evaluator: Evaluator, node: Template) -> Result:
    """The template's string; a single interpolation and nothing else keeps its type."""
    if not node.parts:
        return string("", (Step(node.span, "decided here"),))
    if len(node.parts) == 1:
        (part,) = node.parts
        if isinstance(part, str):
            return string(part, (Step(node.span, "decided here"),))
        if not isinstance(part, TemplateIf | TemplateFor):
            return evaluator.evaluate(part)
    result = _join(_parts(evaluator, node.parts), evaluator.site(node.span), (Step(node.span, "decided here"),))
    evaluator.scope.budget.spend(size([result]))
    return result


def _parts(evaluator: Evaluator, parts: Sequence[TemplatePart]) -> list[Result]:
    return [_part(evaluator, part) for part in parts]


def _part(evaluator: Evaluator, part: TemplatePart) -> Result:
    if isinstance(part, str):
        return string(part)
    if isinstance(part, TemplateIf):
        return _if(evaluator, part)
    if isinstance(part, TemplateFor):
        return _for(evaluator, part)
    value = operators.refuse_null(
        evaluator.evaluate(part), "Invalid template interpolation value: the expression result is null."
    )
    try:
        return convert(value, STRING)
    except EvaluationError as error:
        raise EvaluationError(f"Invalid template interpolation value: {error}.") from error


def _if(evaluator: Evaluator, node: TemplateIf) -> Result:
    site = evaluator.site(node.span)
    condition = operators.refuse_null(evaluator.boolean(node.condition), "Null condition: the condition value is null.")

    def text(parts: Sequence[TemplatePart]) -> Result:
        return _join(_parts(evaluator, parts), site)

    if isinstance(condition, Known):
        return text(node.then if condition.data else node.otherwise)

    def attempt(parts: Sequence[TemplatePart]) -> Result:
        return evaluator.scope.budget.doubts.part(lambda: attempted(text, parts))

    def choose(value: Plain) -> Result:
        return worlds.choose(operators.truth(value), lambda: attempt(node.then), lambda: attempt(node.otherwise))

    return lift(choose, condition)


def _for(evaluator: Evaluator, node: TemplateFor) -> Result:
    site = evaluator.site(node.span)

    def build(collection: Plain) -> Result:
        if isinstance(collection, UnknownValue):
            operation, operands = evaluator.meaning(node)
            return derived(STRING, operation, (collection, *operands), site)
        texts: list[Result] = []
        for key, value in loops.items(collection):
            evaluator.scope.budget.spend()  # a body of text alone evaluates nothing that would count
            names = {node.value: value} if node.key is None else {node.key: key, node.value: value}
            texts += _parts(evaluator.within(names), node.body)
        return _join(texts, site)

    return loops.of_each(evaluator, build, loops.collection(evaluator, node.collection))


def _join(parts: Iterable[Result], site: Site, trace: Trace = ()) -> Result:
    """The parts one after the other. Raises BoundError past MAX_TEXT."""
    everything = list(parts)

    def build(*texts: Plain) -> Result:
        if any(isinstance(text, UnknownValue) for text in texts):
            return replace(derived(STRING, "template", texts, site), affixes=affixes.of_parts(texts))
        written = [str(text.data) for text in texts if not isinstance(text, UnknownValue)]
        if sum(map(len, written)) > MAX_TEXT:
            raise BoundError(f"a text is longer than the bound of {MAX_TEXT:,} characters")
        steps = dict.fromkeys(step for text in texts for step in text.trace)
        return string("".join(written), (*steps, *trace))

    return lift(build, *everything)


class TemplateScope:
    """The scope of a template's text: its variables alone."""

    has_functions = True

    def __init__(self, budget: Budget, files: FileAccess, name: str, nesting: int) -> None:
        self.key = f"template {name}|"
        self.budget = budget
        self.files = files
        self.nesting = nesting

    def refer(self, name: str, steps: Sequence[str | Result], site: Site) -> tuple[Result, int]:  # noqa: ARG002
        """Nothing but the template's variables has a meaning in it."""
        raise EvaluationError(f'vars map does not contain key "{name}"')

    def source(self, span: Span) -> str:
        """The name of the template: its text is no file of ours to quote."""
        return span.file


def render(evaluator: Evaluator, text: str, name: str, variables: Mapping[str, Result], depth: int) -> Result:
    """The result of a template's text with these variables. Raises EvaluationError."""
    from cognito_lint.terraform.expressions import Evaluator as Inner
    from cognito_lint.terraform.reader import parse_template

    template = parse_template(text, name)
    if isinstance(template, Broken):
        raise EvaluationError(f"{name}: {template.reason}")
    scope = TemplateScope(evaluator.scope.budget, evaluator.scope.files, name, depth)
    result = scope.budget.doubts.part(lambda: Inner(scope, variables, evaluator.depth).evaluate(template))
    if name.startswith("<"):  # no file, so no place that a trace could name
        return with_trace(result, lambda trace: tuple(step for step in trace if step.span.file != name))
    return result


def repository_text(repository: Repository, span: Span) -> str:
    """The source at a span of one file, on as many lines as it has."""
    lines = repository.text(span.file, tolerant=True).split("\n")[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)
