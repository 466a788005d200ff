"""The second reader makes the trees that the first one makes."""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from cognito_lint.files import Repository, UnreadableError
from cognito_lint.terraform import hcl_reader
from cognito_lint.terraform.reader import read_file
from cognito_lint.terraform.syntax import Body

ROOT = Path(__file__).parents[2]
CORPUS = os.environ.get("COGNITO_LINT_CORPUS", "")


def flat(body: Body) -> Any:
    attributes = {name: attribute.expression for name, attribute in body.attributes.items()}
    return attributes, [(block.type, block.labels, flat(block.body)) for block in body.blocks]


def compare(path: Path) -> bool:
    """Both trees are equal where both readers accept the file. Gives whether they do."""
    repository = Repository(path.parent, [path.name])
    one = read_file(path.name, repository)
    other = read_file(path.name, repository, "python-hcl2")
    if one.problems or other.problems or "Broken(" in repr(flat(one.body)):
        return False  # one of them refuses the file, or an expression in it
    assert flat(one.body) == flat(other.body)
    return True


SAMPLE = """
# every form that both readers know
variable "m" {
  type    = object({ mode = optional(string, "OFF") })
  default = null /* none */
}
resource aws_cognito_user_pool "p" {
  count = var.a ? 1 : var.b ? 2 : 3
  name  = "x-${var.name}-$${y}-%{ if var.c ~} z %{ else }w%{ endif }"
  tags = { a = 1, "b" : -2.5, (var.k) = [for k, v in var.m : v if k != "x"], in = var.l[*].a[0].b[*].c }
  policy = <<-EOT
    a ${var.b}
      b
  EOT
  dynamic "user_pool_add_ons" {
    for_each = { for k, v in var.m : k => v... }
    content { advanced_security_mode = lookup(var.m, "mode", 1 + 2 * 3 - 4 >= 5 && !true) }
  }
  chain = (var.a
    || var.b)
  x = var.l.*.a[0]
  y = f(var.l...)
  z = var.l.0.id
}
"""


def test_sample(tmp_path: Path) -> None:
    """One file with every form that both know gives two equal trees, and neither complains."""
    pytest.importorskip("hcl2")
    (tmp_path / "main.tf").write_text(SAMPLE)
    repository = Repository(tmp_path, ["main.tf"])
    one, other = read_file("main.tf", repository), read_file("main.tf", repository, "python-hcl2")
    assert ((), ()) == (one.problems, other.problems)
    assert flat(one.body) == flat(other.body)


def test_a_heredoc_ends_where_blanks_follow(tmp_path: Path) -> None:
    """Terraform takes them; without them python-hcl2 would read on to the next end, and lose a block."""
    pytest.importorskip("hcl2")
    block = 'resource "a" "NAME" {\n  x = <<EOT\n  text\nEOT \t\n  y = 1\n}\n'
    (tmp_path / "main.tf").write_text(block.replace("NAME", "one") + block.replace("NAME", "two"))
    repository = Repository(tmp_path, ["main.tf"])
    one, other = read_file("main.tf", repository), read_file("main.tf", repository, "python-hcl2")
    assert [("a", "one"), ("a", "two")] == [block.labels for block in other.body.blocks]
    assert flat(one.body) == flat(other.body)


def test_syntax_error(tmp_path: Path) -> None:
    """A syntax error is a problem with its place here too."""
    pytest.importorskip("hcl2")
    (tmp_path / "main.tf").write_text("a = 1\nb = [\n")
    file = read_file("main.tf", Repository(tmp_path, ["main.tf"]), "python-hcl2")
    assert 1 == len(file.problems)


@pytest.mark.parametrize("module", [types.ModuleType("hcl2"), None])
def test_without_python_hcl2(module: types.ModuleType | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkov's fork, or no hcl2 at all, gives one sentence that names the extra."""
    (tmp_path / "main.tf").write_text("a = 1\n")
    monkeypatch.setitem(sys.modules, "hcl2", module)
    with pytest.raises(UnreadableError, match=r"cognito-lint\[python-hcl2\]"):
        read_file("main.tf", Repository(tmp_path, ["main.tf"]), "python-hcl2")


def test_fixtures() -> None:
    """Both readers agree on every fixture."""
    pytest.importorskip("hcl2")
    paths = sorted((ROOT / "tests" / "fixtures").rglob("*.tf"))
    compared = sum(compare(path) for path in paths)
    assert compared > len(paths) / 2


@pytest.mark.shared
def test_corpus() -> None:
    """Both readers agree on the public corpus, where it was rebuilt with its rebuild.py."""
    pytest.importorskip("hcl2")
    if not CORPUS:
        pytest.skip("COGNITO_LINT_CORPUS does not say where the rebuilt corpus is")
    paths = sorted(Path(CORPUS).rglob("*.tf"))
    compared = sum(compare(path) for path in paths)
    assert compared > len(paths) / 2


def test_nothing_is_parsed_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first reader opens no block and no expression of its own accord."""
    monkeypatch.setattr(hcl_reader, "ExpressionParser", None)
    file = hcl_reader.read(SAMPLE.encode(), "main.tf")
    assert ["variable", "resource"] == [block.type for block in file.body.blocks]
