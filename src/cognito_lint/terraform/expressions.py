"""Evaluating expressions: a syntax tree and a scope become a result.

https://developer.hashicorp.com/terraform/language/expressions. What a name outside the expression stands for is the
scope's business; errors are raised as EvaluationError and caught by `try`, `can`, or whoever asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from cognito_lint.model import Span, Step
from cognito_lint.terraform import access, calls, conditionals, loops, operators, templates
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.doubts import Doubts
from cognito_lint.terraform.functions import FileAccess
from cognito_lint.terraform.identities import Site, derived, short
from cognito_lint.terraform.syntax import (
    Binary,
    Broken,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    GetAttribute,
    Index,
    Literal,
    Object,
    Splat,
    SplatElement,
    Template,
    TemplateFor,
    Tuple,
    Unary,
    Variable,
)
from cognito_lint.terraform.traces import read
from cognito_lint.terraform.types import ANY, BOOL, STRING
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Plain,
    Result,
    UnknownValue,
    boolean,
    failure,
    lift,
    null,
    number,
    object_of,
    size,
    tuple_of,
)
from cognito_lint.worlds import Subject

MAX_DEPTH = 400
MAX_TOTAL_DEPTH = 2_500
Names = Mapping[str, Result]
_SPLAT = "*"


class Budget:
    """How many expressions one unit may evaluate, so that no configuration runs for ever."""

    MAX_STEPS = 300_000

    def __init__(self) -> None:
        self._left = self.MAX_STEPS
        self._written: dict[int, tuple[object, str]] = {}
        self.depth = 0
        self.doubts = Doubts()

    def spend(self, steps: int = 1) -> None:
        """Count one step, or several. Raises BoundError past the bound."""
        self._left -= steps
        if self._left < 0:
            raise BoundError(f"evaluating it takes more than {self.MAX_STEPS:,} steps")

    def written(self, node: Expression | TemplateFor) -> str:
        """The tree of an expression as text, without its place."""
        if id(node) not in self._written:
            self._written[id(node)] = node, repr(node)  # the node is kept so that its id stays its own
        return self._written[id(node)][1]

    @property
    def spent(self) -> int:
        """How many steps were counted."""
        return self.MAX_STEPS - self._left


class Scope(Protocol):
    """What the names of an expression stand for in one module instance."""

    key: str
    budget: Budget
    files: FileAccess
    has_functions: bool
    nesting: int  # how many templates it is inside of

    def refer(self, name: str, steps: Sequence[str | Result], site: Site) -> tuple[Result, int]:
        """What `name` and the steps after it (attribute names, evaluated indexes) refer to, and how many of the steps
        that took; `site` is the whole reference. Raises EvaluationError."""

    def source(self, span: Span) -> str:
        """The text at a span, for messages."""


class SourceSite:
    """A site whose key and text are made when something needs them: most values are known, and then nothing does."""

    __slots__ = ("_scope", "_span")

    def __init__(self, scope: Scope, span: Span) -> None:
        self._scope = scope
        self._span = span

    @property
    def key(self) -> str:
        """The expression's place."""
        span = self._span
        return f"{self._scope.key}{span.file}:{span.line}:{span.column}-{span.end_line}:{span.end_column}"

    @property
    def text(self) -> str:
        """The expression's source."""
        return self._scope.source(self._span)


class Evaluator:
    """Evaluates expressions in a scope. `names` are those of `for`, `dynamic`, `each` and `count`, innermost last."""

    def __init__(self, scope: Scope, names: Names | None = None, depth: int = 0) -> None:
        self.scope = scope
        self.names = dict(names or {})
        self.depth = depth

    def within(self, names: Names) -> Evaluator:
        """An evaluator that knows more names."""
        return Evaluator(self.scope, {**self.names, **names}, self.depth)

    def site(self, span: Span) -> Site:
        """The place of an expression, for identities and messages."""
        return SourceSite(self.scope, span)

    def evaluate(self, expression: Expression) -> Result:
        """The result. Raises EvaluationError, BoundError or TooManyWorldsError."""
        budget = self.scope.budget
        budget.spend()
        if self.depth >= MAX_DEPTH:
            raise BoundError(f"an expression is nested deeper than the bound of {MAX_DEPTH}")
        if budget.depth >= MAX_TOTAL_DEPTH:
            raise BoundError(
                f"names refer to each other through more than the bound of {MAX_TOTAL_DEPTH:,} expressions"
            )
        self.depth += 1
        budget.depth += 1
        try:
            function = _EVALUATE[type(expression)]
            if budget.doubts.watching:
                return budget.doubts.watch(expression, lambda: function(self, expression))
            return function(self, expression)
        finally:
            self.depth -= 1
            budget.depth -= 1

    def attempt(self, expression: Expression) -> Result:
        """`evaluate`, with an error of Terraform's as the result's only world."""
        try:
            return self.evaluate(expression)
        except EvaluationError as error:
            return failure(error)

    def boolean(self, expression: Expression) -> Result:
        """A condition's result as a bool."""
        result = self.evaluate(expression)
        self.scope.budget.doubts.condition(result)
        return convert(result, BOOL)

    def meaning(self, node: Expression | TemplateFor) -> tuple[str, list[Result]]:
        """What an expression means here, as an operation and its operands: the same wherever the same is written in
        one module instance, with names that stand for the same."""
        written = self.scope.budget.written(node)
        return f"{self.scope.key}{short(written)}", [value for name, value in self.names.items() if name in written]

    def render(self, text: str, name: str, variables: Mapping[str, Result], depth: int) -> Result:
        """The result of a template's text with these variables alone. Raises EvaluationError."""
        return templates.render(self, text, name, variables, depth)

    def decode(self, text: str, name: str) -> Result:
        """The object that a tfvars file's text holds. Raises EvaluationError."""
        from cognito_lint.terraform import variables

        return variables.decoded(text, name, self.scope)


