"""What Terraform does not let an override file say (between reading and resolving).

https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.model import Problem, Span
from cognito_lint.terraform.syntax import Block, Body, Tuple, blocks_of

_AT_TOP = ("check", "import", "moved")
_ADVICE = "move it to a file that is no override file"


def misplaced(body: Body) -> Iterator[Problem]:
    """The blocks of an override file that stand only in other files."""
    for block in body.blocks:
        if block.type in _AT_TOP:
            yield _problem(block.span, f"{block.type} blocks")


def refusals(block: Block) -> Iterator[Problem]:
    """What an overriding block holds that does not merge: checks, and dependencies."""
    body = block.body
    if block.type == "variable":
        checks = blocks_of(body, "validation")
    elif block.type == "output":
        checks = blocks_of(body, "precondition")
    else:
        rules = blocks_of(body, "lifecycle")
        checks = tuple(
            check
            for rule in rules
            for word in ("precondition", "postcondition")
            for check in blocks_of(rule.body, word)
        )
    for check in checks:
        yield _problem(check.span, f"{check.type} blocks")
    depends = body.attributes.get("depends_on")
    if depends is not None and isinstance(depends.expression, Tuple) and depends.expression.items:
        yield _problem(depends.span, "the argument depends_on")


def _problem(span: Span, what: str) -> Problem:
    return Problem(span, f"an override file cannot override {what}", _ADVICE)
