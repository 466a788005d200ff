"""`--parameters FILE`: the forms in which AWS's own tools keep template parameters.

https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack.html (a list of ParameterKey and
ParameterValue), https://docs.aws.amazon.com/codepipeline/latest/userguide/cfn-template-configuration.html
(`{"Parameters": {…}}`), and the plain map.
"""

from __future__ import annotations

import json
from typing import Any

from cognito_lint.model import Span


class ParameterFileError(Exception):
    """The file has none of the forms. `span` says where."""

    def __init__(self, span: Span, message: str) -> None:
        super().__init__(message)
        self.span = span
        self.message = message


def read(text: str, path: str) -> dict[str, str]:
    """The parameters of a file by name. Raises ParameterFileError."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        message = f"it is not JSON: {getattr(error, 'msg', error)}"
        raise ParameterFileError(Span(path, line, column, line, column + 1), message) from error
    if isinstance(document, dict) and isinstance(document.get("Parameters"), dict):
        document = document["Parameters"]
    if isinstance(document, dict):
        return {name: _text(value, name, path) for name, value in document.items()}
    if isinstance(document, list):
        return dict(_entry(item, path) for item in document)
    raise ParameterFileError(
        Span(path), 'write {"Name": "value"} or [{"ParameterKey": "Name", "ParameterValue": "value"}]'
    )


def _entry(item: Any, path: str) -> tuple[str, str]:
    if isinstance(item, str) and "=" in item:  # `aws cloudformation deploy --parameter-overrides file://…`
        name, _, value = item.partition("=")
        return name, value
    if not isinstance(item, dict) or not isinstance(item.get("ParameterKey"), str):
        raise ParameterFileError(Span(path), f"this entry has no ParameterKey: {json.dumps(item)[:80]}")
    name = item["ParameterKey"]
    return name, _text(item.get("ParameterValue", ""), name, path)


def _text(value: Any, name: str, path: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return ",".join(_text(part, name, path) for part in value)
    raise ParameterFileError(Span(path), f"the value of {name} is not a text")
