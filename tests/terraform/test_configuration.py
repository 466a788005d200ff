"""One directory's files become one module, as Terraform and OpenTofu merge them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cognito_lint.files import Repository
from cognito_lint.terraform.configuration import Configuration, Engine, Library, file_names, nested_blocks
from cognito_lint.terraform.syntax import Attribute, Literal, Template

POOL = ("aws_cognito_user_pool", "p")
NATIVE_POOL = """
resource "aws_cognito_user_pool" "p" {
  name = "base"
  user_pool_tier = "PLUS"
  user_pool_add_ons {
    advanced_security_mode = "OFF"
  }
  lifecycle {
    ignore_changes = [name]
  }
}
"""


def _module(folder: Path, files: dict[str, str], engine: Engine = "terraform") -> Configuration:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Library(Repository(folder), "tree-sitter").module(".", engine)


def _text(attribute: Attribute | None) -> object:
    assert attribute is not None
    expression = attribute.expression
    return expression.parts[0] if isinstance(expression, Template) else expression


def _modes(module: Configuration) -> list[object]:
    blocks = nested_blocks(module.resources[POOL].layers, "user_pool_add_ons")
    return [
        block.type if block.type == "dynamic" else _text(block.body.attributes["advanced_security_mode"])
        for block in blocks
    ]


NAMES = [
    "#main.tf#", ".hidden.tf", "a.tf", "a.tf.json", "a.tofu", "b.tf.json", "b.tofu.json", "b_override.tf", "c.tofu",
    "main.tf~", "notes.txt", "override.tf", "override.tf.json", "soverride.tf", "terraform.tfvars", "z_override.tofu",
]  # fmt: skip


def test_terraform_reads_its_own_files_and_leaves_editors_files_alone() -> None:
    """`.tf` and `.tf.json` without hidden files and backups; override files apart, both in lexical order."""
    primary, overrides = file_names(NAMES, "terraform")
    assert primary == ["a.tf", "a.tf.json", "b.tf.json", "soverride.tf"]
    assert overrides == ["b_override.tf", "override.tf", "override.tf.json"]


def test_opentofu_hides_the_tf_file_of_the_same_stem_and_form() -> None:
    """a.tofu hides a.tf and not a.tf.json; b.tofu.json hides b.tf.json."""
    primary, overrides = file_names(NAMES, "opentofu")
    assert sorted(primary) == ["a.tf.json", "a.tofu", "b.tofu.json", "c.tofu", "soverride.tf"]
    assert overrides == ["b_override.tf", "override.tf", "override.tf.json", "z_override.tofu"]


JSON_BLOCK = (
    '{"resource": {"aws_cognito_user_pool": {"p": {"user_pool_add_ons": {"advanced_security_mode": "AUDIT"}}}}}'
)
JSON_DYNAMIC = (
    '{"resource": {"aws_cognito_user_pool": {"p": {"dynamic": {"user_pool_add_ons": '
    '{"for_each": [1], "content": {"advanced_security_mode": "AUDIT"}}}}}}}'
)
NATIVE_DYNAMIC = """
resource "aws_cognito_user_pool" "p" {
  dynamic "user_pool_add_ons" {
    for_each = []
    content {}
  }
}
"""
NATIVE_AUDIT = """
resource "aws_cognito_user_pool" "p" {
  user_pool_add_ons { advanced_security_mode = "AUDIT" }
}
"""
JSON_OFF = JSON_BLOCK.replace("AUDIT", "OFF")


@pytest.mark.parametrize(
    ("base", "name", "override", "modes"),
    [
        (NATIVE_POOL, "override.tf", NATIVE_AUDIT, ["AUDIT"]),
        (NATIVE_POOL, "override.tf.json", JSON_BLOCK, ["AUDIT"]),
        (NATIVE_POOL, "override.tf", NATIVE_DYNAMIC, ["dynamic"]),
        (NATIVE_POOL, "override.tf.json", JSON_DYNAMIC, ["dynamic"]),
        (NATIVE_DYNAMIC, "override.tf", NATIVE_AUDIT, ["AUDIT"]),
        (NATIVE_DYNAMIC, "override.tf.json", JSON_BLOCK, ["AUDIT"]),
        (NATIVE_POOL, "override.tf", 'resource "aws_cognito_user_pool" "p" {\n  name = "x"\n}\n', ["OFF"]),
        (NATIVE_POOL, "override.tf.json", '{"resource": {"aws_cognito_user_pool": {"p": {"user_pool_add_ons": []}}}}',
         ["OFF"]),
    ],
)  # fmt: skip
def test_nested_blocks_of_a_type_are_replaced_together(
    tmp_path: Path, base: str, name: str, override: str, modes: list[str]
) -> None:
    """A block or `dynamic` block of the override replaces all of its type; an override without any leaves them."""
    assert _modes(_module(tmp_path, {"main.tf": base, name: override})) == modes


@pytest.mark.parametrize(("override", "modes"), [(NATIVE_AUDIT, ["AUDIT"]), (NATIVE_DYNAMIC, ["dynamic"])])
def test_a_json_base_is_overridden_by_native_syntax(tmp_path: Path, override: str, modes: list[str]) -> None:
    """The two forms may meet in one resource, the JSON one below."""
    assert _modes(_module(tmp_path, {"main.tf.json": JSON_OFF, "override.tf": override})) == modes


def test_arguments_are_replaced_by_name_and_the_others_stay(tmp_path: Path) -> None:
    """The last override file in lexical order has the last word."""
    files = {
        "main.tf": NATIVE_POOL,
        "a_override.tf": 'resource "aws_cognito_user_pool" "p" {\n  name = "a"\n}\n',
        "b_override.tf": 'resource "aws_cognito_user_pool" "p" {\n  name = "b"\n}\n',
    }
    pool = _module(tmp_path, files).resources[POOL]
    assert [_text(pool.attribute(name)) for name in ("name", "user_pool_tier")] == ["b", "PLUS"]


def test_variables_locals_outputs_and_calls_are_overridden_by_name(tmp_path: Path) -> None:
    """A variable keeps the arguments that its override does not set; a local value is replaced."""
    files = {
        "main.tf": 'variable "m" {\n  type = string\n  default = "OFF"\n}\nlocals {\n  a = 1\n  b = 2\n}\n'
        'output "o" { value = 1 }\nmodule "c" {\n  source = "./one"\n  m = 1\n}\n',
        "override.tf": 'variable "m" { default = "ENFORCED" }\nlocals { a = 3 }\n'
        'output "o" { value = 2 }\nmodule "c" { source = "./two" }\n',
    }
    module = _module(tmp_path, files)
    assert module.problems == ()
    assert _text(module.variables["m"].attribute("default")) == "ENFORCED"
    assert module.variables["m"].attribute("type") is not None
    assert {name: local.expression for name, local in module.locals.items()} == {"a": Literal(3), "b": Literal(2)}
    assert _text(module.outputs["o"].attribute("value")) == Literal(2)
    assert _text(module.calls["c"].attribute("source")) == "./two"
    assert _text(module.calls["c"].attribute("m")) == Literal(1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('resource "a" "b" {}\n', "resource a.b"),
        ('data "a" "b" {}\n', "data"),
        ('variable "a" {}\n', "variable a"),
        ('output "a" { value = 1 }\n', "output a"),
        ('module "a" { source = "./a" }\n', "a"),
        ("locals { a = 1 }\n", "local value a"),
    ],
)
def test_a_name_declared_twice_is_a_problem_of_the_later_one(tmp_path: Path, text: str, words: str) -> None:
    """Files count in lexical order; the message says where the first one stands."""
    problems = _module(tmp_path, {"a.tf": "\n" + text, "b.tf": text}).problems
    assert [problem.span.file for problem in problems] == ["b.tf"]
    assert words in problems[0].message
    assert "a.tf on line 2" in problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        'resource "a" "b" {}\n',
        'data "a" "b" {}\n',
        'variable "a" {}\n',
        'output "a" { value = 1 }\n',
        'module "a" { source = "./a" }\n',
        "locals { a = 1 }\n",
    ],
)
def test_an_override_of_nothing_is_a_problem(tmp_path: Path, text: str) -> None:
    """Terraform refuses an override of what no other file declares."""
    problems = _module(tmp_path, {"main.tf": "", "x_override.tf": text}).problems
    assert [problem.span.file for problem in problems] == ["x_override.tf"]


@pytest.mark.parametrize("header", ['resource "aws_cognito_user_pool"', "variable", 'module "a" "b"', 'locals "x"'])
def test_a_wrong_number_of_labels_is_a_problem(tmp_path: Path, header: str) -> None:
    """The block is named where it stands."""
    problems = _module(tmp_path, {"main.tf": header + " {}\n"}).problems
    assert [(problem.span.file, problem.span.line) for problem in problems] == [("main.tf", 1)]


def test_json_labels_that_are_missing_are_a_problem(tmp_path: Path) -> None:
    """In JSON a missing label is a string where an object should be."""
    problems = _module(tmp_path, {"main.tf.json": '{"resource": {"aws_cognito_user_pool": "p"}}'}).problems
    assert [problem.span.file for problem in problems] == ["main.tf.json"]


def test_a_broken_file_beside_a_good_one(tmp_path: Path) -> None:
    """What can be read is read; the syntax error and the unreadable file are named."""
    (tmp_path / "bytes.tf").write_bytes(b"\xff\xfe\xfd")
    module = _module(tmp_path, {"broken.tf": "resource {{{\n", "main.tf": NATIVE_POOL})
    assert sorted({problem.span.file for problem in module.problems}) == ["broken.tf", "bytes.tf"]
    assert POOL in module.resources
    assert sorted(file.path for file in module.files) == ["broken.tf", "bytes.tf", "main.tf"]


def test_a_local_value_twice_in_one_block_is_a_problem(tmp_path: Path) -> None:
    """As twice in two blocks."""
    problems = _module(tmp_path, {"main.tf": "locals {\n  a = 1\n  a = 2\n}\n"}).problems
    assert [(problem.span.file, problem.span.line) for problem in problems] == [("main.tf", 3)]


def test_a_directory_with_a_files_name_is_left_alone(tmp_path: Path) -> None:
    """Terraform reads files only."""
    (tmp_path / "old.tf").mkdir()
    module = _module(tmp_path, {"main.tf": NATIVE_POOL})
    assert module.problems == ()
    assert [file.path for file in module.files] == ["main.tf"]


def test_bodies_are_left_closed(tmp_path: Path) -> None:
    """Loading a module opens no body of a resource: most of them never matter."""
    module = _module(tmp_path, {"main.tf": NATIVE_POOL, "other.tf": 'resource "a" "b" {\n  x = 1\n}\n'})
    assert [name for name, found in module.resources.items() if "body" in vars(found.block)] == []


def test_only_opentofu_reads_tofu_files(tmp_path: Path) -> None:
    """One library answers for both engines."""
    files = {"main.tf": 'variable "m" { default = 1 }\n', "main.tofu": 'variable "m" { default = 2 }\n'}
    defaults = [
        _text(_module(tmp_path, files, engine).variables["m"].attribute("default"))
        for engine in ("terraform", "opentofu")  # type: ignore[list-item]
    ]
    assert defaults == [Literal(1), Literal(2)]


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("a.tf", b"# caf\xe9\n// \xff\nlocals { /* \xe9\n */\n  a = 1 # \xe9\n}\n", True),
        ("a.tf", b'locals {\n  a = "\xe9" # caf\xe9\n}\n', False),
        ("a.tf", b"locals {\n  a = <<E\n# \xe9\nE\n}\n", False),
        ("a.tf", b"locals {\n  a = 1\n  \xe9 = 2\n}\n", False),
        ("a.tf.json", b'{"//": "\xe9", "locals": {"a": "\xe9"}}', True),
    ],
)
def test_bytes_that_are_no_text(tmp_path: Path, name: str, text: bytes, read: bool) -> None:
    """Terraform takes them in comments, and anywhere in the JSON form."""
    (tmp_path / name).write_bytes(text)
    module = Library(Repository(tmp_path), "tree-sitter").module(".")
    assert ((["a"], 0) if read else ([], 1)) == (list(module.locals), len(module.problems))
