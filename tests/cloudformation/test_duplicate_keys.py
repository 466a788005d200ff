"""Keys that are written twice: the last one counts, and it is said where a pool is concerned."""

import pytest
from cloudformation_projects import judge, verdicts

from command_runs import write

POOL = "  P:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      UserPoolAddOns: {AdvancedSecurityMode: %s}\n"


def findings(directory, name, text):
    write(directory, {name: text})
    report = judge(directory)
    found = [(f.rule, f.level, f.span.line, f.span.column) for f in report.findings if f.rule in ("COG900", "COG902")]
    return verdicts(report), found


@pytest.mark.parametrize(
    ("text", "verdicts", "place"),
    [
        ("Resources:\n" + POOL % "ENFORCED, AdvancedSecurityMode: AUDIT", {"P": "not-enforced"}, (5, 24)),
        (
            "Resources:\n" + POOL % "AUDIT" + "      UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}\n",
            {"P": "enforced"},
            (5, 7),
        ),
        ("Resources:\n" + POOL % "ENFORCED" + POOL % "AUDIT", {"P": "not-enforced"}, (2, 3)),
        ("Resources:\n" + POOL % "ENFORCED" + "  P: {Type: AWS::S3::Bucket}\n", {}, (2, 3)),
        ("Resources:\n" + POOL % "AUDIT" + "Resources:\n  B: {Type: AWS::S3::Bucket}\n", {}, (1, 1)),
        (
            "Parameters:\n  M: {Type: String, Default: AUDIT, Default: ENFORCED}\nResources:\n" + POOL % "!Ref M",
            {"P": "enforced"},
            (2, 21),
        ),
    ],
)
def test_a_repeated_key_at_a_pool_is_a_note_and_the_last_one_counts(tmp_path, text, verdicts, place):
    """The note stands at the key that does not count."""
    assert (verdicts, [("COG902", "note", *place)]) == findings(tmp_path, "t.yaml", text)


def test_json_knows_repeated_keys_too(tmp_path):
    """The standard library keeps the last one without a word."""
    add_ons = '{"AdvancedSecurityMode": "ENFORCED", "AdvancedSecurityMode": "OFF"}'
    pool = f'{{"Type": "AWS::Cognito::UserPool", "Properties": {{"UserPoolAddOns": {add_ons}}}}}'
    text = f'{{"Resources": {{"P": {pool}}}}}'
    place = text.index('"AdvancedSecurityMode"') + 1
    assert ({"P": "not-enforced"}, [("COG902", "note", 1, place)]) == findings(tmp_path, "t.json", text)


def test_a_repeated_key_elsewhere_is_none_of_our_business(tmp_path):
    """A bucket that is written twice says nothing about the pool."""
    text = "Resources:\n" + POOL % "ENFORCED" + "  B: {Type: AWS::S3::Bucket}\n  B: {Type: AWS::S3::Bucket}\n"
    assert ({"P": "enforced"}, []) == findings(tmp_path, "t.yaml", text)
