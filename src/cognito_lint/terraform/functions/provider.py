"""The functions of Terraform's built-in provider: values written as Terraform's own language."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from cognito_lint.terraform.functions.base import (
    Context,
    Function,
    Parameter,
    bounded,
    impossible,
    invalid,
    parameters,
    text_of,
)
from cognito_lint.terraform.types import ANY, STRING
from cognito_lint.terraform.values import MAX_NESTING, BoundError, Known, Plain, Result, literal, plain


def _written(value: Plain, indent: str = "") -> str:
    """The value as an expression, formatted as `terraform fmt` does."""
    data = value.data if isinstance(value, Known) else None
    if len(indent) > 2 * MAX_NESTING:
        raise BoundError(f"a value is nested deeper than the bound of {MAX_NESTING}")
    if isinstance(data, tuple):
        return f"[{', '.join(_written(plain(item), indent) for item in data)}]"
    if isinstance(data, Mapping):
        if not data:
            return "{}"
        deeper = f"{indent}  "
        names = {key: key if key.isidentifier() else literal(Known(STRING, key)) for key in data}
        lines = _assignments([(names[key], _written(plain(item), deeper)) for key, item in data.items()])
        return "\n".join(("{", *(f"{deeper}{line}" for line in lines), f"{indent}}}"))
    return literal(value) if isinstance(value, Known) else ""


def _assignments(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The equals signs of neighbours that take one line each stand in one column."""
    for is_long, group in itertools.groupby(pairs, key=lambda pair: "\n" in pair[1]):
        neighbours = list(group)
        width = 0 if is_long else max(len(name) for name, _ in neighbours)
        yield from (f"{name:<{width}} = {text}" for name, text in neighbours)


def encode_expr(_: Context, value: Plain) -> Result:
    """`provider::terraform::encode_expr(value)`."""
    return bounded(_written(value))


def encode_tfvars(_: Context, value: Plain) -> Result:
    """`provider::terraform::encode_tfvars(object)`."""
    if not isinstance(value, Known) or not isinstance(value.data, Mapping):
        raise invalid("value", "the value to encode must be an object whose attributes are variable values")
    if any(not key.replace("-", "_").isidentifier() for key in value.data):
        raise invalid("value", "each attribute's name must be a valid variable name")

    pairs = [(key, _written(plain(item))) for key, item in value.data.items()]
    return bounded("".join(f"{line}\n" for line in _assignments(pairs)))


def decode_tfvars(context: Context, text: Plain) -> Result:
    """`provider::terraform::decode_tfvars(text)`."""
    if context.language is None:
        return impossible(context, ANY, "provider::terraform::decode_tfvars() is not evaluated")
    return context.language.decode(text_of(text), "<decode_tfvars argument>")


FUNCTIONS: Mapping[str, Function] = {
    "provider::terraform::decode_tfvars": Function(decode_tfvars, parameters("src", of=STRING)),
    "provider::terraform::encode_expr": Function(encode_expr, (Parameter("value", ANY, null=True),), STRING),
    "provider::terraform::encode_tfvars": Function(encode_tfvars, (Parameter("value", ANY),), STRING),
}
