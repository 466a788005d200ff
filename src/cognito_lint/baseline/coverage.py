"""What a run looked at, so that a baseline never takes what was not looked at for mended."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from cognito_lint.discover import TERRAFORM_SUFFIXES, Inventory, below
from cognito_lint.files import Repository
from cognito_lint.model import Unit


class Coverage:
    """The units of one run, and what there would be to look at where none is."""

    def __init__(self, inventory: Inventory, repository: Repository, units: Iterable[Unit]) -> None:
        self._inventory = inventory
        self._repository = repository
        self._met = frozenset(inventory.files)
        self._unreadable = {path for file in repository.unreadable for path in (file, _directory(file))}
        self._troubled: set[str] = set()
        self._absent: dict[str, set[str]] = {}
        self._evaluated: set[str] = set()
        for unit in units:
            self._evaluated.add(unit.path)
            self._absent.setdefault(unit.shown, set()).update(module.address for module in unit.missing_modules)
            if unit.problems:
                self._troubled.add(unit.shown)

    def judged(self, unit: str, address: str | None) -> bool:
        """Whether the unit was judged, and nothing hides this address: no unreadable file, no module that is not
        there."""
        if unit not in self._absent or unit in self._troubled:
            return False
        modules = self._absent[unit]
        return address is None or not any(_inside(address, module) for module in modules)

    def gone(self, unit: str, address: str | None) -> bool:
        """Whether the run looked where the unit was and found it no more.

        A run that was given files by name alone says nothing of other places. Where there is still something to read,
        all of it must have been met (`--exclude` and the directories that the walk leaves out make nothing gone), and
        none may speak of the module or nested stack that the address leads through: it may not be on disk. A deployment
        is gone where its path was evaluated, but only as others.
        """
        repository, path = self._repository, self._path(unit)
        if unit in self._absent or not self._inventory.directories or path in self._unreadable:
            return False
        if any(below(path, directory) for directory, _ in self._inventory.unlisted):
            return False
        if not repository.present(path) or (path != unit and path in self._evaluated):
            return True
        files = [path]
        if repository.is_directory(path):
            names = (name for name in repository.entries(path) if name.endswith(TERRAFORM_SUFFIXES))
            files = [repository.join(path, name) for name in names]
        through = _first_part(address)
        return (
            self.looked(unit)
            and self._met.issuperset(files)
            and not (through and any(repository.mentions(file, (through.encode(),)) for file in files))
        )

    def looked(self, unit: str) -> bool:
        """Whether the place of the unit lies below what the run was given."""
        path = self._path(unit)
        return any(below(path, directory) for directory in self._inventory.directories)

    def _path(self, unit: str) -> str:
        """The path of a unit that an entry names as `PATH` or, one of several deployments, as `PATH (NAME)`: the
        longest that is there, for a path may hold parentheses itself."""
        path = unit
        while not self._repository.present(path) and unit.endswith(")"):
            path, found, _ = path.rpartition(" (")
            if not found:
                return unit
        return path


def _directory(file: str) -> str:
    return PurePosixPath(file).parent.as_posix()


def _inside(address: str, module: str) -> bool:
    return address == module or address.startswith((f"{module}.", f"{module}[", f"{module}/"))


def _first_part(address: str | None) -> str | None:
    """The name of the module or nested stack that an address leads through first."""
    if address is None:
        return None
    if address.startswith("module."):
        return re.split(r"[.\[]", address)[1]
    stack, sign, _ = address.partition("/")
    return stack if sign else None
