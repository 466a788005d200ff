"""What `check` was asked, each with its type: argparse's namespace ends here."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from cognito_lint.inputs import HclReader, Variable, VariableFile
from cognito_lint.model import Level
from cognito_lint.report.destinations import Destination


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `check`, named as in `arguments`, which explains them. `left_open` are the names of those that
    nobody gave: they have their defaults, which settings replace."""

    left_open: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    formats: tuple[Destination, ...] = (Destination("text"),)
    output: str | None = None
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False
    show_files: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Level | Literal["never"] = "error"
    strict: bool = False
    inline_suppressions: bool = True
    today: date | None = None
    baseline: str | None = None
    write_baseline: str | None = None
    prune_baseline: bool = False
    changed_since: str | None = None
    variables: tuple[Variable | VariableFile, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    parameter_files: tuple[str, ...] = ()
    isolated: bool = False
    config: str | None = None
    show_settings: bool = False
    jobs: int | None = None
    exclude: tuple[str, ...] = ()
    stdin_filename: str | None = None
    hcl_reader: HclReader = "tree-sitter"

    @classmethod
    def of(cls, parsed: argparse.Namespace) -> Options:
        """What argparse read, None where an option was not given."""
        names = {field.name for field in fields(cls)} - {"left_open"}
        given = {name: value for name, value in vars(parsed).items() if name in names and value is not None}
        frozen: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }
        return cls(frozenset(names - given.keys()), **frozen)
