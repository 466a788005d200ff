"""What a `lifecycle` block keeps Terraform or OpenTofu from applying.

https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
"""

from __future__ import annotations

from cognito_lint.model import (
    Span,
)
from cognito_lint.terraform.configuration import Declaration
from cognito_lint.terraform.provider import ADD_ONS
from cognito_lint.terraform.reader import as_reference
from cognito_lint.terraform.syntax import (
    Attribute,
    Expression,
    GetAttribute,
    Index,
    Template,
    Tuple,
    Variable,
    blocks_of,
)


def ignored_changes(declaration: Declaration) -> Span | None:
    """The entry of `lifecycle.ignore_changes` that covers the add-ons.

    As Terraform merges overrides: an empty list overrides nothing, and nothing overrides `all`.
    """
    found: Span | None = None
    for body in declaration.layers:
        for block in blocks_of(body, "lifecycle"):
            attribute = block.body.attributes.get("ignore_changes")
            if attribute is None:
                continue
            expression = attribute.expression
            if _covers(expression, "all"):
                return expression.span
            if isinstance(expression, Tuple) and expression.items:
                found = next((item.span for item in expression.items if _covers_add_ons(item)), None)
    return found


def enabled(declaration: Declaration) -> Attribute | None:
    """The argument by which OpenTofu leaves out the only instance of a resource or module; Terraform has none.

    https://opentofu.org/docs/language/meta-arguments/enabled
    """
    blocks = [block for body in declaration.layers for block in blocks_of(body, "lifecycle")]
    found = [block.body.attributes["enabled"] for block in blocks if "enabled" in block.body.attributes]
    return found[-1] if found else None


def _covers_add_ons(item: Expression) -> bool:
    return _covers(item, ADD_ONS) or (isinstance(item, Template) and item.parts == ("*",))


def _covers(expression: Expression, name: str) -> bool:
    expression = as_reference(expression)
    while isinstance(expression, GetAttribute | Index):
        expression = expression.source
    return isinstance(expression, Variable) and expression.name == name
