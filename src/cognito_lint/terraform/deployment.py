"""What one evaluation of one root shares: the files it read, what it met on the way, and what its values presuppose."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field

from cognito_lint import worlds
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.inputs import Inputs
from cognito_lint.model import MissingModule, Problem, Span
from cognito_lint.spaces import Requirement, Space, relevant, subjects
from cognito_lint.terraform.configuration import Configuration, Engine, Library
from cognito_lint.terraform.expressions import Budget
from cognito_lint.terraform.functions import FileAccess, FileMissingError, FileRefusedError
from cognito_lint.terraform.identities import is_late
from cognito_lint.terraform.sources import Sources
from cognito_lint.terraform.variables import RootValues
from cognito_lint.worlds import Choice, Split, Subject, TooManyWorldsError


class RootFiles:
    """The files that expressions may read, by paths relative to the root's directory. Notes which were asked for."""

    def __init__(self, root: str, repository: Repository) -> None:
        self._root = root
        self._repository = repository
        self.asked: set[str] = set()

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileMissingError, FileRefusedError."""
        if not self.exists(path):
            raise FileMissingError(path)
        try:
            return self._repository.read(self._place(path))
        except UnreadableError as error:
            raise FileRefusedError(f"{path}: {error.message}") from error

    def exists(self, path: str) -> bool:
        """Whether there is such a file. Raises FileRefusedError."""
        place = self._place(path)
        self.asked.add(place)
        return self._repository.is_file(place)

    def below(self, directory: str) -> Iterable[str]:
        """Every file below a directory, relative to it. Raises FileRefusedError."""
        place = self._place(directory)
        self.asked.add(place + "/")
        return [posixpath.relpath(file, place) for file in self._repository.walk(place, unlisted=_refuse)]

    def absolute(self, path: str) -> str:
        """Raises FileRefusedError: where the repository lies is the machine's business."""
        raise FileRefusedError(f"the absolute path of {path} depends on the machine")

    def shown(self, path: str) -> str:
        """The path as reports show it. Raises FileRefusedError."""
        return self._place(path)

    def _place(self, path: str) -> str:
        if "\0" in path:
            raise FileRefusedError("the path holds a null character")
        place = self._repository.join(self._root, path)
        if not self._repository.within(place):
            raise FileRefusedError(f"the file {path} lies outside the scanned repository; it is not read")
        return place


def _refuse(directory: str, reason: str) -> None:
    raise FileRefusedError(f"{directory}: {reason}")


@dataclass
class Deployment:
    """One root as one engine would plan it. Filled while its modules are evaluated."""

    root: str
    repository: Repository
    library: Library
    inputs: Inputs
    engine: Engine
    budget: Budget = field(default_factory=Budget)
    problems: dict[Problem, Choice[bool]] = field(default_factory=dict)
    missing: dict[str, MissingModule] = field(default_factory=dict)
    depended: set[str] = field(default_factory=set)
    directories: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    requirements: list[Requirement] = field(default_factory=list)
    defaults: dict[Subject, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._modules: list[Configuration] = []
        self._files = RootFiles(self.root, self.repository)
        self.sources = Sources(self.root, self.repository)
        self.values = RootValues(self.root, self.library, self.inputs)
        self.read |= {self.sources.path, *self.values.files}
        self.problems.update(dict.fromkeys(self.values.problems, True))
        if self.sources.problem is not None:
            self.problems[self.sources.problem] = True

    @property
    def files(self) -> FileAccess:
        """The files that expressions may read."""
        return self._files

    def load(self, directory: str) -> Configuration:
        """The module of a directory, its files and faults noted."""
        module = self.library.module(directory, self.engine)
        if directory not in self.directories:
            self.directories.add(directory)
            self._modules.append(module)
            self.read.update(file.path for file in module.files)
            self.problems.update(dict.fromkeys(module.problems, True))
        return module

    def for_trial(self) -> Deployment:
        """The same deployment, in which what is evaluated requires nothing and is at fault nowhere."""
        trial = copy(self)
        trial.requirements, trial.problems = [], {}
        return trial

    def modules(self) -> Iterable[Configuration]:
        """The modules that were loaded."""
        return self._modules

    def all_files(self) -> frozenset[str]:
        """Every file that was read or looked for, and the directories whose files make up modules, with a slash."""
        return frozenset({*self.read, *self._files.asked, *(f"{directory}/" for directory in self.directories)})

    def require(self, condition: Choice[bool], *, by_plan: bool = False) -> Requirement | None:
        """Note what must hold, since Terraform refuses any other world. What can never hold excludes nothing.

        What turns out only when other pools may have been created is not noted: it is the answer, for the pool in
        question alone. `by_plan`: Terraform refuses to plan what it cannot decide.
        """
        if not isinstance(condition, Split):
            return None
        requirement = Requirement.that(condition)
        if not by_plan and any(map(is_late, requirement.subjects)):
            return requirement
        self.requirements.append(requirement)
        return None

    def problem(self, span: Span, message: str, advice: str = "", *, where: Choice[bool] = True) -> None:
        """Note what Terraform would refuse, and in which worlds: it evaluates nothing of what it does not deploy."""
        problem = Problem(span, message, advice)
        with suppress(TooManyWorldsError):
            where = worlds.either(self.problems.get(problem, False), where)
        self.problems[problem] = where

    def space(self, choices: Iterable[Choice[object]], extra: Iterable[Requirement] = ()) -> Space:
        """The worlds that may be, as far as these choices ask."""
        used: set[Subject] = set()
        for choice in choices:
            used |= subjects(choice)
        rule: Choice[bool] = True
        for requirement in relevant([*self.requirements, *extra], used):
            with suppress(TooManyWorldsError):  # admitting more worlds than there are is the safe side
                rule = worlds.both(rule, requirement)
        used |= subjects(rule)
        return Space({}, rule, {subject: outcome for subject, outcome in self.defaults.items() if subject in used})
