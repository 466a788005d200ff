"""From candidate files to units: which templates are called by others, and which are judged on their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from cognito_lint.cloudformation import nested
from cognito_lint.cloudformation.library import Library
from cognito_lint.cloudformation.parameter_values import SHARED_PSEUDO_PARAMETERS
from cognito_lint.cloudformation.parameters import unaccepted
from cognito_lint.cloudformation.template import Template
from cognito_lint.cloudformation.units import candidates_of, may_call, mentions_pool
from cognito_lint.discover import Inventory
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
from cognito_lint.model import Unit


def units(
    candidates: tuple[str, ...], inventory: Inventory, repository: Repository, inputs: Inputs
) -> tuple[Unit, ...]:
    """The units of the candidates, and of the callers of those that are named."""
    library = Library(repository)
    found = [
        nested.evaluate(template, library, inputs) for template in _roots(candidates, inventory, repository, library)
    ]
    read = {file for unit in found for file in unit.files}
    for path, problem in library.problems.items():
        if path in candidates and path not in read and mentions_pool(path, repository):
            found.append(Unit(path, "cloudformation", problems=(problem,), files=frozenset({path})))
    return tuple(sorted((unit for unit in _merged(found) if _matters(unit)), key=lambda unit: unit.path))


def _matters(unit: Unit) -> bool:
    return bool(
        unit.pools or unit.problems or unit.notes or any(module.concerns_pools for module in unit.missing_modules)
    )


def _merged(found: Iterable[Unit]) -> list[Unit]:
    """One unit for each file, whatever the number of its documents."""
    merged: dict[str, Unit] = {}
    for unit in found:
        first = merged.get(unit.path)
        merged[unit.path] = (
            unit
            if first is None
            else replace(
                first,
                pools=first.pools + unit.pools,
                problems=first.problems + unit.problems,
                missing_modules=first.missing_modules + unit.missing_modules,
                files=first.files | unit.files,
                notes=first.notes + unit.notes,
            )
        )
    return list(merged.values())


def _roots(
    candidates: Iterable[str], inventory: Inventory, repository: Repository, library: Library
) -> Iterator[Template]:
    """The templates that none of the others calls. Of a circle of calls, the first stands for all.

    Of the files that call none, most of a repository, one at a time is read and held.
    """
    scanned = dict.fromkeys(candidates)
    scanned.update(dict.fromkeys(_callers(inventory.named, repository, library)))
    callers = [path for path in scanned if may_call(path, repository)]
    templates = [template for path in callers for template in library.templates(path)]
    reach = {template: library.reachable(template) for template in templates}
    called = {path for template, paths in reach.items() for path in paths if path != template.path}
    roots = [template for template in templates if template.path not in called]
    covered = {path for root in roots for path in (root.path, *reach[root])}
    for template in templates:
        if template.path not in covered:
            roots.append(template)
            covered |= {template.path, *reach[template]}
    yield from roots
    for path in scanned.keys() - covered - set(callers):
        yield from library.templates(path)
        library.forget(path)


def _callers(named: frozenset[str], repository: Repository, library: Library) -> list[str]:
    """The files in the repository whose templates call a named one, there or deleted, at any depth."""
    found: list[str] = []
    for boundary in sorted({repository.boundary_of(path) for path in named if not path.endswith((".tf", ".tofu"))}):
        names = {path for path in named if repository.boundary_of(path) == boundary}
        if not any(PurePosixPath(path).suffix not in (".tf", ".tofu", ".tfvars") for path in names):
            continue
        found += (
            file
            for file in candidates_of(repository.walk(boundary), repository, callers=True)
            if any(names & library.reachable(template) for template in library.templates(file))
        )
    return found


def unused_parameters(
    candidates: tuple[str, ...], inventory: Inventory, repository: Repository, inputs: Inputs
) -> frozenset[str]:
    """The given parameters that no root template takes."""
    library = Library(repository)
    unused = frozenset(inputs.parameters) - frozenset(SHARED_PSEUDO_PARAMETERS)
    for template in _roots(candidates, inventory, repository, library):
        unused &= unaccepted(inputs.parameters, template.parameters)
    return unused
