"""One root, evaluated: from its directory to a unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property, partial

from cognito_lint import spaces
from cognito_lint.inputs import Inputs
from cognito_lint.model import MissingModule, Problem, Span, Unit, UserPool
from cognito_lint.spaces import Requirement, Space, atoms
from cognito_lint.terraform import json_comments, validations
from cognito_lint.terraform.configuration import Engine, Library, has_tofu_files
from cognito_lint.terraform.deployment import Deployment
from cognito_lint.terraform.drafts import Draft, finished
from cognito_lint.terraform.engines import joined
from cognito_lint.terraform.identities import is_late
from cognito_lint.terraform.keys import Key
from cognito_lint.terraform.pools import drafts
from cognito_lint.terraform.provider import POOL, RISK_CONFIGURATION
from cognito_lint.terraform.risks import Risk, risks
from cognito_lint.terraform.scope import Instance
from cognito_lint.terraform.sources import speaks_of_pools
from cognito_lint.terraform.values import BoundError
from cognito_lint.worlds import Choice, TooManyWorldsError

MAX_MODULES = 5_000
MAX_INSTANCES = 5_000


def evaluate(root: str, library: Library, inputs: Inputs) -> Unit | None:
    """The unit of a root; None if it has neither pools nor anything to say of them.

    Recurses as deep as its bounds allow: call it with a deep stack.
    """

    def run(engine: Engine) -> tuple[Unit, bool]:
        return _Root(Deployment(root, library.repository, library, inputs, engine)).unit()

    def both() -> Unit:
        unit, differs = run("terraform")
        if not differs:
            return unit
        for_tofu, _ = run("opentofu")
        only_tofu = not any(name.endswith((".tf", ".tf.json")) for name in library.repository.entries(root))
        return for_tofu if only_tofu else joined(unit, for_tofu)

    unit = both()
    matters = unit.pools or unit.problems or any(module.concerns_pools for module in unit.missing_modules)
    return unit if matters else None


class _Root:
    """One evaluation of one root."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._reach: dict[tuple[str, str], bool] = {}
        self._drafts: list[Draft] = []
        self._risks: list[Risk] = []
        self._instances: list[Instance] = []
        self._tofu = False

    def unit(self) -> tuple[Unit, bool]:
        """The unit, and whether another engine would read other files."""
        deployment = self._deployment
        has_pools = self._reaches(deployment.root, (), frozenset())
        root = Instance(deployment, deployment.load(deployment.root))
        if has_pools:
            self._visit(root)
        mentioned = has_pools or self._mentions_pool()
        pools = self._finished()
        missing = (self._missing(module) for module in deployment.missing.values())
        problems = tuple(sorted(self._problems(), key=lambda problem: (problem.span, problem.message)))
        unit = Unit(
            path=deployment.root,
            kind="terraform",
            pools=pools,
            problems=problems if mentioned else (),
            missing_modules=tuple(sorted(missing, key=lambda module: (module.span, module.address))),
            files=deployment.all_files(),
            ignores=tuple(json_comments.everywhere(deployment.modules())),
        )
        return unit, self._tofu

    def _missing(self, module: MissingModule) -> MissingModule:
        depended = module.address in {_without_keys(address) for address in self._deployment.depended}
        return replace(module, concerns_pools=module.concerns_pools or depended)

    def _reaches(self, directory: str, path: tuple[str, ...], around: frozenset[str]) -> bool:
        """Whether a module, or one that it calls, declares a pool. Notes on the way what is missing."""
        deployment = self._deployment
        key = (directory, ".".join(path))
        if key in self._reach:
            return self._reach[key]
        module = deployment.load(directory)
        self._tofu = self._tofu or has_tofu_files(deployment.repository.entries(directory))
        unlisted = deployment.repository.unlisted(directory) is not None
        self._reach[key] = found = bool(module.of_type(POOL)) or unlisted  # for all that is known
        inside = around | {deployment.repository.canonical(directory)}
        for name, call in module.calls.items():
            inner = (*path, name)
            target = deployment.sources.target(directory, ".".join(inner), call)
            if target.directory is None:
                if target.looked_for is not None:
                    deployment.directories.add(target.looked_for)
                address = ".".join(f"module.{part}" for part in inner)
                concerns = target.changed or speaks_of_pools(name, target.source)
                deployment.missing[address] = MissingModule(address, target.source, call.block.span, concerns)
            elif deployment.repository.canonical(target.directory) in inside:
                message = f"module.{name} contains itself: its source {target.source} leads back to a module around it"
                deployment.problem(call.block.span, message, "call another module, or none")
            elif len(self._reach) >= MAX_MODULES:
                deployment.problem(call.block.span, f"the root calls more modules than the bound of {MAX_MODULES:,}")
                found = True  # for all that is known
            elif self._reaches(target.directory, inner, inside):
                found = True
        self._reach[key] = found
        return found

    def _mentions_pool(self) -> bool:
        """Whether a file that cannot be read speaks of a pool."""
        deployment = self._deployment
        files = {problem.span.file for problem in deployment.problems}
        return any(deployment.repository.mentions(file, (POOL.encode(),)) for file in files)

    def _visit(self, instance: Instance) -> None:
        self._instances.append(instance)
        self._drafts += drafts(instance, self._deployment.root)
        self._risks += risks(instance)
        for child in self._children(instance):
            if len(self._instances) + len(self._drafts) >= MAX_INSTANCES:
                span = child.call.block.span if child.call is not None else Span(self._deployment.root)
                message = f"the root has more instances of modules and pools than the bound of {MAX_INSTANCES:,}"
                self._deployment.problem(span, message, "check one of its modules at a time")
                return
            self._visit(child)

    def _children(self, instance: Instance) -> Iterator[Instance]:
        for name, call in instance.calls():
            directory = instance.directory_of(name)
            if directory is None or not self._matters(directory, (*instance.path, name)):
                continue
            repetition = instance.repetition(f"module.{name}", call)
            if repetition.refusal is not None:
                message = f"{instance.address}module.{name}: {repetition.refusal}"
                self._deployment.problem(repetition.span, message, where=instance.exists)
            for key in repetition.listed():
                child = self._child(instance, name, key)
                if child is not None:
                    yield child

    def _matters(self, directory: str, path: tuple[str, ...]) -> bool:
        if self._reach.get((directory, ".".join(path)), False):
            return True
        return bool(self._deployment.load(directory).of_type(RISK_CONFIGURATION))

    def _child(self, instance: Instance, name: str, key: Key) -> Instance | None:
        try:
            return instance.child(name, key)
        except BoundError as error:
            self._deployment.problem(instance.configuration.calls[name].block.span, str(error))
            return None

    def _finished(self) -> tuple[UserPool, ...]:
        return tuple(finished(draft, self._risks, partial(self._space, draft.pool.address)) for draft in self._drafts)

    def _problems(self) -> Iterator[Problem]:
        """What Terraform would refuse with the files' own defaults."""
        for problem, where in self._deployment.problems.items():
            try:
                space = self._space("", [where])
                found = spaces.worlds(where, space, default_only=True) or spaces.worlds(where, space)
            except TooManyWorldsError:
                yield problem  # for all that is known
            else:
                if not found or any(world.value for world in found):
                    yield problem

    def _space(self, address: str, choices: Iterable[Choice[object]], own: Iterable[Requirement] = ()) -> Space:
        """The worlds of a pool with this address. What a validation refuses only once something was created keeps
        what is in its module from being created, but maybe nothing else."""
        found = (one for module, ones in self._validations.items() if address.startswith(module) for one in ones)
        return self._deployment.space(choices, [*found, *own])

    @cached_property
    def _validations(self) -> dict[str, list[Requirement]]:
        """What the variables' own validations require, as far as the pools ask, by the address of the module for which
        it is sure to hold."""
        asked = {
            atom
            for draft in self._drafts
            for choice in (draft.pool.mode, draft.pool.deployed)
            for atom in atoms(choice)
        }
        found: dict[str, list[Requirement]] = {}
        open_elements = [one for instance in self._instances for one in instance.open_elements()]
        for instance in self._instances:
            for condition in validations.requirements(instance, asked, open_elements):
                one = Requirement.that(condition)
                module = instance.address if any(map(is_late, one.subjects)) else ""
                found.setdefault(module, []).append(one)
        return found


def _without_keys(address: str) -> str:
    """A module's address without instance keys."""
    return re.sub(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]', "", address)
