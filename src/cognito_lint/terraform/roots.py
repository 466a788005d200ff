"""Which directories are root modules: found by bytes first, then by the calls that the files really make."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cognito_lint.discover import VARIABLE_SUFFIXES, Inventory
from cognito_lint.files import Repository, UnreadableError

if TYPE_CHECKING:
    from cognito_lint.terraform.configuration import Library

_SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")
_NEEDLES = (b"ognito", b"OGNITO", b"ser_pool", b"ser-pool", b"serpool", b"serPool", b"\\u00")
_CALL = (b"module", b"\\u00")
_LOCAL_SOURCE = re.compile(rb'"?source"?\s*[=:]\s*"(\.{1,2}(?:/[^"\n]*)?)"')
_ASIDE = frozenset({"examples", "example", "test", "tests"})


@dataclass(frozen=True, slots=True)
class _Lead:
    """Where the files of a directory may lead, and whether they speak of pools, or of calls, as far as their bytes
    tell."""

    targets: frozenset[str]
    speaks: bool
    calls: bool


class Reach:
    """The module directories of the scanned paths, and which of them lead to something that speaks of pools.

    Commented calls count here: what is too much is left out once the files are parsed.
    """

    def __init__(self, inventory: Inventory, repository: Repository, declared: Iterable[str] = ()) -> None:
        self._repository = repository
        self._leads: dict[str, _Lead] = {}
        self._named = _named_directories(inventory)
        directories = {
            _parent(file) for file in inventory.files if _is_module_file(file) and file not in inventory.named
        }
        self._asked = sorted(directories)
        self._around: list[str] = []
        if self._named or _other_files(inventory):
            self._around = self._using(inventory)
        everything = dict.fromkeys((*self._asked, *self._around, *self._named, *declared))
        self.candidates = [directory for directory in everything if self._speaks(directory)]

    def roots(self, library: Library) -> list[str]:
        """The root modules among the candidates: those that nobody calls, or that examples and tests alone call."""
        candidates = {self._repository.canonical(directory): directory for directory in reversed(self.candidates)}
        calls = self._all_calls(candidates, library)
        called: dict[str, set[str]] = {}
        for caller, targets in calls.items():
            for target in targets - {caller}:
                called.setdefault(target, set()).add(caller)
        roots = {one for one in candidates if all(_is_aside(caller, one) for caller in called.get(one, ()))}
        covered = {one for root in roots for one in _reached(root, calls)}
        left = {one: _reached(one, calls) for one in sorted(candidates) if one not in covered}
        for one, reached in left.items():
            heads_circle = all(other in reached for other, beyond in left.items() if one in beyond)
            if heads_circle and one not in covered:  # a circle of calls: its first module stands for all
                roots.add(one)
                covered |= reached
        return sorted(candidates[root] for root in roots)

    def others(self) -> list[str]:
        """The scanned module directories that lead to nothing that speaks of pools, and that no other one may call."""
        canonical = self._repository.canonical
        called = {canonical(target) for at in self._leads for target in self._lead(at).targets}
        return [one for one in self._asked if one not in self.candidates and canonical(one) not in called]

    def _all_calls(self, candidates: Iterable[str], library: Library) -> dict[str, set[str]]:
        """The calls of the candidates, and of what they call outside the scanned paths."""
        calls: dict[str, set[str]] = {}
        waiting = list(candidates)
        while waiting:
            directory = waiting.pop()
            if directory not in calls:
                calls[directory] = self._calls(directory, library)
                waiting += (target for target in calls[directory] if self._speaks(target))
        return calls

    def _reach(self, directory: str) -> Iterator[str]:
        """The directory, and each that its modules may call, however indirectly."""
        seen: set[str] = set()
        waiting = [directory]
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                yield at
                waiting += self._lead(at).targets

    def _speaks(self, directory: str) -> bool:
        """Whether the directory, or one that it may call, holds a file that speaks of pools."""
        return any(self._lead(at).speaks for at in self._reach(directory))

    def _lead(self, directory: str) -> _Lead:
        if directory not in self._leads:
            targets: set[str] = set()
            calls = False
            speaks = self._repository.unlisted(directory) is not None  # for all that is known
            for name in self._repository.entries(directory):
                if not _is_module_file(name):
                    continue
                path = self._repository.join(directory, name)
                data = self._data(path)
                targets |= self._local_sources(directory, data)
                calls = calls or any(needle in data for needle in _CALL)
                speaks = self._repository.mentions(path, _NEEDLES) or speaks
            if ".terraform" in self._repository.entries(directory):
                from cognito_lint.terraform.manifest import directories

                targets.update(directories(directory, self._repository).values())
            self._leads[directory] = _Lead(frozenset(targets), speaks, calls)
        return self._leads[directory]

    def _data(self, path: str) -> bytes:
        try:
            return self._repository.read(path)
        except UnreadableError:
            return b""

    def _local_sources(self, directory: str, data: bytes) -> set[str]:
        found = (match.decode("utf-8", "replace") for match in _LOCAL_SOURCE.findall(data))
        return {self._repository.join(directory, source) for source in found}

    def _using(self, inventory: Inventory) -> list[str]:
        """The directories of the repository that lead to a named file's module, or that name a file of another kind."""
        found: set[str] = set()
        others = _other_files(inventory)
        for boundary in sorted({self._repository.boundary_of(file) for file in inventory.named}):
            directories = {_parent(file) for file in self._repository.walk(boundary) if _is_module_file(file)}
            for directory in sorted(directories):
                if self._leads_to(directory, self._named) or self._names_file(directory, others):
                    found.add(directory)
        return sorted(found)

    def _leads_to(self, directory: str, goals: Iterable[str]) -> bool:
        wanted = {self._repository.canonical(goal) for goal in goals}
        return any(self._repository.canonical(at) in wanted for at in self._reach(directory))

    def _names_file(self, directory: str, files: Iterable[str]) -> bool:
        needles = tuple(PurePosixPath(file).name.encode() for file in files)
        return bool(needles) and any(self._mentions(at, needles) for at in self._reach(directory))

    def _mentions(self, directory: str, needles: tuple[bytes, ...]) -> bool:
        """Whether a module file of the directory holds one of the needles."""
        names = filter(_is_module_file, self._repository.entries(directory))
        return any(self._repository.mentions(self._repository.join(directory, name), needles) for name in names)

    def _calls(self, directory: str, library: Library) -> set[str]:
        """The directories that a module calls, for either engine."""
        from cognito_lint.terraform.manifest import directories
        from cognito_lint.terraform.sources import is_local, source_of

        found = {
            self._repository.canonical(place)
            for key, place in directories(directory, self._repository).items()
            if "." not in key
        }
        if not self._lead(directory).calls:  # then nothing needs to be parsed here and now
            return found
        for module in (library.module(directory), library.module(directory, "opentofu")):
            for call in module.calls.values():
                source = source_of(call)
                if source is not None and is_local(source):
                    found.add(self._repository.canonical(self._repository.join(directory, source)))
        return found


def _named_directories(inventory: Inventory) -> list[str]:
    """The modules of the files that were given by name, there or deleted with all their directory held."""
    return sorted(
        {_parent(file) for file in inventory.named if _is_module_file(file) or file.endswith(VARIABLE_SUFFIXES)}
    )


def _other_files(inventory: Inventory) -> list[str]:
    """The named files that expressions may read, or that are given as values."""
    return [file for file in inventory.named if not _is_module_file(file)]


def _reached(start: str, calls: Mapping[str, set[str]]) -> set[str]:
    """A directory and all that it calls, however indirectly."""
    found = {start}
    waiting = [start]
    while waiting:
        new = calls.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _is_module_file(path: str) -> bool:
    return path.endswith(_SUFFIXES)


def _parent(file: str) -> str:
    return posixpath.dirname(file) or "."


def _is_aside(caller: str, callee: str) -> bool:
    """Whether the caller lies below an examples or test directory that the callee is not in."""
    one, other = PurePosixPath(caller).parts, PurePosixPath(callee).parts
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return bool(_ASIDE & set(one[shared:]))
