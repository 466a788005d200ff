"""Hostile templates meet a bound that is named; their pools are listed all the same."""

import cloudformation_projects
import pytest
from cloudformation_projects import judge, verdicts

from cognito_lint.json_source import MAX_NESTING
from cognito_lint.model import Unknown
from cognito_lint.rules.verdict import verdict
from cognito_lint.worlds import leaves
from command_runs import write

POOL = "  P:\n    Type: AWS::Cognito::UserPool\n    Properties: {UserPoolAddOns: {AdvancedSecurityMode: %s}}\n"
MANY = ", ".join(f"a{number}" for number in range(10_000))


def evaluate(directory, text):
    write(directory, {"t.yaml": text})
    return cloudformation_projects.evaluate(directory)


def reasons(pool):
    return {value.content.reason for value in leaves(pool.mode) if isinstance(value.content, Unknown)}


def loops(body):
    names = ", ".join(f"a{number}" for number in range(100))
    text = body
    for number, variable in enumerate("ZYX"):
        text = f"{{'Fn::ForEach::L{number}': [{variable}, [{names}], {text}]}}"
    return text


def test_a_loop_past_the_bound_stands_for_all_its_entries(tmp_path):
    """A million buckets hide no pool, and a million pools are one each for what can be followed."""
    (unit,) = evaluate(
        tmp_path,
        "Transform: AWS::LanguageExtensions\nResources:\n"
        + POOL % "ENFORCED"
        + "  Fn::ForEach::A: "
        + loops("{'B${X}${Y}${Z}': {Type: AWS::S3::Bucket}}")[len("{'Fn::ForEach::L2': ") : -1]
        + "\n",
    )
    assert {"P": "enforced"} == verdicts([unit])


def test_what_a_variable_past_the_bound_decides_is_unproven_for_that_reason(tmp_path):
    """The bound is named."""
    (unit,) = evaluate(
        tmp_path,
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A:\n    - X\n"
        f"    - [{MANY}]\n"
        "    - 'P${X}':\n        Type: AWS::Cognito::UserPool\n"
        "        Properties: {UserPoolAddOns: {AdvancedSecurityMode: !Ref X}}\n",
    )
    assert {"P${X}": "unproven"} == verdicts([unit])
    assert "more than 5,000 entries, the bound" in next(iter(reasons(unit.pools[0])))


@pytest.mark.parametrize("item", ["[x, x]", "!Join ['', [x, x]]"])
def test_an_alias_bomb_is_cut_off(tmp_path, item):
    """Ten to the tenth parts of a few lines."""
    lines = [f"a: &a {item}"]
    for one, other in zip("abcdefghi", "bcdefghij", strict=True):
        lines.append(f"{other}: &{other} !Join ['', [{', '.join([f'*{one}'] * 10)}]]")
    (unit,) = evaluate(tmp_path, "\n".join(lines) + "\nResources:\n" + POOL % "*j")
    assert ["unproven"] == [verdict(pool) for pool in unit.pools]
    assert {"the template takes more than 80,000 steps to evaluate"} == reasons(unit.pools[0])


def test_allowed_values_past_the_bound_stay_open(tmp_path):
    """The default is still the default, and the others are still declared."""
    parameter = f"Parameters: {{M: {{Type: String, Default: ENFORCED, AllowedValues: [ENFORCED, AUDIT, {MANY}]}}}}\n"
    (unit,) = evaluate(tmp_path, parameter + "Resources:\n" + POOL % "!Ref M")
    assert ["conditional"] == [verdict(pool) for pool in unit.pools]
    assert any("more than the 200 AllowedValues" in reason for reason in reasons(unit.pools[0]))


@pytest.mark.parametrize(("length", "expected"), [(2_000, "ENFORCED"), (2_001, "AUDIT")])
def test_a_long_chain_of_conditions_is_followed(tmp_path, length, expected):
    """One that names the one before, two thousand times: an even number of negations is none."""
    chain = "".join(f"  C{number}: !Not [!Condition C{number - 1}]\n" for number in range(1, length + 1))
    conditions = f"Conditions:\n  C0: !Equals [a, a]\n{chain}"
    (unit,) = evaluate(tmp_path, conditions + "Resources:\n" + POOL % f"!If [C{length}, ENFORCED, AUDIT]")
    assert {expected} == {value.content for value in leaves(unit.pools[0].mode)}


def test_a_long_circle_of_conditions_is_one_problem(tmp_path):
    """It rests on itself, however long it is."""
    chain = "".join(f"  C{number}: !Not [!Condition C{(number + 1) % 500}]\n" for number in range(500))
    (unit,) = evaluate(tmp_path, f"Conditions:\n{chain}Resources:\n" + POOL % "!If [C0, ENFORCED, AUDIT]")
    assert ["unproven"] == [verdict(pool) for pool in unit.pools]
    assert 1 == len(unit.problems)
    assert "rests on itself" in unit.problems[0].message


def test_conditions_nested_past_the_bound_name_it(tmp_path):
    """Each in the other's arguments, without a name."""
    (unit,) = evaluate(
        tmp_path,
        "Conditions: {C: " + "{'Fn::Not': [" * 100 + "{'Fn::Equals': [a, b]}" + "]}" * 100 + "}\nResources:\n"
        "" + POOL % "!If [C, ENFORCED, AUDIT]",
    )
    assert ["unproven"] == [verdict(pool) for pool in unit.pools]


@pytest.mark.parametrize(
    ("levels", "verdicts", "errors"),
    [
        (20, ["enforced"], []),
        (60, ["unproven"], []),
        (300, [], [f"the file is nested deeper than the bound of {MAX_NESTING} levels"]),
        (900, [], [f"the file is nested deeper than the bound of {MAX_NESTING} levels"]),
    ],
)
def test_functions_nested_in_json_end_in_an_answer(tmp_path, levels, verdicts, errors):
    """Neither the evaluation nor the search for a position runs out of stack, whichever bound is met."""
    text = '{"Resources": {"P": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolAddOns": '
    text += '{"AdvancedSecurityMode": ' + '{"Fn::Join": ["", [' * levels + '"ENFORCED"' + "]]}" * levels + "}" * 5
    write(tmp_path, {"t.json": text})
    report = judge(tmp_path)
    assert verdicts == [judged.verdict for judged in report.pools]
    assert errors == [problem.message for problem in report.errors]
