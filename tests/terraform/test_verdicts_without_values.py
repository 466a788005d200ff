"""What is said of a condition over variables without a value is what Terraform says with values.

Each row is a condition, the values with which it is true and those with which it is false; one that is true with some
and false with others is not decided by the files.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from terraform_projects import verdict_of_mode

TYPES = {
    "s": "string",
    "n": "number",
    "b": "bool",
    "l": "list(string)",
    "m": "map(string)",
    "o": "object({ a = string, b = optional(number), c = optional(list(string)) })",
    "x": "any",
}
VARIABLES = "".join(f'variable "{name}" {{\n  type = {kind}\n}}\n' for name, kind in TYPES.items()) + (
    'locals {\n  text = "$${{ p = 1 }[s]}"\n}\n'
)
DEFAULTS = {"s": "a", "n": 1, "b": True, "l": ["a"], "m": {"a": "x"}, "o": {"a": "a", "b": 1, "c": []}, "x": "a"}

Values = dict[str, Any]
ALWAYS: list[Values] = [{}, {"b": False, "s": "zz", "l": [], "m": {}, "x": {"a": 1}}]
ROWS: list[tuple[str, list[Values], list[Values]]] = [
    # the condition of a template or a for expression may be no bool, or null
    ('can("%{ if var.x }a%{ endif }")', [{"x": True}], [{"x": "zz"}, {"x": None}]),
    ('can([for q in ["a"] : q if var.x])', [{"x": "true"}], [{"x": "zz"}, {"x": None}]),
    ('can([for q in ["a"] : q if var.b])', [{"b": False}], [{"b": None}]),
    ('can({ for q in ["a"] : q => q if var.b })', [{"b": True}], [{"b": None}]),
    # and is tried on any element where there is none
    ("can([for q in [] : q if var.x])", [{"x": True}], [{"x": "zz"}, {"x": None}]),
    ("can({ for k, v in {} : k => v if v.on && var.b })", [{}], [{"b": None}]),
    ("can([for q in [] : q if q.a == var.x])", ALWAYS, []),
    ('can([for q in [] : q if tobool("${q}${var.s}")])', ALWAYS, [{"s": None}]),
    # one branch of a template fails, the other one does not
    ('"%{ if var.b }${null}%{ else }x%{ endif }" == "x"', [{"b": False}], []),
    ('try("%{ if var.b }${null}%{ else }x%{ endif }" == "x", false)', [{"b": False}], [{"b": True}]),
    ('try("%{ if var.b }x%{ else }${[]}%{ endif }" == "x", false)', [{"b": True}], [{"b": False}]),
    ('can("%{ if true }x%{ else }${null}%{ endif }")', ALWAYS, []),
    # a branch that fails has no type, and the other one stays what it is
    ("can([var.b ? true : var.o.c])", [{"o": None}], [{"b": False, "o": None}, {}]),
    ("try((var.b ? true : var.o.c) == false, true)", [{}, {"b": False, "o": None}], [{"o": None}]),
    ('can(true ? ["x"] : toset([tobool(var.s)]))', [{"s": "zz"}], [{"s": "true"}]),
    ('can(false ? tolist([tonumber(var.s)]) : "x")', [{"s": "zz"}], [{"s": "1"}]),
    ('can(var.b ? true : ["x"])', [], ALWAYS),
    # an error is the whole expression's, wherever in it it came up, in the worlds that have it
    ('try({ a = { p = "q" }[var.s] }, { a = "z" }).a == "q"', [{"s": "p"}], [{"s": "zz"}]),
    ('merge({ a = "z" }, try({ a = { p = "q" }[var.s] }, {})).a == "q"', [{"s": "p"}], [{"s": "zz"}]),
    ("try([{ p = 1 }[var.s], true][1], false)", [{"s": "p"}], [{"s": "zz"}]),
    ('can([for q in ["a"] : { p = 1 }[var.s]])', [{"s": "p"}], [{"s": "zz"}]),
    ('can({ for q in ["a"] : q => { p = 1 }[var.s] })', [{"s": "p"}], [{"s": "zz"}]),
    ('can([for v in (var.s == "p" ? ["zz"] : ["1"]) : { a = tonumber(v) }])', [{}], [{"s": "p"}]),
    ('can([for q in [1] : tonumber("zz") if var.s == "p"])', [{}], [{"s": "p"}]),
    ('can({ c = var.s == "p" ? tonumber("x") : 2 })', [{}], [{"s": "p"}]),
    ('can(["%{ if var.s == "p" }${{ a = 1 }.b}%{ endif }"])', [{}], [{"s": "p"}]),
    ('can([[{ a = 1 }][*][var.s == "p" ? "b" : "a"]])', [{}], [{"s": "p"}]),
    ("can([templatestring(local.text, { s = var.s })])", [{"s": "p"}], [{"s": "zz"}]),
    ('(var.s == "p" ? can({ a = { p = 1 }[var.s] }) : true)', [{"s": "p"}, *ALWAYS], []),
    ('(var.s == "p" ? can([for q in [1] : tonumber("zz") if var.s == "a"]) : true)', [{"s": "p"}, *ALWAYS], []),
    # branches may be of one type in one world and of another in another
    ('can(false ? ["a"] : { one = 1, two = ["a"] }[var.s])', [{"s": "two"}], [{"s": "one"}]),
    ('can([true ? { a = var.x, c = false } : { a = "y", b = 1 }])', [{}], [{"x": {}}]),
    ("can(var.l == null ? setunion(var.l, var.l) : sort(var.l))", [{}, {"l": []}], [{"l": None}]),
    ("can(false ? { a = { b = 1 } } : tomap(var.m))", [], [{}, {"m": None}]),
    # a template may go through what is null
    ('can(["%{ for q in var.l }x%{ endfor }"])', [{}], [{"l": None}]),
    ('can([for k, v in var.m : "x"] == [])', [{}], [{"m": None}]),
    # a number or a bool becomes a text beside a text
    ('(true ? 1 : var.x) == "1"', [{}], [{"x": 1}]),
    ("(false ? var.x : true) == true", [{"x": True}], [{"x": "true"}, {"x": "a"}]),
    ("(true ? true : var.x) && true", [{"x": False}, {"x": "true"}], []),
    ("(var.b ? 1 : var.x) > 0", [{}, {"b": False, "x": "1"}], [{"b": False, "x": "-1"}]),
    # beside a branch that fails, the other one is not converted
    ('(true ? 1 : tostring(var.x)) == "1"', [{}], [{"x": {}}]),
    ("can(length(false ? var.o.a : 2))", [{}], [{"o": None}]),
    # what lookup() finds in an object that is not known
    ('lookup(var.o, "b", null) != "b"', [{}, {"o": {"a": "a"}}], []),
    ('lookup(var.o, "zz", "q") == "q"', ALWAYS, []),
    ('lookup(var.o, "a", "q") == var.o.a', [{}, {"o": {"a": None}}], []),
    ('can(lookup(var.o, "zz"))', [], ALWAYS),
    ('can(lookup(var.o, "a", "q"))', [{}], [{"o": None}]),
    # the default of lookup() becomes what the elements of the map are
    ('can(lookup(var.m, "a", ["q"]))', [], ALWAYS),
    ('lookup(var.m, "a", 1) == lookup(var.m, "a", "1")', ALWAYS, []),
    # a bool that is asked for its text may be null
    ("length(trimspace(var.b)) > 4", [{"b": False}], [{"b": True}]),
    ("can(trimspace(var.b))", [{}], [{"b": None}]),
    # an index is a number, however it is written
    ('can(keys(var.m)["1"])', [{"m": {"a": "x", "b": "y"}}], [{}, {"m": {}}]),
    ('var.l["0"] == var.l[0]', [{}], []),
    ('can(var.l["x"])', [], ALWAYS),
]


@pytest.mark.parametrize(("condition", "true", "false"), ROWS, ids=[row[0] for row in ROWS])
def test_a_condition_is_decided_only_where_every_value_agrees(
    tmp_path: Path, condition: str, true: list[Values], false: list[Values]
) -> None:
    """The verdict without values."""
    expected = "unproven" if true and false else "enforced" if true else "not-enforced"
    assert expected == verdict_of_mode(tmp_path, f'{condition} ? "ENFORCED" : "OFF"', VARIABLES)


@pytest.mark.terraform
@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on the PATH")
def test_the_rows_are_what_terraform_says_today(tmp_path: Path) -> None:
    """Every row with every one of its values, in one plan."""
    expected: dict[str, object] = {}
    root = []
    for place, (condition, true, false) in enumerate(ROWS):
        (tmp_path / f"r{place}").mkdir()
        output = f'output "o" {{\n  value = try(jsonencode({condition}), "error")\n}}\n'
        (tmp_path / f"r{place}" / "main.tf").write_text(VARIABLES + output)
        for number, values in enumerate([*true, *false]):
            name = f"r{place}-{number}"
            expected[name] = "true" if number < len(true) else "false"
            given = {"source": f"./r{place}", **DEFAULTS, **values}
            arguments = "".join(f"  {key} = {json.dumps(value)}\n" for key, value in given.items())
            root.append(f'module "{name}" {{\n{arguments}}}\noutput "{name}" {{\n  value = module.{name}.o\n}}\n')
    (tmp_path / "main.tf").write_text("".join(root))
    assert expected == _planned(tmp_path)


def _planned(directory: Path) -> dict[str, object]:
    for command in (["init", "-input=false"], ["plan", "-input=false", "-out=plan"]):
        subprocess.run(["terraform", *command], cwd=directory, check=True, capture_output=True)
    shown = subprocess.run(["terraform", "show", "-json", "plan"], cwd=directory, check=True, capture_output=True)
    return {name: change["after"] for name, change in json.loads(shown.stdout)["output_changes"].items()}
