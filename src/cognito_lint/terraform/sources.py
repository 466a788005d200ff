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
    """`directory` is None where the source is not on disk. `looked_for` is where it should be, if that is known."""

    source: str
    directory: str | None
    looked_for: str | None = None


class Manifest:
    """What `terraform init` installed for a root: `modules.json`, by the path of call names (`auth.inner`)."""

    def __init__(self, root: str, repository: Repository) -> None:
        self.path = repository.join(root, MANIFEST)
        self._directories = directories(root, repository)
        self._repository = repository

    def target(self, directory: str, path: str, call: Declaration) -> Target:
        """Where the call, written in `directory`, with this path of names, leads."""
        source = source_of(call)
        if source is None:
            return Target("", None)
        if is_local(source):
            place = self._repository.join(directory, source)
            return Target(source, place if self._repository.is_directory(place) else None, place)
        installed = self._directories.get(path)
        if installed is not None and self._repository.is_directory(installed):
            return Target(source, installed)
        return Target(source, None)


def directories(root: str, repository: Repository) -> Mapping[str, str]:
    """The directories of the manifest, by path of call names. One that cannot be read names none."""
    path = repository.join(root, MANIFEST)
    if not repository.is_file(path):
        return {}
    try:
        data = json.loads(repository.text(path))
    except (UnreadableError, ValueError, RecursionError):
        return {}
    entries = data.get("Modules") if isinstance(data, dict) else None
    found: dict[str, str] = {}
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("Key"), str) and isinstance(entry.get("Dir"), str):
            found[entry["Key"]] = repository.join(root, entry["Dir"])
    found.pop("", None)
    return found


def source_of(call: Declaration) -> str | None:
    """The text of a call's source; None if it is not a plain string."""
    attribute = call.attribute("source")
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
