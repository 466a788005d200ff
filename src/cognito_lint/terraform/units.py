"""The door of this wing: from the inventory's files to evaluated roots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cognito_lint.discover import Inventory
from cognito_lint.files import Repository
from cognito_lint.inputs import Declared, Inputs, Variable, VariableFile
from cognito_lint.model import Problem, Span, Unit
from cognito_lint.near import aside
from cognito_lint.terraform.roots import Reach
from cognito_lint.work import ALONE, Progress, Work

if TYPE_CHECKING:
    from cognito_lint.terraform.configuration import Library


def units(inventory: Inventory, repository: Repository, inputs: Inputs, work: Work = ALONE) -> tuple[Unit, ...]:
    """One unit for each root module that has pools, or a problem that hinders a verdict."""
    work.watch(Progress("finding the root modules"))
    reach = Reach(inventory, repository, _asked(inventory, inputs))
    if not reach.candidates:
        return ()
    # the parsers are imported only if there is something to read
    from cognito_lint.deep_stack import with_deep_stack
    from cognito_lint.terraform.configuration import Library

    library = Library(repository, inputs.hcl_reader)
    deployments = tuple(_deployments(_roots(reach, library, inputs), repository, inputs))
    if not deployments:
        return ()
    from cognito_lint.terraform.evaluation import evaluate

    # one deep stack for all of them: a thread for each would cost time
    unit_of = partial(_unit, library=library, evaluate=evaluate)
    found = work.each(unit_of, deployments, shown=str, failed=_failed, room=with_deep_stack)
    return tuple(unit for unit in found if unit is not None)


def _asked(inventory: Inventory, inputs: Inputs) -> tuple[str, ...]:
    """The roots whose variable files, by the settings, are among the files that the user named."""

    def named(one: Declared) -> bool:
        return any(isinstance(given, VariableFile) and given.path in inventory.named for given in one.variables)

    return tuple(one.path for one in inputs.roots if named(one))


@dataclass(frozen=True, slots=True)
class _Deployment:
    """A root with the inputs that it is deployed with, and what the settings call that."""

    root: str
    name: str
    inputs: Inputs

    def __str__(self) -> str:
        return self.root


def _deployments(roots: Iterable[str], repository: Repository, inputs: Inputs) -> Iterator[_Deployment]:
    for root in roots:
        for declared, given in inputs.deployed(_declared(root, repository, inputs)):
            yield _Deployment(root, declared.name if declared else "", given)


def _declared(root: str, repository: Repository, inputs: Inputs) -> tuple[Declared, ...]:
    """What the settings declare of a root, whatever the names of its directory."""
    return tuple(one for one in inputs.roots if repository.canonical(one.path) == repository.canonical(root))


def _roots(reach: Reach, library: Library, inputs: Inputs) -> list[str]:
    """The root modules: those that the files show, and those that the settings declare though others call them."""
    repository = library.repository
    roots = reach.roots(library)
    found = {repository.canonical(root) for root in roots}
    declared = {repository.canonical(one.path) for one in inputs.roots} - found
    return sorted([*roots, *(one for one in reach.candidates if repository.canonical(one) in declared)])


def _unit(
    deployment: _Deployment, library: Library, evaluate: Callable[[str, Library, Inputs], Unit | None]
) -> Unit | None:
    unit = evaluate(deployment.root, library, deployment.inputs)
    return unit and unit.deployed_as(deployment.name)


def _failed(deployment: _Deployment, reason: str) -> Unit | None:
    root = deployment.root
    unit = Unit(root, "terraform", problems=(Problem(Span(root), reason),), files=frozenset({f"{root}/"}))
    return unit.deployed_as(deployment.name)


def unused_variables(inventory: Inventory, repository: Repository, inputs: Inputs) -> dict[str, dict[str, str]]:
    """The given variables that no root module declares, as Terraform would refuse them, each with the reason: under ""
    those of `--var`, and under the path of a root those that the settings give it.

    Empty where there is no root module: the variables are then meant for something else.
    """
    reach = Reach(inventory, repository, _asked(inventory, inputs))
    if not (inputs.variables or inputs.roots) or not reach.candidates:
        return {}
    from cognito_lint.terraform.configuration import Library

    library = Library(repository, inputs.hcl_reader)
    declared = {root: frozenset(library.module(root).variables) for root in _roots(reach, library, inputs)}
    found: dict[str, dict[str, str]] = {}
    left = _names(inputs.variables).difference(*declared.values()) if declared else frozenset()
    if left:
        known = frozenset().union(*declared.values(), *(library.module(one).variables for one in reach.others()))
        found[""] = {
            name: f"no checked root module declares the variable {name}{aside(name, known)}" for name in left - known
        }
    for root, names in declared.items():
        for one in _declared(root, repository, inputs):
            found.setdefault(one.path, {}).update(
                (name, f"the root module declares no variable {name}{aside(name, names)}")
                for name in _names(one.variables) - names
            )
    return {path: reasons for path, reasons in found.items() if reasons}


def _names(variables: Iterable[Variable | VariableFile]) -> frozenset[str]:
    return frozenset(variable.name for variable in variables if isinstance(variable, Variable))
