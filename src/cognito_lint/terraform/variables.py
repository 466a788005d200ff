"""Values of root variables: the command line, tfvars files, the environment, in Terraform's order of precedence.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cognito_lint import worlds
from cognito_lint.discover import is_loaded_by_itself
from cognito_lint.inputs import Inputs, VariableFile
from cognito_lint.model import Problem, Span, Step
from cognito_lint.source import Source
from cognito_lint.terraform.configuration import Declaration, Library
from cognito_lint.terraform.constraints import Constraint, parse
from cognito_lint.terraform.expressions import Budget, Evaluator, Scope
from cognito_lint.terraform.functions import FileAccess
from cognito_lint.terraform.identities import Site
from cognito_lint.terraform.reader import as_reference, parse_expression
from cognito_lint.terraform.syntax import Attribute, Broken
from cognito_lint.terraform.traces import with_trace, without_trace
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING
from cognito_lint.terraform.values import EvaluationError, Known, Plain, Result, lift, object_of, string

AUTOMATIC = ("terraform.tfvars", "terraform.tfvars.json")


class Constants:
    """The scope of a tfvars file and of a variable's default: no name and no function means anything there."""

    key = "constants|"
    has_functions = False
    nesting = 0

    def __init__(self, budget: Budget, files: FileAccess) -> None:
        self.budget = budget
        self.files = files

    def refer(self, name: str, steps: Sequence[str | Result], site: Site) -> tuple[Result, int]:  # noqa: ARG002
        """Refuses every name."""
        raise EvaluationError(f"Variables not allowed: {name} may not be used here.")

    def source(self, span: Span) -> str:  # noqa: ARG002
        """Nothing that a message would quote."""
        return "the value"


@dataclass(frozen=True, slots=True)
class _Text:
    """What the command line or the environment says: `how` names it."""

    text: str
    how: str


class RootValues:
    """The values that the user gives to the variables of one root."""

    def __init__(self, root: str, library: Library, inputs: Inputs) -> None:
        self.problems: list[Problem] = []
        self.files: set[str] = set()
        self._library = library
        self._found: dict[str, Attribute | _Text] = {
            name: _Text(text, f"TF_VAR_{name}") for name, text in inputs.environment.items()
        }
        there = library.repository.entries(root)
        for name in automatic_files(there):
            path = library.repository.join(root, name)
            self.files.add(path)
            if name in there:
                self._read(path)
        for given in inputs.variables:
            if isinstance(given, VariableFile):
                self.files.add(given.path)
                self._read(given.path)
            else:
                self._found[given.name] = _Text(given.text, f"--var {given.name}")

    def _read(self, path: str) -> None:
        found = self._library.file(path)
        if isinstance(found, Problem):
            self.problems.append(found)
            return
        self.problems += found.problems
        self._found.update(found.body.attributes)

    def value(self, name: str, declaration: Declaration, evaluator: Evaluator) -> Result | None:
        """The value given to a variable, not yet converted; None if there is none. Raises EvaluationError."""
        given = self._found.get(name)
        if given is None:
            return None
        if isinstance(given, Attribute):
            return constant(given, evaluator)
        step = Step(declaration.block.span, f"set by {given.how}")
        if is_literal(declaration):
            return string(given.text, (step,))
        expression = parse_expression(given.text, declaration.block.span.file)
        if isinstance(expression, Broken):
            raise EvaluationError(f"the value that {given.how} gives cannot be read: {expression.reason}")
        return with_trace(evaluator.evaluate(expression), lambda _: (step,))


def automatic_files(entries: Iterable[str]) -> tuple[str, ...]:
    """The files of a root's directory that Terraform loads by itself, the later before the earlier in precedence, and
    those that it would load if they were there."""
    return (*AUTOMATIC, *sorted(name for name in entries if is_loaded_by_itself(name) and name not in AUTOMATIC))


def constant(attribute: Attribute, evaluator: Evaluator) -> Result:
    """The value of a tfvars line or of a default. Raises EvaluationError."""
    return evaluator.evaluate(attribute.literal)


def decoded(text: str, name: str, around: Scope) -> Result:
    """The object that a tfvars file's text holds, asked for in a scope. Raises EvaluationError."""
    from cognito_lint.terraform.hcl_bodies import BodyParser

    parser = BodyParser(Source(name, text))
    body = parser.file()
    evaluator = Evaluator(Constants(around.budget, around.files))
    for problem in parser.problems:
        raise EvaluationError(f"invalid tfvars syntax: {problem.message}")
    for block in body.blocks:
        raise EvaluationError(f"invalid tfvars syntax: a {block.type} block is not expected here")
    # the text has no place in any file for a trace to name
    return object_of({name: without_trace(constant(found, evaluator)) for name, found in body.attributes.items()})


def is_literal(declaration: Declaration) -> bool:
    """Whether Terraform takes the text of the command line as it is, not as an expression."""
    attribute = declaration.attribute("type")
    if attribute is None:
        return True
    try:
        constraint = parse(as_reference(attribute.expression), _no_default)
    except EvaluationError:
        return True
    return constraint.type in (STRING, NUMBER, BOOL)


def _no_default(_: object) -> Result:
    return Known(ANY, None)


def without_null(result: Result, default: Result | None, message: str) -> Result:
    """What a variable with `nullable = false` makes of its value: the default where it is null.

    Raises EvaluationError where there is no default and it is sure to be null.
    """

    def one(value: Plain) -> Result:
        if isinstance(value, Known):
            if value.data is not None:
                return value
            if default is None:
                raise EvaluationError(message)
            return default
        if not value.nullable or value.error:
            return value
        present = replace(value, nullable=False)
        if default is None:
            return present
        return worlds.choose(worlds.holds(value.subject, "null"), lambda: default, lambda: present)

    return lift(one, result)


def merged_constraint(declaration: Declaration, constants: Evaluator) -> Constraint:
    """What the variable's `type` asks for. Raises EvaluationError.

    The type of an override file counts, but not the defaults of its optional attributes: Terraform and OpenTofu keep
    those of the block that is overridden (internal/configs/module_merge.go).
    """
    constraint = _constraint(declaration.attribute("type"), constants)
    if not declaration.overrides:
        return constraint
    return constraint.with_defaults_of(_constraint(declaration.block.body.attributes.get("type"), constants))


def _constraint(attribute: Attribute | None, constants: Evaluator) -> Constraint:
    if attribute is None:
        return Constraint()
    return parse(as_reference(attribute.expression), constants.evaluate)


def default_of(declaration: Declaration, name: str, constraint: Constraint, constants: Evaluator) -> Result | None:
    """The variable's default: in the type of the block that it stands in, then in that of the variable as a whole.

    Raises EvaluationError.
    """
    for body in reversed(declaration.layers):
        attribute = body.attributes.get("default")
        if attribute is not None:
            value = constant(attribute, constants)
            if declaration.overrides:
                value = accepted(value, _constraint(body.attributes.get("type"), constants), name)
            return accepted(value, constraint, name)
    return None


def accepted(result: Result, constraint: Constraint, name: str) -> Result:
    """The value in the variable's type. Raises EvaluationError."""
    try:
        return constraint.accept(result)
    except EvaluationError as error:
        message = f"Invalid value for input variable: the value given to var.{name} is not suitable: {error}."
        raise EvaluationError(message) from error
