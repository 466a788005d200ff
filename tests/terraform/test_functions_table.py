"""Every built-in function and operator against what Terraform 1.11.4 says: functions.txt, one row an expression.

A row is the expression, a tab, and its value as `jsonencode` writes it, or `error`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_lint.terraform.expressions import Budget, Evaluator
from cognito_lint.terraform.functions import FUNCTIONS, Context, FileMissingError, call
from cognito_lint.terraform.identities import NamedSite
from cognito_lint.terraform.reader import parse_expression
from cognito_lint.terraform.values import EvaluationError, Known, UnknownValue

TABLE = Path(__file__).with_name("functions.txt")
ROWS = [tuple(line.split("\t")) for line in TABLE.read_text(encoding="utf-8").split("\n") if line]
OPENTOFU = {name for name in FUNCTIONS if name.startswith("assume")} | {"base64gunzip", "cidrcontains", "urldecode"}
ELSEWHERE = {"ephemeralasnull", "issensitive", "templatestring", "base64gzip", "uuid", "convert"}
needs_terraform = pytest.mark.skipif(shutil.which("terraform") is None, reason="there is no terraform")


class NoFiles:
    """An empty directory."""

    def read(self, path: str) -> bytes:
        raise FileMissingError

    def exists(self, path: str) -> bool:
        return False

    def below(self, directory: str) -> tuple[str, ...]:
        return ()

    def absolute(self, path: str) -> str:
        return f"/{path}"

    def shown(self, path: str) -> str:
        return path


class NoNames:
    """The scope of `terraform console` in an empty directory."""

    key = ""
    files = NoFiles()
    has_functions = True
    nesting = 0

    def __init__(self) -> None:
        self.budget = Budget()

    def refer(self, name, steps, site):
        raise EvaluationError(f"no {name} here")

    def source(self, span):
        return "expression"


def evaluated(text: str) -> str:
    """The expression's value as `jsonencode` writes it, or "error"."""
    try:
        result = Evaluator(NoNames()).evaluate(parse_expression(text, "row"))
        encoded = call("jsonencode", [result], Context(NamedSite("row", text)))
    except EvaluationError:
        return "error"
    return encoded.data if isinstance(encoded, Known) else f"unknown: {encoded}"


