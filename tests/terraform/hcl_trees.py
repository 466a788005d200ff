"""What the default reader makes of a text."""

from __future__ import annotations

from cognito_lint.terraform import hcl_reader
from cognito_lint.terraform.syntax import Expression, File, Template


def read(text: str) -> File:
    return hcl_reader.read(text.encode(), "main.tf")


def expression(text: str) -> Expression:
    """The expression as it stands in a file; in a `--var` it is the same."""
    file = read(f"x = {text}\n")
    assert () == file.problems
    return file.body.attributes["x"].expression


def text(value: str) -> Template:
    return Template((value,) if value else ())
