"""Hash functions: of a text's UTF-8 bytes."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable, Mapping

from cognito_lint.terraform.functions.base import Context, Function, of_text, parameters, text_of
from cognito_lint.terraform.types import STRING
from cognito_lint.terraform.values import EvaluationError, Plain, Result, string

_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


def hexadecimal(algorithm: str, data: bytes) -> str:
    """The digest in hexadecimal digits."""
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def in_base64(algorithm: str, data: bytes) -> str:
    """The digest in Base64."""
    return base64.b64encode(hashlib.new(algorithm, data, usedforsecurity=False).digest()).decode()


def _hash(digest: Callable[[str, bytes], str], algorithm: str) -> Function:
    change = of_text(lambda text: digest(algorithm, text.encode("utf-8", "surrogatepass")))
    return Function(change, parameters("str", of=STRING), STRING)


def uuidv5(_: Context, namespace: Plain, name: Plain) -> Result:
    """`uuidv5(namespace, name)`."""
    given = text_of(namespace)
    try:
        space = _NAMESPACES.get(given) or uuid.UUID(given)
    except ValueError as error:
        raise EvaluationError(f"uuidv5() doesn't support namespace {given}") from error
    return string(str(uuid.uuid5(space, text_of(name))))


FUNCTIONS: Mapping[str, Function] = {
    "base64sha256": _hash(in_base64, "sha256"),
    "base64sha512": _hash(in_base64, "sha512"),
    "md5": _hash(hexadecimal, "md5"),
    "sha1": _hash(hexadecimal, "sha1"),
    "sha256": _hash(hexadecimal, "sha256"),
    "sha512": _hash(hexadecimal, "sha512"),
    "uuidv5": Function(uuidv5, parameters("namespace", "name", of=STRING), STRING),
}
