"""Random templates against a small evaluator that knows nothing of the project's own."""

import json
import tempfile
from pathlib import Path

from cloudformation_projects import evaluate
from hypothesis import given, settings
from hypothesis import strategies as st

from cognito_lint.rules.verdict import verdict

TEXTS = ("ENFORCED", "AUDIT", "OFF", "")
NAMES = ("A", "B", "C")
values = st.recursive(
    st.sampled_from(TEXTS) | st.sampled_from(NAMES).map(lambda name: {"Ref": name}),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(("X", "Y")), inner, inner).map(lambda parts: {"Fn::If": list(parts)}),
        st.tuples(st.sampled_from((0, 1)), inner, inner).map(lambda p: {"Fn::Select": [p[0], [p[1], p[2]]]}),
        st.tuples(inner, inner).map(lambda parts: {"Fn::Join": ["", list(parts)]}),
        st.sampled_from(NAMES).map(lambda name: {"Fn::Sub": "${" + name + "}"}),
    ),
    max_leaves=6,
)
plain = st.sampled_from(TEXTS) | st.sampled_from(NAMES).map(lambda name: {"Ref": name})
equals = st.tuples(plain, plain).map(lambda parts: {"Fn::Equals": list(parts)})
tests = st.recursive(
    equals,
    lambda inner: st.one_of(
        inner.map(lambda one: {"Fn::Not": [one]}),
        st.tuples(inner, inner).map(lambda two: {"Fn::And": list(two)}),
        st.tuples(inner, inner).map(lambda two: {"Fn::Or": list(two)}),
    ),
    max_leaves=4,
)


def value(node, environment, conditions):
    if isinstance(node, str):
        return node
    ((name, inner),) = node.items()
    if name == "Ref":
        return environment[inner]
    if name == "Fn::Sub":
        return environment[inner[2:-1]]
    if name == "Fn::If":
        return value(inner[1] if truth(conditions[inner[0]], environment) else inner[2], environment, conditions)
    if name == "Fn::Select":
        return value(inner[1][inner[0]], environment, conditions)
    return "".join(value(part, environment, conditions) for part in inner[1])


def truth(node, environment):
    ((name, inner),) = node.items()
    if name == "Fn::Equals":
        return value(inner[0], environment, {}) == value(inner[1], environment, {})
    if name == "Fn::Not":
        return not truth(inner[0], environment)
    return (all if name == "Fn::And" else any)(truth(part, environment) for part in inner)


def judged(template, parameters, child=None):
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "t.json").write_text(json.dumps(template))
        if child is not None:
            (Path(directory) / "child.json").write_text(json.dumps(child))
        (unit,) = evaluate(Path(directory), parameters=parameters)
    return verdict(unit.pools[0])


def template(mode, conditions, parameters):
    properties = {"UserPoolAddOns": {"AdvancedSecurityMode": mode}}
    pool = {"Type": "AWS::Cognito::UserPool", "Properties": properties}
    return {"Parameters": parameters, "Conditions": conditions, "Resources": {"P": pool}}


@settings(max_examples=150, deadline=None)
@given(values, tests, tests, st.lists(st.sampled_from(TEXTS), min_size=3, max_size=3))
def test_given_parameters_decide_as_the_evaluator_says(mode, x, y, texts):
    """With every parameter given there is one world."""
    conditions, environment = {"X": x, "Y": y}, dict(zip(NAMES, texts, strict=True))
    declared = {name: {"Type": "String"} for name in NAMES}
    expected = "enforced" if value(mode, environment, conditions) == "ENFORCED" else "not-enforced"
    assert expected == judged(template(mode, conditions, declared), environment)


@settings(max_examples=150, deadline=None)
@given(values, tests, tests)
def test_open_domains_are_decided_by_every_world(mode, x, y):
    """Without defaults a pool is enforced if every allowed world enforces, not if none does, else unproven."""
    conditions = {"X": x, "Y": y}
    declared = {name: {"Type": "String", "AllowedValues": list(TEXTS)} for name in NAMES}
    found = {
        value(mode, {"A": a, "B": b, "C": c}, conditions) == "ENFORCED" for a in TEXTS for b in TEXTS for c in TEXTS
    }
    expected = "unproven" if len(found) == 2 else "enforced" if found == {True} else "not-enforced"
    assert expected == judged(template(mode, conditions, declared), {})


@settings(max_examples=150, deadline=None)
@given(values, tests, tests)
def test_a_pass_over_open_parameters_survives_every_value(mode, x, y):
    """Free parameters: "enforced" is never said where one of the values tried does not enforce, nor the reverse."""
    conditions = {"X": x, "Y": y}
    declared = {name: {"Type": "String"} for name in NAMES}
    tried = (*TEXTS, "else", "ENF")
    found = {
        value(mode, {"A": a, "B": b, "C": c}, conditions) == "ENFORCED" for a in tried for b in tried for c in tried
    }
    said = judged(template(mode, conditions, declared), {})
    assert not (said == "enforced" and False in found)
    assert not (said == "not-enforced" and True in found)


