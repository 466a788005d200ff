"""Random expressions mean here what they mean to Terraform itself."""

from __future__ import annotations

import base64
import json
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cognito_lint.terraform.expressions import Budget, Evaluator
from cognito_lint.terraform.reader import parse_expression
from cognito_lint.terraform.syntax import Broken
from cognito_lint.terraform.values import Known
from cognito_lint.terraform.variables import Constants

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on the PATH"),
]
EACH = 150


class Writer:
    """Writes random expressions: valid in syntax, often wrong in type."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._names: list[str] = []

    def expression(self, depth: int = 3) -> str:
        if depth == 0 or self._random.random() < 0.15:
            return self._random.choice(
                ['"a"', '"b"', '"1"', '"true"', "1", "2.5", "-3", "true", "false", "null", *self._names]
            )
        shape = self._random.choice(
            [
                self._binary,
                self._unary,
                self._conditional,
                self._tuple,
                self._object,
                self._template,
                self._for_tuple,
                self._for_object,
                self._index,
                self._attribute,
                self._splat,
                self._call,
                self._directive,
            ]
        )
        return shape(depth - 1)

    def _binary(self, depth: int) -> str:
        operator = self._random.choice(["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"])
        return f"({self.expression(depth)} {operator} {self.expression(depth)})"

    def _unary(self, depth: int) -> str:
        return f"{self._random.choice('!-')}({self.expression(depth)})"

    def _conditional(self, depth: int) -> str:
        condition = self._random.choice([self._binary(depth), "true", "false"])
        return f"({condition} ? {self.expression(depth)} : {self.expression(depth)})"

    def _tuple(self, depth: int) -> str:
        return f"[{', '.join(self.expression(depth) for _ in range(self._random.randrange(4)))}]"

    def _object(self, depth: int) -> str:
        keys = self._random.sample(["a", '"b"', "(1)", '"k-${1}"', "c"], self._random.randrange(4))
        return f"{{{', '.join(f'{key} = {self.expression(depth)}' for key in keys)}}}"

    def _template(self, depth: int) -> str:
        return f'"x${{{self.expression(depth)}}} $${{y}}"'

    def _directive(self, depth: int) -> str:
        if self._random.random() < 0.5:
            return f'"%{{ if {self.expression(depth)} }} yes %{{ else ~}} no %{{ endif }}"'
        return f'"%{{ for v in {self._tuple(depth)} ~}} ${{v}}, %{{ endfor }}"'

    def _named(self, depth: int) -> str:
        self._names += ["k", "v"]
        try:
            return self.expression(depth)
        finally:
            self._names = self._names[:-2]

    def _for_tuple(self, depth: int) -> str:
        collection = self._random.choice([self._tuple(depth), self._object(depth), f"toset({self._tuple(depth)})"])
        condition = f" if {self._named(depth)}" if self._random.random() < 0.3 else ""
        return f"[for k, v in {collection} : {self._named(depth)}{condition}]"

    def _for_object(self, depth: int) -> str:
        grouped = self._random.random() < 0.4
        collection = self._random.choice([self._tuple(depth), self._object(depth)])
        return f'{{for k, v in {collection} : "${{k}}" => {self._named(depth)}{"..." if grouped else ""}}}'

    def _index(self, depth: int) -> str:
        source = self._random.choice([self._tuple(depth), self._object(depth)])
        return f"{source}[{self.expression(depth)}]"

    def _attribute(self, depth: int) -> str:
        return self._random.choice(
            [f"{self._object(depth)}.a", f"{self._tuple(depth)}.0", f"{self._tuple(depth)}[0].a"]
        )

    def _splat(self, depth: int) -> str:
        source = self._random.choice([self._tuple(depth), self.expression(depth)])
        return f"({source}){self._random.choice(['[*]', '[*].a', '.*.a', '[*][0]', '[*].a[0]'])}"

    def _call(self, depth: int) -> str:
        name = self._random.choice(
            ["length", "tostring", "tolist", "merge", "concat", "coalesce", "upper", "can", "flatten"]
        )
        if name in ("merge", "concat", "coalesce"):
            return f"{name}({self.expression(depth)}, {self.expression(depth)})"
        return f"{name}({self.expression(depth)})"


class _Console(Constants):
    """The scope of `terraform console` in an empty directory."""

    has_functions = True
    nesting = 0


def _ours(text: str) -> str | None:
    evaluator = Evaluator(_Console(Budget(), None))  # type: ignore[arg-type]
    expression = parse_expression(text, "test")
    if isinstance(expression, Broken):
        return "error"
    result = evaluator.evaluate(expression)
    return result.data if isinstance(result, Known) and isinstance(result.data, str) else None


def _theirs(asked: list[str], directory: Path) -> list[str]:
    """What Terraform says of each; where it refuses the whole unevaluated, look for the one by halves."""
    done = subprocess.run(
        ["terraform", "console"],
        input=f"base64encode(jsonencode([{', '.join(asked)}]))",
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found = re.search(r'^"([A-Za-z0-9+/=]*)"$', done.stdout, re.MULTILINE)
    if found is not None:
        return [str(answer) for answer in json.loads(base64.b64decode(found[1]))]
    if len(asked) == 1:
        return ["error"]
    half = len(asked) // 2
    return _theirs(asked[:half], directory) + _theirs(asked[half:], directory)


@pytest.mark.parametrize("seed", range(3))
def test_random_expressions(seed: int, tmp_path: Path) -> None:
    """Each gives the same value in both, or an error."""
    writer = Writer(seed)
    asked = [f'try(jsonencode({writer.expression()}), "error")' for _ in range(EACH)]
    answers = _theirs(asked, tmp_path)
    pairs = [(text, theirs, _ours(text)) for text, theirs in zip(asked, answers, strict=True)]
    assert [] == [pair for pair in pairs if pair[1] != pair[2] and not _refused_unseen(*pair)]


def _refused_unseen(text: str, theirs: str, ours: str | None) -> bool:
    """Terraform also refuses some errors in a branch or a condition that no element reaches; such a module is never
    deployed, so a value in its place does no harm."""
    return theirs == "error" and ours is not None and ("?" in text or " if " in text)
