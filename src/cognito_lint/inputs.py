"""What the user says about a deployment besides its files: parameters, variables, how strictly to judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

HclReader: TypeAlias = Literal["tree-sitter", "python-hcl2"]


@dataclass(frozen=True, slots=True)
class VariableFile:
    """`--var-file`: its path, as shown."""

    path: str


@dataclass(frozen=True, slots=True)
class Variable:
    """`--var NAME=TEXT`: Terraform reads the text as an expression where the variable's type is not a primitive."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """`variables` keep the order of the command line, in which Terraform lets the last win.

    `parameters` are template parameters by name: `--parameters` files first, `--parameter` over them.
    `environment` holds what `TF_VAR_*` says, by variable name; empty with `--isolated`. With `strict`, every
    parameter and root variable that has a default may take another value too.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    variables: tuple[Variable | VariableFile, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    hcl_reader: HclReader = "tree-sitter"
