"""What `terraform init` installed for a root module: `.terraform/modules/modules.json`, before anything is resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cognito_lint.files import Repository
from cognito_lint.source import InputError

if TYPE_CHECKING:
    from cognito_lint.json_source import JsonNode

MANIFEST = ".terraform/modules/modules.json"
_CONSTRAINT = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?([0-9]+(?:\.[0-9]+){0,7})\s*")


@dataclass(frozen=True, slots=True)
class Installed:
    """An entry of the manifest: the directory, and what was put there; "" is what the manifest does not say."""

    directory: str
    source: str
    version: str

    def is_of(self, source: str, versions: str | None) -> bool:
        """Whether it is what a call asks for. Where the call has changed since, Terraform wants another init."""
        if self.source and _bare(self.source) != _bare(source):
            return False
        return not self.version or versions is None or satisfies(self.version, versions)


def read(root: str, repository: Repository) -> Mapping[str, Installed]:
    """The entries of a root's manifest by path of call names (`auth.inner`); none where there is no manifest.

    Raises InputError where it is not what `terraform init` writes.
    """
    path = repository.join(root, MANIFEST)
    if ".terraform" not in repository.entries(root) or not repository.is_file(path):
        return {}
    from cognito_lint.json_source import scan  # most roots have no manifest and no JSON

    found = dict(_entries(scan(repository.text(path), path), root, repository))
    found.pop("", None)  # the root itself
    return found


def directories(root: str, repository: Repository) -> Mapping[str, str]:
    """The directories of the manifest, by path of call names. A manifest that cannot be read has none."""
    try:
        return {key: found.directory for key, found in read(root, repository).items()}
    except InputError:
        return {}


def _entries(manifest: JsonNode, root: str, repository: Repository) -> Iterator[tuple[str, Installed]]:
    _require(manifest, dict, "the manifest is no object")
    modules = manifest.get("Modules")
    if modules is None or modules.value is None:
        return
    _require(modules, list, '"Modules" is no list')
    for entry in modules.elements():
        _require(entry, dict, 'an entry of "Modules" is no object')
        key, directory = _text(entry, "Key"), repository.join(root, _text(entry, "Dir"))
        yield key, Installed(directory, _text(entry, "Source"), _text(entry, "Version"))


def _text(entry: JsonNode, name: str) -> str:
    node = entry.get(name)
    if node is None or node.value is None:
        return ""
    _require(node, str, f'"{name}" is no string')
    return str(node.value)


def _require(node: JsonNode, kind: type, otherwise: str) -> None:
    if not isinstance(node.value, kind):
        raise InputError(node.span, otherwise)


def _bare(source: str) -> str:
    """A remote source without what may be left out of it, or is added to it when it is installed."""
    bare = re.sub(r"^(?:[a-z0-9]+::)?(?:[a-z+]+://)?(?:[^/@]+@)?", "", source)
    bare = re.sub(r"^registry\.(?:terraform|opentofu)\.[a-z]+/", "", bare).replace(".git", "")
    return bare.replace(":", "/").rstrip("/")


def satisfies(version: str, constraints: str) -> bool:
    """Whether a version meets `>= 1.2, < 2.0`; what cannot be read as that is no hindrance.

    https://developer.hashicorp.com/terraform/language/expressions/version-constraints
    """
    have = _numbers(version)
    if have is None:
        return True
    return all(_meets(have, constraint) for constraint in constraints.split(","))


def _meets(have: tuple[int, ...], constraint: str) -> bool:
    match = _CONSTRAINT.fullmatch(constraint)
    wanted = _numbers(match[2]) if match else None
    if match is None or wanted is None:
        return True
    one, other = (numbers + (0,) * (8 - len(numbers)) for numbers in (have, wanted))
    return {
        "=": one == other,
        "!=": one != other,
        ">": one > other,
        ">=": one >= other,
        "<": one < other,
        "<=": one <= other,
        "~>": one >= other and one[: len(wanted) - 1] == wanted[:-1],
    }[match[1] or "="]


def _numbers(version: str) -> tuple[int, ...] | None:
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) and len(parts) <= 8 else None
