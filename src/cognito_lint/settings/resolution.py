"""What settings mean where they stand: their paths as reports show them, their files read, their names made up."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from cognito_lint.discover import TERRAFORM_SUFFIXES
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.inputs import Declared, Variable, VariableFile
from cognito_lint.model import Ignore
from cognito_lint.settings.discovery import SettingsError
from cognito_lint.settings.settings import Deployment, Settings

_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Settings whose paths are as shown, and the deployments that they declare."""

    settings: Settings
    roots: tuple[Declared, ...] = ()
    templates: tuple[Declared, ...] = ()
    ignores: tuple[Ignore, ...] = ()


def resolve(settings: Settings, repository: Repository) -> Resolved:
    """What the settings mean. Raises SettingsError for a path that leads nowhere and for names that clash."""
    base = posixpath.dirname(settings.file) or "."

    def shown(path: str) -> str:
        return repository.join(base, path)

    roots = _named(settings.roots)
    templates = _named(settings.templates)
    return Resolved(
        replace(
            settings,
            # a glob without a slash is also matched with bare names, wherever they are
            exclude=tuple(dict.fromkeys(one for glob in settings.exclude for one in _globs(glob, shown(glob)))),
            format=None
            if settings.format is None
            else tuple(one._replace(file=one.file and shown(one.file)) for one in settings.format),
            baseline=None if settings.baseline is None else shown(settings.baseline),
        ),
        tuple(_root(one, base, repository) for one in roots),
        tuple(_template(one, base, repository) for one in templates),
        tuple(replace(one, path=None if one.path is None else shown(one.path)) for one in settings.ignores),
    )


def _globs(written: str, shown: str) -> tuple[str, ...]:
    return (shown,) if "/" in written else (written, shown)


def _named(entries: tuple[Deployment, ...]) -> list[Deployment]:
    """The entries with names: those that share a path are told apart by theirs, or by those of their files."""
    paths = Counter(posixpath.normpath(one.path) for one in entries)
    named = [
        replace(one, name="+".join(PurePosixPath(file).name.split(".")[0] for file in one.files))
        if not one.name and paths[posixpath.normpath(one.path)] > 1
        else one
        for one in entries
    ]
    seen: set[tuple[str, str]] = set()
    for one in named:
        key = (posixpath.normpath(one.path), one.name)
        if paths[key[0]] > 1 and not one.name:
            raise SettingsError(one.span, f"several entries have the path {one.path}: give this one a name")
        if key in seen:
            called = f"the path {one.path} and the name {one.name!r}" if one.name else f"the path {one.path}"
            raise SettingsError(one.span, f"two entries have {called}: give each a name of its own")
        seen.add(key)
    return named


def _root(one: Deployment, base: str, repository: Repository) -> Declared:
    path = repository.join(base, one.path)
    if not repository.is_directory(path):
        raise SettingsError(one.span, f"there is no directory {path}: path is a root module's directory")
    if not any(name.endswith(TERRAFORM_SUFFIXES) for name in repository.entries(path)):
        raise SettingsError(one.span, f"{path} is no root module: no Terraform file is in it")
    files = tuple(VariableFile(_found(file, (path, base), one, repository)) for file in one.files)
    # as Terraform's own order has it, where what is written last wins: the entry's own values over its files
    variables = tuple(Variable(name, text) for name, text in one.values.items())
    return Declared(path, one.name, (*files, *variables))


def _template(one: Deployment, base: str, repository: Repository) -> Declared:
    from cognito_lint import parameters

    path = repository.join(base, one.path)
    if not (_GLOB & set(one.path)) and not repository.present(path):
        raise SettingsError(one.span, f"there is no template {path}")
    files = tuple(_found(file, (base,), one, repository) for file in one.files)
    found: dict[str, str | None] = {}
    for file in files:
        try:
            found.update(parameters.read(repository.text(file), file))
        except (UnreadableError, parameters.ParameterFileError) as error:
            raise SettingsError(error.span, error.message) from error
    return Declared(path, one.name, parameters=found | dict(one.values), files=frozenset(files))


def _found(file: str, directories: Iterable[str], one: Deployment, repository: Repository) -> str:
    """Where a file is, looked for in each of the directories."""
    candidates = list(dict.fromkeys(repository.join(directory, file) for directory in directories))
    for candidate in candidates:
        if repository.is_file(candidate):
            return candidate
    raise SettingsError(one.span, f"there is no file {' or '.join(candidates)}")