def _literal(_: Evaluator, node: Literal) -> Result:
    trace = (Step(node.span, "decided here"),)
    if node.value is None:
        return null(ANY, trace)
    if isinstance(node.value, bool):
        return boolean(node.value, trace)
    return number(node.value, trace)


def _broken(_: Evaluator, node: Broken) -> Result:
    # not an error that `try` could catch: Terraform does not get as far as evaluating
    return UnknownValue(ANY, node.reason, Subject(f"broken {node.span}", "an expression that cannot be read"))


def _template(evaluator: Evaluator, node: Template) -> Result:
    return templates.evaluate(evaluator, node)


def _tuple(evaluator: Evaluator, node: Tuple) -> Result:
    return tuple_of([evaluator.evaluate(item) for item in node.items], (Step(node.span, "decided here"),))


def _object(evaluator: Evaluator, node: Object) -> Result:
    keys: list[Result] = []
    values: list[Result] = []
    for key, value in node.items:
        name = operators.refuse_null(evaluator.evaluate(key), "Null value as key: can't use a null value as a key.")
        keys.append(convert(name, STRING))
        values.append(evaluator.evaluate(value))
    trace = (Step(node.span, "decided here"),)

    def build(*names: Plain) -> Result:
        entries: dict[str, Result] = {}
        for name, value in zip(names, values, strict=True):
            if isinstance(name, UnknownValue):
                return derived(ANY, "object", (*names, *values), evaluator.site(node.span), reason=name.reason)
            entries[str(name.data)] = value
        return object_of(entries, trace)

    return lift(build, *keys)


def _reference(evaluator: Evaluator, node: Variable | GetAttribute | Index) -> Result:
    """A chain of attributes and indexes: the scope takes as much of it as it knows, the rest is access."""
    root, chain = _chain(node)
    steps = [_step(evaluator, link) for link in chain]
    taken = 0
    if not isinstance(root, Variable):
        result = evaluator.evaluate(root)
    elif root.name in evaluator.names:
        result = evaluator.names[root.name]
    else:
        result, taken = evaluator.scope.refer(root.name, steps, evaluator.site(node.span))
    for link, step in zip(chain[taken:], steps[taken:], strict=True):
        site = evaluator.site(link.span)
        source = result
        result = access.attribute(source, step, site) if isinstance(step, str) else access.index(source, step, site)
        evaluator.scope.budget.doubts.access(source, step, result)
    if not isinstance(root, Variable):
        return result
    return read(result, (step for step in steps if not isinstance(step, str)), node.span)


def _chain(node: Expression) -> tuple[Expression, list[GetAttribute | Index]]:
    links: list[GetAttribute | Index] = []
    while isinstance(node, GetAttribute | Index):
        links.append(node)
        node = node.source
    return node, links[::-1]


def _step(evaluator: Evaluator, link: GetAttribute | Index) -> str | Result:
    return link.name if isinstance(link, GetAttribute) else evaluator.evaluate(link.key)


def _splat(evaluator: Evaluator, node: Splat) -> Result:
    source = evaluator.evaluate(node.source)
    return loops.of_each(evaluator, lambda value: loops.splat(evaluator, node, value), source)


def _splat_element(evaluator: Evaluator, _: SplatElement) -> Result:
    return evaluator.names[_SPLAT]


def _unary(evaluator: Evaluator, node: Unary) -> Result:
    return operators.unary(node.operator, evaluator.evaluate(node.operand), evaluator.site(node.span))


def _binary(evaluator: Evaluator, node: Binary) -> Result:
    left, right = evaluator.evaluate(node.left), evaluator.evaluate(node.right)
    evaluator.scope.budget.spend(size((left, right)))
    return operators.binary(node.operator, left, right, evaluator.site(node.span))


def _conditional(evaluator: Evaluator, node: Conditional) -> Result:
    return conditionals.evaluate(evaluator, node)


_EVALUATE: Mapping[type, Callable[..., Result]] = {
    Literal: _literal,
    Broken: _broken,
    Template: _template,
    Tuple: _tuple,
    Object: _object,
    Variable: _reference,
    GetAttribute: _reference,
    Index: _reference,
    Splat: _splat,
    SplatElement: _splat_element,
    Unary: _unary,
    Binary: _binary,
    Conditional: _conditional,
    Call: calls.call,
    ForTuple: loops.for_tuple,
    ForObject: loops.for_object,
}
