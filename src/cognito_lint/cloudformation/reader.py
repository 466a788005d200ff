"""Bytes → the documents of a file, whatever its ending: the stage "read" of this wing."""

from __future__ import annotations

from cognito_lint.cloudformation.nodes import Node, ScalarNode
from cognito_lint.cloudformation.source import Source
from cognito_lint.files import Repository, UnreadableError


def read(path: str, repository: Repository) -> tuple[Source, tuple[Node, ...]]:
    """The text of a file and the tree of each document in it. Raises UnreadableError."""
    source = Source(path, repository.text(path))
    return source, documents(source)


def documents(source: Source) -> tuple[Node, ...]:
    """The tree of each document in a text. Raises UnreadableError.

    What starts as JSON does is read as JSON, else as YAML, of which JSON is nearly a part.
    """
    path = source.path
    refused: UnreadableError | None = None
    says_json = path.lower().endswith(".json")
    if says_json or source.text.lstrip()[:1] in ("{", "["):
        from cognito_lint.cloudformation import json_reader

        try:
            return (json_reader.read(source),)
        except UnreadableError as error:
            refused = error
    from cognito_lint.cloudformation import yaml_reader

    try:
        found = yaml_reader.read(source)
    except UnreadableError:
        if refused is not None and (says_json or path.lower().endswith(".template")):
            raise refused from None
        raise
    if refused is not None and says_json and all(isinstance(document, ScalarNode) for document in found):
        raise refused  # a comment before the first brace makes one long text of it
    return found
