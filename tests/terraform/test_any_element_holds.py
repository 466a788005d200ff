"""What is proven of any element of a collection without a value holds for every value: modules with a `for_each` or a
`dynamic` block are evaluated without values, and with some that their validations accept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from terraform_projects import POOL, evaluate, write

from cognito_lint.inputs import Inputs, Variable
from cognito_lint.model import Unit
from cognito_lint.rules.verdict import verdict

MODES = ["ENFORCED", "AUDIT", "OFF", "a"]
OBJECT = "object({ n = string, s = string })"
TYPES = {"s": "string", "l": "list(string)", "m": "map(string)", "t": "set(string)", "o": f"list({OBJECT})"}
OF_STRINGS = [
    "V",
    "var.s",
    '"ENFORCED"',
    '"AUDIT"',
    "upper(V)",
    '(V == "AUDIT" ? "ENFORCED" : V)',
    'lookup({ a = "ENFORCED", OFF = "OFF" }, V, "ENFORCED")',
    '{ AUDIT = "ENFORCED", ENFORCED = "ENFORCED" }[V]',
    'try({ AUDIT = "ENFORCED" }[V], "ENFORCED")',
]
OF_OBJECTS = [
    "V.s",
    "V.n",
    'merge(V, { s = "ENFORCED" }).s',
    '(V.n == "a" ? "ENFORCED" : V.s)',
    '(V.n == V.s ? "ENFORCED" : "OFF")',
]
CONDITIONS = ['MODE == "ENFORCED"', 'MODE != "AUDIT"', 'contains(["ENFORCED", "x"], MODE)', 'can(regex("E", MODE))']
VALIDATIONS = [
    "alltrue([for z in var.NAME : CONDITION])",
    "alltrue([for z in toset(var.NAME) : CONDITION if OTHER])",
    "!anytrue([for z in var.NAME : !(CONDITION) if OTHER])",
    "length([for z in var.NAME : z if !(CONDITION)]) == 0",
    "length(var.NAME) > 0 && alltrue([for z in var.NAME : CONDITION])",
    "var.NAME == null || length(var.NAME) == 0 || alltrue([for z in var.NAME : CONDITION])",
    'var.s == "a" || alltrue([for z in var.NAME : CONDITION]) || length(var.l) == 1',
    "length(var.NAME) > 0 ? alltrue([for z in var.NAME : CONDITION]) : true",
    "length(var.l) == 0 ? true : alltrue([for z in var.NAME : CONDITION])",
    "(alltrue([for z in var.NAME : CONDITION]) && length(var.l) > 0) || !(length(var.NAME) > 0)",
]
CALLED = 'variable "mode" {}\nvariable "key" {}\n' + POOL.replace("MODE", 'var.key == "a" ? "ENFORCED" : var.mode')


def _mode(random: Random, *, of_objects: bool, value: str) -> str:
    return random.choice(OF_OBJECTS if of_objects else OF_STRINGS).replace("V", value)


def _condition(random: Random, *, of_objects: bool, value: str) -> str:
    return random.choice(CONDITIONS).replace("MODE", _mode(random, of_objects=of_objects, value=value))


def _collection(random: Random, depth: int) -> tuple[str, bool]:
    """An expression of a collection that is not known, and whether its elements are objects."""
    if not depth:
        name = random.choice("lmto")
        return f"var.{name}", name == "o"
    source, of_objects = _collection(random, depth - 1)
    if random.random() < 0.4:
        return _called(random, source, depth, of_objects=of_objects)
    mode = _mode(random, of_objects=of_objects, value="v")
    condition = f" if {_condition(random, of_objects=of_objects, value='v')}" if random.random() < 0.4 else ""
    made, are_objects = random.choice([(mode, False), (f'{{ n = "z", s = {mode} }}', True), ("v", of_objects)])
    if random.random() < 0.5:
        return f"[for v in {source} : {made}{condition}]", are_objects
    return f'{{ for k, v in {source} : "${{k}}-x" => {made}{condition} }}', are_objects


def _called(random: Random, source: str, depth: int, *, of_objects: bool) -> tuple[str, bool]:
    """A function of a collection."""
    listed = f"[for v in {source} : v]"
    added = '{ n = "a", s = "ENFORCED" }' if of_objects else random.choice(['"ENFORCED"', '"OFF"'])
    other, are_objects = _collection(random, depth - 1)
    others = f"[for v in {other} : v]" if are_objects == of_objects else "[]"
    forms = [
        (f"concat([{added}], {listed})", of_objects),
        (f"concat({listed}, {others})", of_objects),
        (f'merge({{ a = {added} }}, {{ for i, v in {source} : "${{i}}" => v }})', of_objects),
        (f"flatten([for v in {source} : [v, {added}]])", of_objects),
        (f"flatten([for v in {source} : [for w in {other} : w]])", are_objects),
        (f"[for p in setproduct({listed}, {others}) : p[1]]", of_objects),
        (f'zipmap([for i, v in {listed} : "${{i}}"], {listed})', of_objects),
        (f'values({{ for i, v in {source} : "${{i}}" => v }})', of_objects),
        (f"setunion(toset({listed}), toset({others}))", of_objects),
        (f"distinct({listed})", of_objects),
        (f"{listed}[*].s" if of_objects else f"{listed}[*]", False),
        (f'flatten([for i, v in {listed} : [for j, w in {listed} : {{ n = "${{i}}", s = "${{j}}" }}]])', True),
        (f"[for p in setproduct({listed}, {listed}) : {{ n = jsonencode(p[0]), s = jsonencode(p[1]) }}]", True),
        (f'[for j, n in reverse([for i, v in distinct({listed}) : "${{i}}"]) : {{ n = n, s = "${{j}}" }}]', True),
        (
            f'[for k, v in zipmap(reverse([for i, v in {listed} : "${{i}}"]), [for i, v in {listed} : "${{i}}"]) : '
            "{ n = k, s = v }]",
            True,
        ),
        (f"setsubtract(toset({listed}), [])", of_objects),
        ("keys(var.m)", False),
        (f'keys({{ for i, v in {listed} : "${{i}}" => v }})', False),
    ]
    return random.choice(forms)


def _taken(random: Random, collection: str) -> str:
    """An element that is taken out of a collection."""
    key = random.choice(['"a"', "var.s"])
    listed, by_key = f"[for v in {collection} : v]", f"{{ for k, v in {collection} : k => v }}"
    by_text = f'{{ for k, v in {collection} : "${{k}}" => v }}'
    forms = [
        f"{listed}[{random.randrange(2)}]",
        f"{by_text}[{key}]",
        f"{listed}[length(var.l)]",
        f"element({listed}, {random.randrange(3)})",
        f"one({listed})",
        f"lookup({by_text}, {key})",
        f'lookup({by_text}, {key}, "OFF")',
        f"values({by_key})[0]",
        f"tomap({by_text})[{key}]",
    ]
    return random.choice(forms)


def _of_one(random: Random) -> str:
    """A module whose mode is of one or two elements, of collections that may not have them."""
    collection, of_objects = _collection(random, random.randrange(3))
    if random.random() < 0.5:
        collection, of_objects = f'[for v in {collection} : "ENFORCED"]', False
    first = second = _taken(random, collection)
    if random.random() < 0.5:
        others = [collection, f"reverse([for v in {collection} : v])", f'[for v in {collection} : v if v != "OFF"]']
        second = _taken(random, random.choice(others))
    mode = random.choice(
        [
            _mode(random, of_objects=of_objects, value=first),
            f"try({_mode(random, of_objects=of_objects, value=first)}, {random.choice(MODES)!r})".replace("'", '"'),
            f'({first} == {second} ? "ENFORCED" : "OFF")',
            f'(can({first}) ? "ENFORCED" : "OFF")',
            f'try({first} == {second}, true) ? "ENFORCED" : "OFF"',
        ]
    )
    return POOL.replace("MODE", f'({mode}) == "ENFORCED" ? "ENFORCED" : "OFF"')


def _module(random: Random) -> str:
    if random.random() < 0.4:
        return _of_one(random)
    collection, of_objects = _collection(random, random.randrange(3))
    by_key = f"{{ for i, w in {collection} : tostring(i) => w }}"
    # the provider refuses other modes: they prove nothing
    mode = f'({_mode(random, of_objects=of_objects, value="each.value")} == "ENFORCED" ? "ENFORCED" : "OFF")'
    if random.random() < 0.3:
        return f'module "m" {{\n  source   = "./m"\n  for_each = {by_key}\n  mode = {mode}\n  key = each.key\n}}\n'
    if random.random() < 0.3:
        block = f"content {{\n advanced_security_mode = {mode.replace('each.', 'user_pool_add_ons.')}\n}}"
        dynamic = f'dynamic "user_pool_add_ons" {{\n for_each = {collection}\n {block}\n}}\n'
        return f'resource "aws_cognito_user_pool" "this" {{\n{dynamic}}}\n'
    return POOL.replace("MODE", mode).replace("{\n", f"{{\n  for_each = {by_key}\n", 1)


def _validation(random: Random) -> tuple[str, str]:
    """The name of a variable, and a condition on its elements."""
    name = random.choice("lmto")
    condition, other = (_condition(random, of_objects=name == "o", value="z") for _ in range(2))
    form = random.choice(VALIDATIONS)
    return name, form.replace("NAME", name).replace("CONDITION", condition).replace("OTHER", other)


def _variables(validated: str = "", condition: str = "") -> str:
    rule = f'  validation {{\n    condition = {condition}\n    error_message = "no"\n  }}\n'
    return "".join(
        f'variable "{name}" {{\n  type = {kind}\n{rule if name == validated else ""}}}\n'
        for name, kind in TYPES.items()
    )


def _values(random: Random) -> dict[str, object]:
    texts = [random.choice(MODES) for _ in range(random.randrange(3))]
    return {
        "s": random.choice(MODES),
        "l": texts,
        "t": sorted(set(texts)),
        "m": {name: random.choice(MODES) for name in random.sample("abc", random.randrange(3))},
        "o": [{"n": random.choice(MODES), "s": random.choice(MODES)} for _ in range(random.randrange(3))],
    }


def _unit(directory: Path, values: Mapping[str, object] | None = None) -> Unit:
    given = [_given(name, value) for name, value in (values or {}).items()]
    return next(unit for unit in evaluate(directory, inputs=Inputs(variables=tuple(given))) if unit.path == ".")


def _given(name: str, value: object) -> Variable:
    return Variable(name, value if isinstance(value, str) else json.dumps(value))


def _meets(directory: Path, condition: str, values: dict[str, object]) -> bool:
    write(directory, {"main.tf": _variables() + POOL.replace("MODE", f'({condition}) ? "ENFORCED" : "OFF"')})
    unit = _unit(directory, values)
    return not unit.problems and verdict(unit.pools[0]) == "enforced"


@pytest.mark.parametrize("seed", range(4))
def test_what_is_proven_of_any_element_holds_for_every_value(tmp_path: Path, seed: int) -> None:
    """Whatever the collections turn out to hold, as far as their validations let them."""
    random = Random(seed)
    proven = 0
    for _ in range(60):
        validated, condition = _validation(random) if random.random() < 0.6 else ("", "true")
        write(tmp_path / "module", {"main.tf": _variables(validated, condition) + _module(random), "m/main.tf": CALLED})
        without = _unit(tmp_path / "module")
        expected = verdict(without.pools[0])
        if without.problems or expected == "unproven":
            continue
        proven += 1
        for values in (_values(random) for _ in range(10)):
            if not _meets(tmp_path / "condition", condition, values):
                continue
            unit = _unit(tmp_path / "module", values)
            found = {verdict(pool) for pool in unit.pools} - {"not-deployed", "unproven"}
            assert unit.problems or found <= {expected}, ((tmp_path / "module/main.tf").read_text(), values)
    assert proven > 5
