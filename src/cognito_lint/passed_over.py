"""Why a file that a scan met is part of no unit: for whoever asks where their pool is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from cognito_lint.discover import SUFFIXES, TERRAFORM_SUFFIXES, VARIABLE_SUFFIXES, Inventory, is_loaded_by_itself
from cognito_lint.files import Repository
from cognito_lint.model import Unit

_SPEAKS = (b"UserPool", b"user_pool")
_TYPES = (b"AWS::Cognito::UserPool", b"aws_cognito_user_pool")
_SEARCHED = 1024 * 1024  # bytes: who writes a template with another ending writes no larger one


def reasons(inventory: Inventory, repository: Repository, units: Iterable[Unit]) -> Mapping[str, str]:
    """The paths that the walk met and no unit reads, sorted, with the reasons."""
    read = {file for unit in units for file in unit.files}
    found = dict(inventory.passed_over)
    for file in inventory.files:
        if file not in read and repository.present(file):
            found[file] = _unread(file, repository)
    for file in inventory.others:
        if file not in read and repository.size(file) <= _SEARCHED and repository.mentions(file, _TYPES):
            found[file] = f"it speaks of user pools, but below a directory only {_endings()} are read"
    return dict(sorted(found.items()))


def missing_modules(units: Iterable[Unit]) -> Iterator[tuple[str, str]]:
    """The units that call what is not on disk, each with what that is."""
    for unit in units:
        for module in unit.missing_modules:
            yield unit.shown, f"{module.address} is not on disk ({module.source}): what it declares is not seen"


def _unread(file: str, repository: Repository) -> str:
    speaks = repository.mentions(file, _SPEAKS)
    if file in repository.unreadable:
        return repository.unreadable[file].message
    if file.endswith(VARIABLE_SUFFIXES):
        if is_loaded_by_itself(file):
            return "beside it is no checked root module with user pools"
        return "Terraform loads no file of this name by itself: give it with --var-file"
    if not speaks:
        return "no mention of a user pool"
    if file.endswith(TERRAFORM_SUFFIXES):
        return "it speaks of user pools, but its module declares none and calls none that does"
    return "it speaks of user pools, but declares none: no template, plan, state or snapshot of one"


def _endings() -> str:
    *first, last = sorted(SUFFIXES)
    return f"{', '.join(first)} and {last}"


def endings(inventory: Inventory) -> Mapping[str, int]:
    """How many files are not read for their endings, by ending ("" for none): the most frequent first."""
    counts: dict[str, int] = {}
    for file in inventory.others:
        suffix = PurePosixPath(file).suffix
        counts[suffix] = counts.get(suffix, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
