"""One module instance: what its names stand for, each evaluated once and only when asked for."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence

from cognito_lint import worlds
from cognito_lint.model import Ignore, Span, Step
from cognito_lint.terraform import references
from cognito_lint.terraform.configuration import Configuration, Declaration
from cognito_lint.terraform.constraints import Constraint
from cognito_lint.terraform.deployment import Deployment
from cognito_lint.terraform.elements import Element
from cognito_lint.terraform.expressions import Evaluator
from cognito_lint.terraform.identities import Site, past_bound
from cognito_lint.terraform.json_comments import ignores_of
from cognito_lint.terraform.keys import STAR, Key, suffix
from cognito_lint.terraform.repetition import Repetition
from cognito_lint.terraform.syntax import Attribute
from cognito_lint.terraform.templates import repository_text
from cognito_lint.terraform.traces import passed, with_trace
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Type
from cognito_lint.terraform.unification import settled
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    failed,
    literal,
    string,
    type_of,
)
from cognito_lint.terraform.variables import Constants, accepted, default_of, merged_constraint, without_null
from cognito_lint.worlds import Choice, Split, Subject, TooManyWorldsError

MAX_MODULES = 50
_PRIMITIVES = (STRING, NUMBER, BOOL)
_NOT_HERE = {"each": "for_each", "count": "count", "self": "a provisioner"}


class Instance:
    """A module instance. `address` is what Terraform prints in front of its resources: "", `module.auth["eu"].`.

    `callers` are the headers of the calls around it, the outermost first, `ignores` what they want suppressed.
    `known` are results that need no evaluation, by what they are of (`var.mode`).
    """

    has_functions = True
    nesting = 0

    def __init__(
        self,
        deployment: Deployment,
        configuration: Configuration,
        parent: Instance | None = None,
        call: Declaration | None = None,
        key: Key = None,
        repetition: Repetition | None = None,
        *,
        known: Mapping[str, Result] | None = None,
    ) -> None:
        self.deployment = deployment
        self.configuration = configuration
        self.parent = parent
        self.call = call
        self.budget = deployment.budget
        self.files = deployment.files
        self._repository = deployment.repository
        self.path: tuple[str, ...] = ()
        self.exists: Choice[bool] = True
        self.address = ""
        self.callers: tuple[Span, ...] = ()
        self.ignores: tuple[Ignore, ...] = ()
        self._arguments: Evaluator | None = None
        if parent is not None and call is not None and repetition is not None:
            name = call.block.labels[0]
            self.path = (*parent.path, name)
            self.address = f"{parent.address}module.{name}{suffix(key)}."
            self.callers = (*parent.callers, call.block.span)
            self.ignores = (*parent.ignores, *ignores_of(call))
            self.exists = worlds.both(parent.exists, repetition.exists(key))
            self._arguments = Evaluator(parent, repetition.names(key))
        self.key = self.address
        self._called = (parent, call, key, repetition)
        self._known: dict[str, Result] = dict(known or {})
        self._waiting: list[str] = []
        self._children: dict[tuple[str, Key], Instance] = {}
        self._repetitions: dict[str, Repetition] = {}
        self.checked: dict[str, Result] = {}

    def refer(self, name: str, steps: Sequence[str | Result], site: Site) -> tuple[Result, int]:
        """What a reference stands for, and how many of its steps that took. Raises EvaluationError."""
        first = steps[0] if steps and isinstance(steps[0], str) else None
        if name in _NOT_HERE:
            return self.nothing(site.text, f"{site.text} has a meaning inside {_NOT_HERE[name]} alone"), len(steps)
        if first is None:
            return self.nothing(site.text, f"{site.text} refers to nothing that is declared"), len(steps)
        if name == "var":
            return self.variable(first), 1
        if name == "local":
            return self.local(first), 1
        if name == "path":
            return self._path(first), 1
        if name in {"terraform", "tofu"}:
            reason = "terraform.workspace is chosen when Terraform runs"
            text = f"terraform.{first}"
            return UnknownValue(STRING, reason, Subject(text, text), nullable=False), 1
        if name == "module":
            return references.module(self, first, steps, site)
        if name in {"data", "ephemeral"}:
            second = steps[1] if len(steps) > 1 and isinstance(steps[1], str) else ""
            declared = self.configuration.data if name == "data" else self.configuration.ephemeral
            declaration = declared.get((first, second))
            result, taken = references.resource(self, f"{name}.{first}.{second}", declaration, steps[2:])
            return result, min(taken + 2, len(steps))
        declaration = self.configuration.resources.get((name, first))
        result, taken = references.resource(self, f"{name}.{first}", declaration, steps[1:])
        return result, taken + 1

    def source(self, span: Span) -> str:
        """The text at a span."""
        return repository_text(self._repository, span)

    def _path(self, which: str) -> Result:
        if which == "root":
            return string(".")
        if which == "module":
            return string(posixpath.relpath(self.configuration.directory, self.deployment.root))
        return self.nothing(f"path.{which}", f"path.{which} depends on where Terraform runs")

    def nothing(self, text: str, reason: str) -> UnknownValue:
        """What `text` stands for where the files do not say it, and why they do not."""
        return UnknownValue(ANY, reason, Subject(f"{self.key}{text}", text))

    def _once(self, name: str, evaluate: Callable[[], Result], exists: Choice[bool] | None = None) -> Result:
        """The result of `evaluate`, remembered under a name. An error in it is Terraform's answer for the whole run,
        so nobody can catch it: the value is unknown where there is nothing else, and such a world is none, provided
        that what has the value `exists` there."""
        if name in self._known:
            return self._known[name]
        if name in self._waiting:
            circle = " → ".join((*self._waiting[self._waiting.index(name) :], name))
            return self.nothing(name, f"{name} refers to itself ({circle})")
        self._waiting.append(name)
        try:
            with self.budget.doubts.ignored():
                result = self._settled(name, evaluate(), self.exists if exists is None else exists)
        except EvaluationError as error:
            result = self.nothing(name, str(error))
        except (BoundError, TooManyWorldsError) as error:
            subject = Subject(f"{self.key}{name}", past_bound(name, str(error)))
            result = UnknownValue(ANY, str(error), subject, bound=True)
        finally:
            self._waiting.pop()
        self._known[name] = result
        return result

    def _settled(self, name: str, result: Result, exists: Choice[bool]) -> Result:
        flags = worlds.lift(failed, result)
        if flags is False:
            return result
        if flags is True:
            first = next(leaf for leaf in worlds.leaves(result) if isinstance(leaf, UnknownValue))
            return self.nothing(name, first.reason)
        self.deployment.require(worlds.either(worlds.negate(exists), worlds.negate(flags)))
        sound = _without_failed(result, {})
        return result if sound is None else sound

    def variable(self, name: str) -> Result:
        """The value of an input variable."""
        return self._once(f"var.{name}", lambda: self._variable(name))

    def with_value(self, name: str, value: Known) -> Instance:
        """This instance as if a variable had the value, for a condition to be tried with: what else is evaluated for
        that depends on it too, and is nobody else's business."""
        known = {f"var.{name}": value}
        return Instance(self.deployment.for_trial(), self.configuration, *self._called, known=known)

    def _constants(self) -> Evaluator:
        return Evaluator(Constants(self.budget, self.files))

    def _variable(self, name: str) -> Result:
        declaration = self.configuration.variables.get(name)
        if declaration is None:
            return self.nothing(f"var.{name}", f"the variable {name} is not declared")
        constants = self._constants()
        constraint = merged_constraint(declaration, constants)
        default = default_of(declaration, name, constraint, constants)
        nullable = not _is_false(declaration.attribute("nullable"), constants)
        given = self._given(name, declaration)
        if given is None:
            value = self._ungiven(name, declaration, constraint, default, nullable)
        else:
            value = accepted(given, constraint, name)
        if not nullable:
            value = without_null(value, default, f"Required variable not set: var.{name} may not be null.")
        if any(isinstance(leaf, UnknownValue) for leaf in worlds.leaves(value)):
            self.checked[name] = value
        return value

    def _given(self, name: str, declaration: Declaration) -> Result | None:
        if self._arguments is None or self.call is None:
            return self.deployment.values.value(name, declaration, self._constants())
        attribute = self.call.attribute(name)
        if attribute is None:
            return None
        value = self._arguments.evaluate(attribute.expression)
        step = Step(attribute.expression.span, "passed here")
        return with_trace(value, lambda trace: passed(trace, step))

    def _ungiven(
        self, name: str, declaration: Declaration, constraint: Constraint, default: Result | None, nullable: bool
    ) -> Result:
        text = f"var.{name}"
        kind = settled(constraint.type)
        trace = (Step(declaration.block.span, "declared here"),)
        if default is None:
            if self.parent is not None:
                raise EvaluationError(f'Missing required argument: the module call gives no value for "{name}".')
            reason = f"the variable {name} has no value and no default"
            return UnknownValue(kind, reason, self._subject(text, kind, nullable), nullable, trace)
        if self.parent is not None or not self.deployment.inputs.strict:
            return default
        if isinstance(default, Known) and type_of(default) in _PRIMITIVES:
            kind = type_of(default)
            subject = self._subject(text, kind, nullable)
            self.deployment.defaults[subject] = literal(default)
            reason = f"the variable {name} may take another value than its default"
            return UnknownValue(kind, reason, subject, nullable, default.trace)
        reason = f"the variable {name} may take another value than its default"
        return UnknownValue(kind, reason, self._subject(text, kind, nullable), nullable, trace)

    def _subject(self, text: str, kind: Type, nullable: bool) -> Subject:
        outcomes = (("true", "false", "null") if nullable else ("true", "false")) if kind == BOOL else None
        return Subject(f"{self.key}{text}", text, outcomes)

    def local(self, name: str) -> Result:
        """The value of a local."""
        return self._once(f"local.{name}", lambda: self._local(name))

    def _local(self, name: str) -> Result:
        attribute = self.configuration.locals.get(name)
        if attribute is None:
            return self.nothing(f"local.{name}", f"the local value {name} is not declared")
        return Evaluator(self).evaluate(attribute.expression)

    def output(self, name: str) -> Result:
        """The value of an output."""
        return self._once(f"output.{name}", lambda: self._output(name))

    def _output(self, name: str) -> Result:
        declaration = self.configuration.outputs.get(name)
        attribute = declaration.attribute("value") if declaration is not None else None
        if attribute is None:
            where = self.address.rstrip(".") or "the module"
            return self.nothing(f"output.{name}", f"{where} has no output {name}")
        return Evaluator(self).evaluate(attribute.expression)

    def calls(self) -> Iterator[tuple[str, Declaration]]:
        """The module calls."""
        return iter(self.configuration.calls.items())

    def repetition(self, name: str, declaration: Declaration) -> Repetition:
        """The instances of a module call or resource; `name` is its address inside the module."""
        if name not in self._repetitions:
            waiting = f"the instances of {name}"
            if waiting in self._waiting:
                return Repetition(Evaluator(self), declaration, name, refused=f"{name} refers to itself")
            self._waiting.append(waiting)
            try:
                with self.budget.doubts.ignored():
                    found = Repetition(Evaluator(self), declaration, name)
            finally:
                self._waiting.pop()
            self._repetitions[name] = found
            self.deployment.require(worlds.either(worlds.negate(self.exists), found.possible()), by_plan=True)
        return self._repetitions[name]

    def open_elements(self) -> Iterator[tuple[Element, Choice[bool]]]:
        """What stands for the instances of calls and resources that are not known, and where there is any."""
        for repetition in self._repetitions.values():
            element = repetition.open_element()
            if element is not None:
                yield element, worlds.both(self.exists, repetition.exists(STAR))

    def child(self, name: str, key: Key) -> Instance | None:
        """One instance of a called module; None if the module is not there. Raises BoundError."""
        call = self.configuration.calls[name]
        if (name, key) not in self._children:
            directory = self.directory_of(name)
            if directory is None:
                return None
            if len(self.path) >= MAX_MODULES:
                raise BoundError(f"modules are nested deeper than the bound of {MAX_MODULES}")
            configuration = self.deployment.load(directory)
            repetition = self.repetition(f"module.{name}", call)
            self._children[name, key] = Instance(self.deployment, configuration, self, call, key, repetition)
        return self._children[name, key]

    def directory_of(self, name: str) -> str | None:
        """Where a called module lies; None where it is not on disk or would contain itself."""
        call = self.configuration.calls[name]
        path = ".".join((*self.path, name))
        target = self.deployment.sources.target(self.configuration.directory, path, call)
        if target.directory is None or self._repository.canonical(target.directory) in self.ancestors():
            return None
        return target.directory

    def ancestors(self) -> Iterator[str]:
        """The directories of this module and of those around it, links resolved."""
        instance: Instance | None = self
        while instance is not None:
            yield self._repository.canonical(instance.configuration.directory)
            instance = instance.parent

    def attribute(self, name: str, exists: Choice[bool], evaluate: Callable[[], Result]) -> Result:
        """An attribute of a resource's instance."""
        return self._once(name, evaluate, worlds.both(self.exists, exists))


def _without_failed(result: Result, memo: dict[int, Result | None]) -> Result | None:
    """The result without the worlds in which Terraform refuses it: those are none. None if it refuses every one."""
    if not isinstance(result, Split):
        return None if failed(result) else result
    if id(result) not in memo:
        yes, no = _without_failed(result.yes, memo), _without_failed(result.no, memo)
        memo[id(result)] = no if yes is None else yes if no is None else worlds.split(result.atom, yes, no)
    return memo[id(result)]


def _is_false(attribute: Attribute | None, evaluator: Evaluator) -> bool:
    if attribute is None:
        return False
    value: Plain | Result = evaluator.attempt(attribute.expression)
    return isinstance(value, Known) and value.data in (False, "false")