MAPPING = {"": {"m": "OFF"}, "OFF": {"m": "AUDIT"}, "ENFORCED": {"m": "ENFORCED"}}
NO_VALUE = {"Ref": "AWS::NoValue"}
references = st.sampled_from(NAMES).map(lambda name: {"Ref": name})
looked_up = st.tuples(references, st.sampled_from(TEXTS)).map(
    lambda parts: {"Fn::FindInMap": ["T", parts[0], "m", {"DefaultValue": parts[1]}]}
)


def branches(leaf):
    return st.recursive(
        leaf,
        lambda inner: st.tuples(st.sampled_from(("X", "Y")), inner, inner).map(lambda p: {"Fn::If": list(p)}),
        max_leaves=4,
    )


modes = branches(looked_up | plain | st.just(NO_VALUE))
blocks = branches(modes.map(lambda mode: {"AdvancedSecurityMode": mode}) | st.just(NO_VALUE))
whole = branches(blocks.map(lambda block: {"UserPoolAddOns": block}) | st.just({"UserPoolName": "x"}))


def picked(node, environment, conditions):
    """The node with every Fn::If decided; None for AWS::NoValue."""
    while isinstance(node, dict) and "Fn::If" in node:
        name, then, other = node["Fn::If"]
        node = then if truth(conditions[name], environment) else other
    return None if node == NO_VALUE else node


def outcome(properties, environment, conditions, deployed):
    """What one world makes of the pool: None where it is not deployed, else whether it is enforced."""
    if deployed is not None and not truth(conditions[deployed], environment):
        return None
    block = picked((picked(properties, environment, conditions) or {}).get("UserPoolAddOns"), environment, conditions)
    mode = picked((block or {}).get("AdvancedSecurityMode"), environment, conditions)
    if isinstance(mode, dict) and "Fn::FindInMap" in mode:
        _, key, second, default = mode["Fn::FindInMap"]
        return MAPPING.get(environment[key["Ref"]], {}).get(second, default["DefaultValue"]) == "ENFORCED"
    return mode is not None and value(mode, environment, conditions) == "ENFORCED"


def expected_of(found):
    states = {state for state in found if state is not None}
    if not states:
        return "not-deployed"
    return "unproven" if len(states) == 2 else "enforced" if states == {True} else "not-enforced"


@settings(max_examples=200, deadline=None)
@given(whole, tests, tests, st.sampled_from((None, "X", "Y")), st.none() | st.tuples(tests, st.none() | tests))
def test_whole_templates_are_decided_by_every_world_that_their_rules_allow(properties, x, y, deployed, rule):
    """Fn::If around every part, NoValue at every depth, lookups with a default, a condition on the pool, a rule."""
    conditions = {"X": x, "Y": y}
    declared = {name: {"Type": "String", "AllowedValues": list(TEXTS)} for name in NAMES}
    pool = {"Type": "AWS::Cognito::UserPool", "Properties": properties}
    if deployed is not None:
        pool["Condition"] = deployed
    text = {
        "Transform": "AWS::LanguageExtensions",
        "Parameters": declared,
        "Mappings": {"T": MAPPING},
        "Conditions": conditions,
        "Resources": {"P": pool},
    }
    asserted, applies = rule or (None, None)
    if asserted is not None:
        text["Rules"] = {"R": {"Assertions": [{"Assert": asserted}]}}
        if applies is not None:
            text["Rules"]["R"]["RuleCondition"] = applies
    worlds = [{"A": a, "B": b, "C": c} for a in TEXTS for b in TEXTS for c in TEXTS]
    allowed = [
        world
        for world in worlds
        if asserted is None or (applies is not None and not truth(applies, world)) or truth(asserted, world)
    ]
    found = {outcome(properties, world, conditions, deployed) for world in allowed}
    said = judged(text, {})
    # with no world left nothing can be deployed: what is said then is never a pass
    assert said == expected_of(found) if allowed else said != "enforced"


@settings(max_examples=150, deadline=None)
@given(st.tuples(values, values, values), tests, tests, values, tests, tests, st.tuples(*[st.sampled_from(TEXTS)] * 3))
def test_a_nested_stack_is_decided_by_every_world_of_its_caller(given_values, x, y, mode, inner_x, inner_y, defaults):
    """What the caller gives goes through its own conditions, and is compared in those of the stack."""
    conditions, inner = {"X": x, "Y": y}, {"X": inner_x, "Y": inner_y}
    usual = dict(zip(NAMES, defaults, strict=True))
    declared = {name: {"Type": "String", "AllowedValues": list(TEXTS), "Default": usual[name]} for name in NAMES}
    arguments = dict(zip(NAMES, given_values, strict=True))
    called = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "child.json", "Parameters": arguments},
    }
    caller = {"Parameters": declared, "Conditions": conditions, "Resources": {"C": called}}
    child = template(mode, inner, {name: {"Type": "String"} for name in NAMES})

    def enforces(world):
        environment = {name: value(argument, world, conditions) for name, argument in arguments.items()}
        return value(mode, environment, inner) == "ENFORCED"

    found = {enforces({"A": a, "B": b, "C": c}) for a in TEXTS for b in TEXTS for c in TEXTS}
    expected = "not-enforced" if not enforces(usual) else "conditional" if False in found else "enforced"
    assert expected == judged(caller, {}, child)
