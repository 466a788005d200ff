"""Where a module call leads: a directory of the repository, or nothing that is on disk.

https://developer.hashicorp.com/terraform/language/modules/sources
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cognito_lint.files import Repository
from cognito_lint.model import Problem
from cognito_lint.source import InputError
from cognito_lint.terraform import manifest
from cognito_lint.terraform.configuration import Declaration
from cognito_lint.terraform.manifest import Installed
from cognito_lint.terraform.syntax import Template
from cognito_lint.terraform.templates import repository_text

_OF_POOLS = re.compile(r"cognito|user[-_]?pool", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """`directory` is None where the source is not on disk. `looked_for` is where it should be, if that is known.
    `changed` where another source or version is installed for the call."""

    source: str
    directory: str | None
    looked_for: str | None = None
    changed: bool = False


class Sources:
    """Where the module calls below one root lead. `problem` is what is wrong with the manifest, `path`, of what is
    installed: then nothing is."""

    def __init__(self, root: str, repository: Repository) -> None:
        self.path = repository.join(root, manifest.MANIFEST)
        self.problem: Problem | None = None
        self._repository = repository
        self._installed: Mapping[str, Installed] = {}
        try:
            self._installed = manifest.read(root, repository)
        except InputError as error:
            message = f"the list of installed modules cannot be read: {error.message}"
            self.problem = Problem(error.span, message, "run terraform init again")

    def target(self, directory: str, path: str, call: Declaration) -> Target:
        """Where the call, written in `directory`, with this path of call names (`auth.inner`), leads."""
        source = source_of(call)
        there = self._installed.get(path)
        if source is None:  # OpenTofu lets it be computed, and init has put down what came of it
            installed = there is not None and self._repository.is_directory(there.directory)
            return Target(self._written(call), there.directory if there is not None and installed else None)
        if is_local(source):
            place = self._repository.join(directory, source)
            return Target(source, place if self._repository.is_directory(place) else None, place)
        wanted = _text(call, "version")
        changed = there is not None and not there.is_of(source, wanted)
        if there is not None and not changed and self._repository.is_directory(there.directory):
            return Target(source, there.directory)
        return Target(f"{source} {wanted}" if wanted else source, None, changed=changed)

    def _written(self, call: Declaration) -> str:
        attribute = call.attribute("source")
        return repository_text(self._repository, attribute.expression.span).strip('"') if attribute else ""


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
