"""`--parameters FILE`: the forms in which AWS's own tools keep template parameters.

https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack.html (a list of ParameterKey and
ParameterValue), https://docs.aws.amazon.com/codepipeline/latest/userguide/cfn-template-configuration.html
(`{"Parameters": {…}}`; with a list it is the input of create-stack),
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/git-sync-concepts-terms.html
(`{"template-file-path": …, "parameters": {…}}`, in JSON or YAML), and the plain map.
"""

from __future__ import annotations

import json
import re
from typing import Any

from cognito_lint.model import Span
from cognito_lint.source import InputError

YAML = (".yaml", ".yml")
_MOST_LEVELS = 10
_BOOLEAN = re.compile("^(?:yes|no|on|off)$", re.IGNORECASE)


class ParameterFileError(InputError):
    """The file has none of the forms."""


class _Open(str):
    """`no` and the like without quotes in YAML: nobody says whether AWS reads a text or a Boolean there."""

    __slots__ = ()


def read(text: str, path: str) -> dict[str, str | None]:
    """The parameters of a file by name, with None for what the file leaves open: the value that the stack has.

    Raises ParameterFileError.
    """
    document = _yaml(text, path) if path.endswith(YAML) else _json(text, path)
    if isinstance(document, dict):
        for section in ("Parameters", "parameters"):  # a deployment file of Git sync has the latter
            if isinstance(document.get(section), dict | list):
                document = document[section]
                break
    if isinstance(document, dict):
        return {name: _text(value, name, path) for name, value in document.items()}
    if isinstance(document, list):
        return dict(_entry(item, path) for item in document)
    raise ParameterFileError(
        Span(path), 'write {"Name": "value"} or [{"ParameterKey": "Name", "ParameterValue": "value"}]'
    )


def _json(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        message = f"it is not JSON: {getattr(error, 'msg', error)}"
        raise ParameterFileError(Span(path, line, column, line, column + 1), message) from error


def _yaml(text: str, path: str) -> Any:
    """YAML with every scalar as it is written; what only YAML 1.1 takes for a Boolean stays `_Open`."""
    import yaml

    class Loader(yaml.BaseLoader):
        pass

    Loader.add_implicit_resolver("!open", _BOOLEAN, list("yYnNoO"))
    Loader.add_constructor("!open", lambda _loader, node: _Open(node.value))
    try:
        depth = 0
        for event in yaml.parse(text, Loader=Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > _MOST_LEVELS:
                message = "a file of parameters is read without YAML aliases, and not deeper than a few levels"
                raise ParameterFileError(_place(path, event.start_mark), message)
        return yaml.load(text, Loader=Loader)  # noqa: S506
    except yaml.YAMLError as error:
        message = f"it is not YAML: {getattr(error, 'problem', None) or error}"
        raise ParameterFileError(_place(path, getattr(error, "problem_mark", None)), message) from error


def _place(path: str, mark: Any) -> Span:
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Span(path, line, column, line, column + 1)


def _entry(item: Any, path: str) -> tuple[str, str | None]:
    if isinstance(item, str) and "=" in item:  # `aws cloudformation deploy --parameter-overrides file://…`
        name, _, value = item.partition("=")
        return name, value
    if not isinstance(item, dict) or not isinstance(item.get("ParameterKey"), str):
        raise ParameterFileError(Span(path), f"this entry has no ParameterKey: {json.dumps(item)[:80]}")
    name = item["ParameterKey"]
    if item.get("UsePreviousValue") in (True, "true") and "ParameterValue" not in item:
        return name, None
    return name, _text(item.get("ParameterValue", ""), name, path)


def _is_function(value: Any) -> bool:
    """Whether the value is an expression of the template around, as Amplify writes them into its parameters.json."""
    return isinstance(value, dict) and len(value) == 1 and all(key == "Ref" or key.startswith("Fn::") for key in value)


def _text(value: Any, name: str, path: str) -> str | None:
    if isinstance(value, _Open) or _is_function(value):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        parts = [_text(part, name, path) for part in value]
        return None if None in parts else ",".join(map(str, parts))
    raise ParameterFileError(Span(path), f"the value of {name} is not a text")
