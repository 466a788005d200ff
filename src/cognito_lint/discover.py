"""The first stage: from the paths that the user gives to the files that could hold a user pool."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import PurePosixPath

from cognito_lint.files import Repository

TEMPLATE_SUFFIXES = frozenset({".yaml", ".yml", ".json", ".template"})  # in capitals, too
SUFFIXES = TEMPLATE_SUFFIXES | {".tf", ".tofu", ".tfvars"}
TERRAFORM_SUFFIXES = (".tf", ".tofu", ".tfvars", ".tf.json", ".tofu.json", ".tfvars.json")  # a module's own files
VARIABLE_SUFFIXES = (".tfvars", ".tfvars.json")
_PLACES = ("./", "../", "/")
_MOST_STARS = 4


@dataclass(frozen=True, slots=True)
class Inventory:
    """`files` are all that the walk met, as shown, sorted. `named` are the files that the user gave by name, there or
    deleted; `directories` the directories. A named file stands in `files` whatever its suffix.

    `passed_over` are the directories that were not entered and the files that a glob left out, each with the reason;
    `others` the files of other suffixes, and `unlisted` the directories that could not be listed, each with the reason.
    """

    files: tuple[str, ...]
    named: frozenset[str] = frozenset()
    directories: tuple[str, ...] = ()
    passed_over: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    others: tuple[str, ...] = field(default=(), compare=False)
    unlisted: tuple[tuple[str, str], ...] = ()


def discover(paths: Iterable[str], repository: Repository, exclude: Iterable[str] = ()) -> Inventory:
    """The files at and below `paths`, without those that match an `exclude` glob.

    A glob is matched with the path as shown, with each of its parent directories, and with the bare name. One that
    begins with `./` or `/` is first made such a path.
    """
    globs = tuple(repository.shown(glob) if glob.startswith(_PLACES) else glob for glob in exclude)
    files: set[str] = set()
    named: set[str] = set()
    directories: list[str] = []
    others: list[str] = []
    passed_over: list[tuple[str, str]] = []
    unlisted: dict[str, str] = {}
    for path in paths:
        shown = repository.shown(path)
        if repository.is_directory(shown):
            directories.append(shown)
            for file in repository.walk(
                shown, lambda place, reason: passed_over.append((place, reason)), unlisted.__setitem__
            ):
                if ending(file) in SUFFIXES:
                    files.add(file)
                else:
                    others.append(file)
        else:
            named.add(shown)
    files |= named
    kept = sorted(file for file in files if not excluded(file, globs)) if globs else sorted(files)
    if globs:
        passed_over += ((file, f"--exclude {_excluding(file, globs)}") for file in files.difference(kept))
        others = [file for file in others if not excluded(file, globs)]
    return Inventory(
        files=tuple(kept),
        named=frozenset(named),
        directories=tuple(directories),
        passed_over=tuple(passed_over),
        others=tuple(others),
        unlisted=tuple((place, reason) for place, reason in sorted(unlisted.items()) if not excluded(place, globs)),
    )


def is_loaded_by_itself(file: str) -> bool:
    """Whether Terraform loads a variable file of this name from a root module's directory without being told to."""
    name = posixpath.basename(file)
    return name in ("terraform.tfvars", "terraform.tfvars.json") or name.endswith((".auto.tfvars", ".auto.tfvars.json"))


def ending(file: str) -> str:
    """The suffix, in small letters for templates: what deploys those takes any name. Terraform knows its own alone."""
    suffix = posixpath.splitext(file)[1]
    return suffix.lower() if suffix.lower() in TEMPLATE_SUFFIXES else suffix


def excluded(file: str, globs: Iterable[str]) -> bool:
    """Whether one of the globs leaves the file out."""
    return _excluding(file, globs) is not None


def _excluding(file: str, globs: Iterable[str]) -> str | None:
    """The first of the globs that leaves the file out."""
    path = PurePosixPath(file)
    candidates = [path.as_posix(), path.name, *(parent.as_posix() for parent in path.parents)]
    return next((glob for glob in globs if any(_matches(name, glob.rstrip("/")) for name in candidates)), None)


def _matches(name: str, glob: str) -> bool:
    return any(fnmatch(name, one) for one in _readings(glob))


@lru_cache(maxsize=256)
def _readings(glob: str) -> tuple[str, ...]:
    """A glob, and what it is where `**/` stands for no directory at all."""
    found = [""]
    *before, last = glob.split("**/", _MOST_STARS)
    for part in before:
        found = [reading + part + stars for reading in found for stars in ("**/", "")]
    return tuple(reading + last for reading in found)


def json_inputs(inventory: Inventory, others: tuple[str, ...]) -> Iterator[str]:
    """The files that may hold a JSON document told by its content: `.json` ones and those that the user named, without
    those whose endings (`others`) say that they are something else."""
    for file in inventory.files:
        if not file.endswith(others) and (ending(file) == ".json" or file in inventory.named):
            yield file


def below(path: str, directory: str) -> bool:
    """Whether a path is the directory or lies below it, both as shown: `..` holds the working directory too."""
    inner, outer = PurePosixPath(path).parts, PurePosixPath(directory).parts
    up = sum(part == ".." for part in inner)
    if all(part == ".." for part in outer):
        return up <= len(outer)
    return inner[: len(outer)] == outer