def console(expressions: list[str], directory: Path) -> list[str]:
    """What `terraform console` says of every expression, in one process."""
    tried = ", ".join(f'try(jsonencode({{v = {text}}}), "error")' for text in expressions)
    answer = subprocess.run(
        ["terraform", "console"],
        cwd=directory,
        input=f"jsonencode([{tried}])",
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        values = json.loads(json.loads(answer.stdout.strip().replace("$${", "${").replace("%%{", "%{")))
    except ValueError:
        # Calls that Terraform refuses before it evaluates anything fail the whole: look for them by halves.
        if len(expressions) == 1:
            return ["error"]
        half = len(expressions) // 2
        return console(expressions[:half], directory) + console(expressions[half:], directory)
    return [value if value == "error" else value[5:-1] for value in values]


@pytest.mark.parametrize(("expression", "expected"), ROWS)
def test_a_row_has_the_value_that_terraform_gave(expression: str, expected: str) -> None:
    """Every function and operator gives what Terraform gave when the table was made."""
    assert expected == evaluated(expression)


def test_every_function_has_its_rows() -> None:
    """No pure function of Terraform's goes without three rows."""
    text = TABLE.read_text(encoding="utf-8")
    lacking = {
        name: text.count(f"{name}(")
        for name in FUNCTIONS
        if name not in OPENTOFU | ELSEWHERE
        and not name.startswith("provider::")
        and name not in {"list", "map", "bcrypt", "plantimestamp", "rsadecrypt", "timestamp", "templatefile"}
        and not name.startswith("file")
        and text.count(f"{name}(") < 2
    }
    assert {} == lacking


def test_without_google_re2_a_regular_expression_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not an error that `try` would catch: Terraform knows the answer."""
    monkeypatch.setitem(sys.modules, "re2", None)
    found = Evaluator(NoNames()).evaluate(parse_expression('try(regex("[a-z]{7}", "abcdefg"), "none")', "row"))
    assert isinstance(found, UnknownValue)
    assert (False, True) == (found.error, found.bound)
    assert "regular expressions need the package google-re2, which is not installed" == found.reason


@pytest.mark.terraform
@needs_terraform
def test_the_table_is_what_terraform_says_today(tmp_path: Path) -> None:
    """The table itself is held against the real binary."""
    expressions = [expression for expression, _ in ROWS]
    said = console(expressions, tmp_path)
    # Terraform 1.11 lets Go's panic through for some negative indexes; 1.12 counts from the end.
    differing = [
        (expression, expected, now) for (expression, expected), now in zip(ROWS, said, strict=True) if expected != now
    ]
    assert [] == differing


TEXTS = st.text(alphabet="aAbBzZ019 .,-_/é ßİ👍e\u0301\n", max_size=8)
NUMBERS = st.one_of(
    st.integers(-1000, 1000).map(str),
    st.decimals(-1000, 1000, places=3).map(str),
    st.sampled_from(["0.1", "1e10", "1e-9", "123456789012345678901234567890", "0.333333333333333333"]),
)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


STRINGS = TEXTS.map(quoted)
VALUES = st.recursive(
    st.one_of(STRINGS, NUMBERS, st.sampled_from(["true", "false", "null"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{key} = {value}" for key, value in items.items()) + "}"
        ),
    ),
    max_leaves=6,
)
CALLS = st.one_of(
    st.builds(
        "{0}({1})".format, st.sampled_from(["upper", "lower", "title", "strrev", "trimspace", "length"]), STRINGS
    ),
    st.builds("substr({0}, {1}, {2})".format, STRINGS, st.integers(-4, 4), st.integers(-2, 5)),
    st.builds("split({0}, {1})".format, STRINGS, STRINGS),
    st.builds("replace({0}, {1}, {2})".format, STRINGS, STRINGS, STRINGS),
    st.builds("format({0}, {1})".format, st.sampled_from(['"%5.2f"', '"%e"', '"%g"', '"%v"', '"%08.3f|"']), NUMBERS),
    st.builds("{0} {1} {2}".format, NUMBERS, st.sampled_from(["+", "-", "*", "/", "%", "<", "=="]), NUMBERS),
    st.builds("{0} {1} {2}".format, VALUES, st.sampled_from(["==", "!="]), VALUES),
    st.builds(
        "{0}({1})".format, st.sampled_from(["tolist", "toset", "tomap", "flatten", "yamlencode", "distinct"]), VALUES
    ),
    st.builds("true ? {0} : {1}".format, VALUES, VALUES),
    st.builds("merge({0}, {1})".format, VALUES, VALUES),
    st.builds("concat({0}, {1})".format, VALUES, VALUES),
    st.builds("coalesce({0}, {1})".format, VALUES, VALUES),
    st.builds("setunion({0}, {1})".format, VALUES, VALUES),
    st.builds("lookup({0}, {1}, {2})".format, VALUES, st.sampled_from(['"a"', '"b"']), VALUES),
    st.builds("yamldecode(yamlencode({0}))".format, VALUES),
    st.builds("jsondecode(jsonencode({0}))".format, VALUES),
)


@pytest.mark.terraform
@needs_terraform
@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(CALLS, min_size=60, max_size=120))
def test_random_calls_are_what_terraform_says(tmp_path_factory: pytest.TempPathFactory, expressions: list[str]) -> None:
    """Calls that nobody thought of agree with the real binary too."""
    said = console(expressions, tmp_path_factory.mktemp("console"))
    differing = [
        (expression, expected, ours)
        for expression, expected in zip(expressions, said, strict=True)
        if (ours := evaluated(expression)) != expected
    ]
    assert [] == differing
