"""Where Checkov stands is read from its runner's frames: each way in which a later release may hide it is noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cognito_lint.adapters.checkov_place import LostError, nowhere, place


@dataclass
class Module:
    path: str
    nested_tf_module: Any = None


@dataclass
class Definition:
    file_path: str
    tf_source_modules: Any = None


@dataclass
class Filter:
    var_files: Any = None


KIND = "aws_cognito_user_pool"
CONF = {"__address__": f"{KIND}.p", "__start_line__": 3, "__end_line__": 9}


def _called_by(module: str, variables: dict[str, Any], call: Callable[[], Any]) -> Any:
    """The answer of a call made by a function of the module with these local variables."""
    space: dict[str, Any] = {"__name__": module}
    exec(f"def run(call, {', '.join(variables)}):\n    return call()", space)
    return space["run"](call, *variables.values())


def _place(variables: dict[str, Any], *, module: str = "checkov.terraform.runner", conf: Any = CONF) -> Any:
    return _called_by(module, variables, lambda: place("/main.tf", conf, "p", KIND))


def _terraform(**changed: Any) -> dict[str, Any]:
    return {
        "full_file_path": Definition("/r/main.tf"),
        "root_folder": "/r",
        "runner_filter": Filter(["a.tfvars"]),
        **changed,
    }


def test_the_runners_variables_tell_the_place() -> None:
    """File, root, scan and variable files are those of the frames."""
    found = _place(_terraform())
    assert ("/r/main.tf", "/r", ("/r",), ("a.tfvars",), (3, 9)) == (
        found.file, found.root, found.scanned, found.variable_files, found.lines
    )  # fmt: skip


def test_the_outermost_call_is_the_root() -> None:
    """A pool in a module belongs to the root whose call leads to it."""
    chain = Module("/r/modules/a/main.tf", Module("/r/envs/main.tf"))
    found = _place(_terraform(full_file_path=Definition("/r/modules/b/main.tf", chain)))
    assert "/r/envs" == found.root


@pytest.mark.parametrize(
    ("variables", "lost"),
    [
        ({"renamed": Definition("/r/main.tf"), "root_folder": "/r", "runner_filter": Filter()}, "path of the scanned"),
        (_terraform(full_file_path=Definition("/r/other.tf")), "path of the scanned"),
        (_terraform(full_file_path=object()), "path of the scanned"),
        ({"full_file_path": Definition("/r/main.tf"), "root_folder": "/r"}, "variable files"),
        (_terraform(runner_filter=object()), "variable files"),
        (_terraform(full_file_path=Definition("/r/main.tf", object())), "calls that lead"),
    ],
)
def test_what_is_not_told_is_not_guessed(variables: dict[str, Any], lost: str) -> None:
    """A renamed variable or attribute, or a file of another name: the place is lost, and the message says what was."""
    with pytest.raises(LostError, match=lost):
        _place(variables)


def test_a_pool_of_a_module_without_the_calls_is_lost() -> None:
    """Its root cannot be told."""
    with pytest.raises(LostError, match="calls that lead"):
        _place(_terraform(), conf={**CONF, "__address__": f"module.m.{KIND}.p"})


def test_frames_of_others_are_not_looked_at() -> None:
    """Whoever calls Checkov may have variables of the same names."""
    with pytest.raises(LostError):
        _place(_terraform(), module="elsewhere")


def test_a_template_needs_no_variable_files() -> None:
    """The file is enough."""
    variables = {"file_abs_path": "/r/t.yaml", "root_folder": "/r"}
    call = lambda: place("/t.yaml", {}, "P", "AWS::Cognito::UserPool")  # noqa: E731
    found = _called_by("checkov.cloudformation.runner", variables, call)
    assert ("/r/t.yaml", "P", ("/r",)) == (found.file, found.address, found.scanned)


def test_nowhere_is_no_file_of_this_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is judged by the host's rendering alone names no file that could be somebody else's."""
    monkeypatch.chdir(tmp_path)
    assert "" == nowhere(CONF, "p", KIND).file
