"""Functions whose result no file decides: the time, chance, a private key's secret."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from cognito_lint.terraform.functions.base import (
    Context,
    Function,
    Implementation,
    Parameter,
    impossible,
    invalid,
    parameters,
    text_of,
)
from cognito_lint.terraform.identities import derived
from cognito_lint.terraform.types import NUMBER, STRING
from cognito_lint.terraform.values import Plain, Result

_PRIVATE_KEY = "PRIVATE KEY-----"


def _chance(name: str, reason: str) -> Implementation:
    def implementation(context: Context, *_: Plain) -> Result:
        return impossible(context, STRING, f"{name}() {reason}")

    return implementation


def plantimestamp(context: Context) -> Result:
    """`plantimestamp()`: one and the same time throughout a plan."""
    return derived(STRING, "plantimestamp", (), context.site, reason="plantimestamp() is the time of the plan")


def rsadecrypt(context: Context, text: Plain, key: Plain) -> Result:
    """`rsadecrypt(ciphertext, privatekey)`: not decrypted here, but refused where it could not be."""
    try:
        base64.b64decode(text_of(text), validate=True)
    except ValueError as error:
        raise invalid("ciphertext", "cipher text must be base64-encoded") from error
    if _PRIVATE_KEY not in text_of(key):
        raise invalid("privatekey", "failed to parse the key: it is no private key in PEM's form")
    reason = "rsadecrypt() is not evaluated: it decrypts a secret"
    return derived(STRING, "rsadecrypt", (text, key), context.site, reason=reason)


FUNCTIONS: Mapping[str, Function] = {
    "bcrypt": Function(
        _chance("bcrypt", "uses a random salt"),
        (Parameter("str", STRING, unknown=True),),
        STRING,
        variadic=Parameter("cost", NUMBER, unknown=True),
    ),
    "plantimestamp": Function(plantimestamp, (), STRING),
    "rsadecrypt": Function(rsadecrypt, parameters("ciphertext", "privatekey", of=STRING), STRING),
    "timestamp": Function(_chance("timestamp", "is the time of the run"), (), STRING),
    "uuid": Function(_chance("uuid", "is random"), (), STRING),
}
