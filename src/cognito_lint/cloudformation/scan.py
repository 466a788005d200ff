"""From candidate files to units: which templates are called by others, and which are judged on their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePosixPath

from cognito_lint.cloudformation import nested
from cognito_lint.cloudformation.given import Search
from cognito_lint.cloudformation.library import Library
from cognito_lint.cloudformation.template import Template
from cognito_lint.cloudformation.units import candidates_of, could_be_template, may_call, mentions_pool
from cognito_lint.discover import Inventory, excluded
from cognito_lint.files import Repository
from cognito_lint.inputs import Declared, Inputs
from cognito_lint.model import Problem, Span, Unit
from cognito_lint.work import ALONE, Work


def units(
    candidates: tuple[str, ...], inventory: Inventory, repository: Repository, inputs: Inputs, work: Work = ALONE
) -> tuple[Unit, ...]:
    """The units of the candidates, and of the callers of those that are named."""
    library = Library(repository)
    roots = _roots(candidates, inventory, repository, library, inputs)
    deployments = [
        _Deployment(root, declared, given)
        for root in roots
        for declared, given in inputs.deployed(_declared(root.path, inputs))
    ]
    answers = work.each(_Evaluation(library), deployments, shown=lambda one: one.root.path, failed=_failed)
    found = [unit for answer in answers for unit in answer.units]
    problems = {path: problem for answer in answers for path, problem in answer.problems}
    read = {file for unit in found for file in unit.files}
    for path, problem in (library.problems | problems).items():
        if path in candidates and path not in read and mentions_pool(path, repository):
            found.append(Unit(path, "cloudformation", problems=(problem,), files=frozenset({path})))
    return tuple(sorted((unit for unit in _merged(found) if _matters(unit)), key=lambda unit: unit.shown))


@dataclass(frozen=True, slots=True)
class _Root:
    """A template that nobody calls. `number` is its place among those of its file; None stands for all of them, of a
    file that calls no other."""

    path: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class _Deployment:
    """A root with the inputs that it is deployed with, and what the settings say of that."""

    root: _Root
    declared: Declared | None
    inputs: Inputs

    def named(self, unit: Unit) -> Unit:
        """The unit as this deployment of it."""
        if self.declared is None:
            return unit
        return replace(unit, files=unit.files | self.declared.files).deployed_as(self.declared.name)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of one root, and the files that could not be read on the way."""

    units: tuple[Unit, ...]
    problems: tuple[tuple[str, Problem], ...] = ()


@dataclass(frozen=True, slots=True)
class _Evaluation:
    library: Library

    def __call__(self, deployment: _Deployment) -> _Answer:
        known = len(self.library.problems)
        templates = _templates(deployment.root, self.library)
        units = (nested.evaluate(template, self.library, deployment.inputs) for template in templates)
        return _Answer(tuple(map(deployment.named, units)), tuple(islice(self.library.problems.items(), known, None)))


def _declared(path: str, inputs: Inputs) -> tuple[Declared, ...]:
    return tuple(one for one in inputs.templates if excluded(path, (one.path,)))


def _templates(root: _Root, library: Library) -> tuple[Template, ...]:
    templates = library.templates(root.path)
    if root.number is not None:
        return (templates[root.number],)
    library.forget(root.path)  # nobody calls them: one file at a time is held
    return templates


def _failed(deployment: _Deployment, reason: str) -> _Answer:
    path = deployment.root.path
    unit = Unit(path, "cloudformation", problems=(Problem(Span(path), reason),), files=frozenset({path}))
    return _Answer((deployment.named(unit),))


def _matters(unit: Unit) -> bool:
    return bool(
        unit.pools or unit.problems or unit.notes or any(module.concerns_pools for module in unit.missing_modules)
    )


def _merged(found: Iterable[Unit]) -> list[Unit]:
    """One unit for each file and deployment of it, whatever the number of its documents."""
    merged: dict[str, Unit] = {}
    for unit in found:
        first = merged.get(unit.shown)
        merged[unit.shown] = (
            unit
            if first is None
            else replace(
                first,
                pools=first.pools + unit.pools,
                problems=first.problems + unit.problems,
                missing_modules=first.missing_modules + unit.missing_modules,
                files=first.files | unit.files,
                notes=first.notes + unit.notes,
                ignores=first.ignores + unit.ignores,
            )
        )
    return list(merged.values())


def _roots(
    candidates: Iterable[str], inventory: Inventory, repository: Repository, library: Library, inputs: Inputs
) -> list[_Root]:
    """The templates that none of the others calls. Of a circle of calls, the first stands for all.

    The files that call none, most of a repository, are not read yet.
    """
    scanned = dict.fromkeys(candidates)
    scanned.update(dict.fromkeys(_callers(inventory.named, repository, library)))
    scanned.update(dict.fromkeys(_given(inventory.named, repository, inputs)))
    callers = [path for path in scanned if may_call(path, repository)]
    numbered = {
        template: _Root(path, number) for path in callers for number, template in enumerate(library.templates(path))
    }
    templates = list(numbered)
    reach = {template: library.reachable(template) for template in templates}
    called = {path for template, paths in reach.items() for path in paths if path != template.path}
    roots = [template for template in templates if template.path not in called]
    covered = {path for root in roots for path in (root.path, *reach[root])}
    for template in templates:
        if template.path not in covered:
            roots.append(template)
            covered |= {template.path, *reach[template]}
    alone = scanned.keys() - covered - set(callers)
    return [numbered[root] for root in roots] + [_Root(path) for path in sorted(alone)]


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


def _given(named: frozenset[str], repository: Repository, inputs: Inputs) -> list[str]:
    """The templates whose parameter files, by the settings, are among the named files."""
    globs = tuple(one.path for one in inputs.templates if one.files & named)
    if not globs:
        return []
    boundaries = sorted({repository.boundary_of(path) for path in named})
    everywhere = (file for boundary in boundaries for file in repository.walk(boundary) if excluded(file, globs))
    return list(candidates_of(everywhere, repository))


def unused_parameters(
    candidates: tuple[str, ...], inventory: Inventory, repository: Repository, inputs: Inputs
) -> dict[str, dict[str, str]]:
    """The given parameters that no template takes, each with the reason: under "" those of the command line, and under
    the path of an entry of the settings those of its own that no template which it matches takes."""
    library = Library(repository)
    of_all = Search(inputs.parameters)
    of_entries: dict[tuple[str, str], Search] = {}

    roots = _roots(candidates, inventory, repository, library, inputs)
    for root in roots:
        entries = _declared(root.path, inputs)
        for template in _templates(root, library):
            of_all.ask(template)
            for one in entries:
                of_entries.setdefault((one.path, one.name), Search(one.parameters)).ask(template)
    asked = {root.path for root in roots}
    for path in inventory.files:  # templates without pools have parameters too
        entries = _declared(path, inputs)
        searches = [of_all, *(of_entries[key] for one in entries if (key := (one.path, one.name)) in of_entries)]
        needles = tuple(name.encode() for search in searches for name in search.left)
        if path in asked or not needles or not (path in inventory.named or could_be_template(path)):
            continue
        if not repository.mentions(path, needles):
            continue
        for template in library.templates(path):
            for search in searches:
                search.ask(template, called=path in candidates)
    found = {"": of_all} | {f"{path} ({name})" if name else path: one for (path, name), one in of_entries.items()}
    return {path: reasons for path, search in found.items() if (reasons := search.reasons())}
