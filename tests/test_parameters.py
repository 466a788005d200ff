"""Parameter files in the forms that AWS's tools use."""

from __future__ import annotations

import pytest

from cognito_lint.parameters import ParameterFileError, read


@pytest.mark.parametrize(
    "text",
    [
        '{"Mode": "AUDIT", "Count": 2, "List": ["a", "b"], "On": true}',
        '{"Parameters": {"Mode": "AUDIT", "Count": "2", "List": "a,b", "On": "true"}}',
        '[{"ParameterKey": "Mode", "ParameterValue": "AUDIT"}, {"ParameterKey": "Count", "ParameterValue": "2"},'
        ' {"ParameterKey": "List", "ParameterValue": "a,b"}, {"ParameterKey": "On", "ParameterValue": "true"}]',
        '["Mode=AUDIT", "Count=2", "List=a,b", "On=true"]',
    ],
)
def test_forms(text):
    """The plain map, CodePipeline's, the command line's list, and deploy's overrides."""
    assert read(text, "p.json") == {"Mode": "AUDIT", "Count": "2", "List": "a,b", "On": "true"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ('"x"', "write"),
        ("[3]", "ParameterKey"),
        ('{"A": {"b": 1}}', "value of A"),
        ("[" * 9999, "JSON"),
    ],
)
def test_errors(text, words):
    """Anything else is an error that says what to write."""
    with pytest.raises(ParameterFileError, match=words):
        read(text, "p.json")
