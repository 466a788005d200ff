"""Where a module call leads: a directory of the repository, or nothing that is on disk.

https://developer.hashicorp.com/terraform/language/modules/sources
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cognito_lint.files import Repository, UnreadableError
from cognito_lint.terraform.configuration import Declaration
from cognito_lint.terraform.syntax import Template

MANIFEST = ".terraform/modules/modules.json"
_OF_POOLS = re.compile(r"cognito|user[-_]?pool", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """`directory` is None where the source is not on disk. `looked_for` is where it should be, if that is known.
    `changed` where another source or version is installed for the call."""

    source: str
    directory: str | None
    looked_for: str | None = None
    changed: bool = False


class Manifest:
    """What `terraform init` installed for a root: `modules.json`, by the path of call names (`auth.inner`)."""

    def __init__(self, root: str, repository: Repository) -> None:
        self.path = repository.join(root, MANIFEST)
        self._installed = installed(root, repository)
        self._repository = repository

    def target(self, directory: str, path: str, call: Declaration) -> Target:
        """Where the call, written in `directory`, with this path of names, leads."""
        source = source_of(call)
        if source is None:
            return Target("", None)
        if is_local(source):
            place = self._repository.join(directory, source)
            return Target(source, place if self._repository.is_directory(place) else None, place)
        wanted = _text(call, "version")
        there = self._installed.get(path)
        changed = there is not None and not there.is_of(source, wanted)
        if there is not None and not changed and self._repository.is_directory(there.directory):
            return Target(source, there.directory)
        return Target(f"{source} {wanted}" if wanted else source, None, changed=changed)


@dataclass(frozen=True, slots=True)
class Installed:
    """An entry of the manifest: the directory, and what was put there."""

    directory: str
    source: str | None
    version: str | None

    def is_of(self, source: str, versions: str | None) -> bool:
        """Whether it is what a call asks for. Where the call has changed since, Terraform wants another init."""
        if self.source is not None and _bare(self.source) != _bare(source):
            return False
        return self.version is None or versions is None or satisfies(self.version, versions)


def _bare(source: str) -> str:
    """A remote source without what may be left out of it, or is added to it when it is installed."""
    bare = re.sub(r"^(?:[a-z0-9]+::)?(?:[a-z+]+://)?(?:[^/@]+@)?", "", source)
    bare = re.sub(r"^registry\.(?:terraform|opentofu)\.[a-z]+/", "", bare).replace(".git", "")
    return bare.replace(":", "/").rstrip("/")


def satisfies(version: str, constraints: str) -> bool:
    """Whether a version meets `>= 1.2, < 2.0`; what cannot be read as that is no hindrance."""
    have = _numbers(version)
    for constraint in constraints.split(","):
        match = _CONSTRAINT.fullmatch(constraint)
        if match is None or have is None:
            continue
        wanted = _numbers(match[2]) or ()
        one, other = (numbers + (0,) * (8 - len(numbers)) for numbers in (have, wanted))
        met = {
            "=": one == other,
            "!=": one != other,
            ">": one > other,
            ">=": one >= other,
            "<": one < other,
            "<=": one <= other,
            "~>": one >= other and one[: len(wanted) - 1] == wanted[:-1],
        }
        if not met[match[1] or "="]:
            return False
    return True


_CONSTRAINT = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?([0-9]+(?:\.[0-9]+){0,7})\s*")


def _numbers(version: str) -> tuple[int, ...] | None:
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) and len(parts) <= 8 else None


def directories(root: str, repository: Repository) -> Mapping[str, str]:
    """The directories of the manifest, by path of call names."""
    return {key: found.directory for key, found in installed(root, repository).items()}


def installed(root: str, repository: Repository) -> Mapping[str, Installed]:
    """The entries of the manifest, by path of call names. One that cannot be read has none."""
    path = repository.join(root, MANIFEST)
    if ".terraform" not in repository.entries(root) or not repository.is_file(path):
        return {}
    try:
        data = json.loads(repository.text(path))
    except (UnreadableError, ValueError, RecursionError):
        return {}
    entries = data.get("Modules") if isinstance(data, dict) else None
    found: dict[str, Installed] = {}
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("Key"), str) and isinstance(entry.get("Dir"), str):
            source, version = (entry.get(word) or None for word in ("Source", "Version"))
            found[entry["Key"]] = Installed(
                repository.join(root, entry["Dir"]),
                source if isinstance(source, str) else None,
                version if isinstance(version, str) else None,
            )
    found.pop("", None)
    return found


def source_of(call: Declaration) -> str | None:
    """The text of a call's source; None if it is not a plain string."""
    return _text(call, "source")


def _text(call: Declaration, name: str) -> str | None:
    attribute = call.attribute(name)
    if attribute is None:
        return None
    expression = attribute.literal
    if not isinstance(expression, Template):
        return None
    if not expression.parts:
        return ""
    return expression.parts[0] if len(expression.parts) == 1 and isinstance(expression.parts[0], str) else None


def is_local(source: str) -> bool:
    """Whether Terraform takes the source for a directory beside the calling module."""
    return source.startswith(("./", "../")) or source in (".", "..")


def speaks_of_pools(*texts: str) -> bool:
    """Whether a name or a source says that user pools are in there."""
    return any(_OF_POOLS.search(text) for text in texts)
