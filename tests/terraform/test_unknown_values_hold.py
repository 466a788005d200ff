"""What is proven of variables without a value holds for every value: expressions are evaluated without and with them.

Two unknown values that are held to be one, or a type that is held to be known, show here as a verdict that a value
refutes. Values with which Terraform would refuse the module refute nothing.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import pytest
from terraform_projects import POOL, evaluate, write

from cognito_lint.inputs import Inputs, Variable
from cognito_lint.model import Unit
from cognito_lint.rules.verdict import verdict

TYPES = {
    "s": "string",
    "t": "string",
    "n": "number",
    "b": "bool",
    "l": "list(string)",
    "m": "map(string)",
    "o": "object({ a = string, b = number })",
    "x": "any",
}
VARIABLES = "".join(f'variable "{name}" {{\n  type = {kind}\n}}\n' for name, kind in TYPES.items())
TEXTS = ["a", "b", "", "1", "true", "a-"]
SIMPLE = {
    "S": ["var.s", "var.t", "var.o.a", '"a"', '"1"', '""'],
    "N": ["var.n", "var.o.b", "0", "1"],
    "B": ["var.b", "(var.s == var.t)", "true"],
    "L": ["var.l", '["a", var.s]'],
    "M": ["var.m", "var.o", "{ a = var.s }"],
}
# the letters in angle brackets stand for expressions of a string, a number, a bool, a list, a map
FORMS = {
    "S": [
        *("upper(<S>)", '"${<S>}x"', "(<B> ? <S> : <S>)", "try(<S>, <S>)", "lookup(<M>, <S>, <S>)", "<L>[<N>]"),
        *('join("-", <L>)', "<M>.a", "jsonencode(<L>)", "jsonencode(<M>)", "tostring(<N>)", "coalesce(<S>, <S>)"),
        *('"%{ for q in <L> }${q}%{ endfor }"', "var.x.a", "var.x[0]", "tolist(toset(<L>))[0]"),
        *(
            '{ a = <S>, b = "a" }[<S>]',
            'try({ a = <S> }, { a = "a" }).a',
            '"%{ if <B> }${<S>}%{ endif }"',
            "trimspace(<B>)",
        ),
        *('[for q in ["a", "b"] : lookup(<M>, q, <S>)][0]', '[for q in ["a", "b"] : [for z in <L> : q]][1][0]'),
    ],
    "N": [
        "length(<B> ? <S> : <N>)",
        "length(<L>)",
        "length(<M>)",
        "length(toset(<L>))",
        "(<N> + <N>)",
        "tonumber(<S>)",
        "(<B> ? <N> : <N>)",
    ],
    "B": [
        *("(<S> == <S>)", "(<N> < <N>)", "(<L> == <L>)", "(<M> != <M>)", "(<B> && <B>)", "(<B> || <B>)", "!<B>"),
        *("can({ a = <S> })", "can([<N>])", "can([<L>])", "try([<S>, <S>][1] == <S>, <B>)", "can(<B> ? <S> : <L>)"),
        *("can(<S>)", "can(<L>)", "contains(<L>, <S>)", "(<S> == null)", "try(<B>, <B>)", "(var.x == <L>)"),
        *(
            'startswith("a-${<S>}", <S>)',
            'endswith("${<S>}a-", <S>)',
            '("a-${<S>}" == <S>)',
            '("${<S>}-${<S>}" == "a")',
        ),
    ],
    "L": [
        *("[<S>, <S>]", "[for i, q in <L> : q if q != <S>]", "[for q in <L> : upper(q)]", "concat(<L>, <L>)"),
        *("keys(<M>)", "values(<M>)", "setunion(<L>, <L>)", "(<B> ? <L> : <L>)", "sort(<L>)", "var.x[*].a"),
        *("[for q in [] : q if <B>]", "[for q in <L> : <N> if <B>]"),
        *("flatten([<L>, [<S>]])", "distinct(<L>)", "<S>[*]", "<M>[*].a"),
    ],
    "M": [
        *("{ a = <S>, b = <S> }", "merge(<M>, <M>)", "{ (<S>) = <S> }", "(<B> ? <M> : <M>)"),
        *("{ for k, v in <M> : k => upper(v) }", "{ for k, v in <M> : k => k if v != <S> }"),
    ],
}


def _expression(random: Random, kind: str, depth: int) -> str:
    form = random.choice(FORMS[kind] if depth else SIMPLE[kind])
    return re.sub("<([SNBLM])>", lambda found: _expression(random, found[1], depth - 1), form)


def _values(random: Random) -> dict[str, object]:
    texts = [random.choice(TEXTS) for _ in range(random.randrange(4))]
    named = {name: random.choice(TEXTS) for name in random.sample("abc", random.randrange(4))}
    return {
        "s": random.choice(TEXTS),
        "t": random.choice(TEXTS),
        "n": random.choice([0, 1, 2, -1, 1.5]),
        "b": random.choice([True, False]),
        "l": texts,
        "m": named,
        "o": {"a": random.choice([None, *TEXTS]), "b": random.choice([0, 1, None])},
        "x": random.choice([None, "a", 1, True, texts, named, {"a": named}]),
    }


def _unit(directory: Path, values: dict[str, object] | None = None) -> Unit:
    given = [
        Variable(name, str(value) if TYPES[name] == "string" else json.dumps(value))
        for name, value in (values or {}).items()
    ]
    (unit,) = evaluate(directory, inputs=Inputs(variables=tuple(given)))
    return unit


@pytest.mark.parametrize("seed", range(4))
def test_what_is_proven_holds_for_every_value(tmp_path: Path, seed: int) -> None:
    """Whatever the variables turn out to be."""
    random = Random(seed)
    proven = 0
    for _ in range(100):
        condition = _expression(random, "B", 3)
        write(tmp_path, {"main.tf": VARIABLES + POOL.replace("MODE", f'{condition} ? "ENFORCED" : "OFF"')})
        expected = verdict(_unit(tmp_path).pools[0])
        if expected == "unproven":
            continue
        proven += 1
        for _ in range(5):
            values = _values(random)
            unit = _unit(tmp_path, values)
            assert unit.problems or verdict(unit.pools[0]) in (expected, "unproven"), (condition, values)
    assert proven > 5
