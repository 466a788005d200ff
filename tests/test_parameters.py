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
        '{"StackName": "s", "Parameters": [{"ParameterKey": "Mode", "ParameterValue": "AUDIT"}, "Count=2", "List=a,b",'
        ' "On=true"]}',
    ],
)
def test_forms(text):
    """The plain map, CodePipeline's, the command line's list, and deploy's overrides."""
    assert read(text, "p.json") == {"Mode": "AUDIT", "Count": "2", "List": "a,b", "On": "true"}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"template-file-path": "t.yaml", "parameters": {"Mode": "AUDIT", "Count": 2}, "tags": {"a": "b"}}', "p.json"),
        ("template-file-path: t.yaml\nparameters:\n  Mode: AUDIT\n  Count: 2\ntags: {a: b}\n", "p.yaml"),
        ("Parameters: {Mode: AUDIT, Count: 2}", "p.yml"),
        ("- ParameterKey: Mode\n  ParameterValue: AUDIT\n- {ParameterKey: Count, ParameterValue: 2}", "p.yaml"),
    ],
)
def test_deployment_files_of_git_sync(text, path):
    """In JSON and YAML; the other forms may be written in YAML too."""
    assert {"Mode": "AUDIT", "Count": "2"} == read(text, path)


def test_what_a_file_leaves_open():
    """The stack's own value, an expression, and what only YAML 1.1 takes for a Boolean: the file says no text."""
    text = '[{"ParameterKey": "Mode", "UsePreviousValue": true}, {"ParameterKey": "Count", "ParameterValue": ""}]'
    assert {"Mode": None, "Count": ""} == read(text, "p.json")
    assert {"Arn": None} == read('{"Arn": {"Fn::GetAtt": ["Role", "Arn"]}}', "p.json")
    assert {"Modes": None} == read("Modes: [a, off]", "p.yaml")
    assert {"Mode": None, "On": "true", "No": "no"} == read("{Mode: off, On: true, No: 'no'}", "p.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [("a: [", "not YAML"), ("&a [*a]", "aliases"), ("[" * 9999, "few levels"), ("A: {b: 1}", "value of A")],
)
def test_errors_in_yaml(text, words):
    """Said with a position; what is nested endlessly ends too."""
    with pytest.raises(ParameterFileError, match=words):
        read(text, "p.yaml")


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
