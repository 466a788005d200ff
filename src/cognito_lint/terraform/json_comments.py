"""The suppressions in the comments of Terraform's JSON form: the property "//" of a resource or a module call.

A text or a list of texts says what a comment would; in an object, as the CDK for Terraform writes it, the key
`cognito-lint` holds them. https://developer.hashicorp.com/terraform/language/syntax/json#comment-properties
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cognito_lint import ignores
from cognito_lint.model import Ignore, Span
from cognito_lint.terraform.configuration import Configuration, Declaration

if TYPE_CHECKING:
    from cognito_lint.json_source import JsonMember


def ignores_of(declaration: Declaration) -> tuple[Ignore, ...]:
    """What a resource or a module call wants suppressed, its override files included."""
    members = [member for body in declaration.layers for member in body.comments]
    return tuple(ignore for member in members for ignore in _of_comment(member)) if members else ()


def everywhere(modules: Iterable[Configuration]) -> Iterator[Ignore]:
    """All that the comments of the modules' files want suppressed, wherever they stand."""
    for module in modules:
        for file in module.files:
            for member in file.comments:
                yield from _of_comment(member)


def _of_comment(member: JsonMember) -> Iterator[Ignore]:
    from cognito_lint.json_source import clean  # hardly anybody writes in JSON

    node = member.node
    for part in node.elements() if isinstance(node.value, list) else (node,):
        if isinstance(part.value, str):
            found = ignores.parse(clean(part.value), part.span)
            if found is not None:
                yield found
        for inner in part.members():
            if inner.key == ignores.SECTION:
                yield from _of_section(inner)


def _of_section(section: JsonMember) -> Iterator[Ignore]:
    def place(*keys: str) -> Span:
        at = section
        for key in keys:
            at = next((member for member in at.node.members() if member.key == key), at)
        return at.span

    yield from ignores.of_section(section.node.value, place)
