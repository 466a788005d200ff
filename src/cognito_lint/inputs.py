"""What the user says about deployments besides their files: parameters, variables, how strictly to judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
class Declared:
    """A deployment of a root module or a template that the settings declare.

    `path` is the root's directory, or a glob of templates; `name` tells it from others of the same path. `files` are
    the parameter files that `parameters` come from.
    """

    path: str
    name: str = ""
    variables: tuple[Variable | VariableFile, ...] = ()
    parameters: Mapping[str, str | None] = field(default_factory=dict)
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Inputs:
    """`variables` keep the order of the command line, in which Terraform lets the last win.

    `parameters` are template parameters by name: `--parameters` files first, `--parameter` over them; None
    is for those of which a file says only that it does not say the value (`UsePreviousValue`).
    `environment` holds what `TF_VAR_*` says, by variable name; empty with `--isolated`. With `strict`, every
    parameter and root variable that has a default may take another value too. `roots` and `templates` are the
    deployments that the settings declare; what is given here wins over theirs.
    """

    parameters: Mapping[str, str | None] = field(default_factory=dict)
    variables: tuple[Variable | VariableFile, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    hcl_reader: HclReader = "tree-sitter"
    roots: tuple[Declared, ...] = ()
    templates: tuple[Declared, ...] = ()

    def deployed(self, declared: Iterable[Declared]) -> tuple[tuple[Declared | None, Inputs], ...]:
        """Each declared deployment with the inputs that hold for it; the files' own, with None, if there is none."""
        return tuple((one, self._over(one)) for one in declared) or ((None, self),)

    def _over(self, declared: Declared) -> Inputs:
        return replace(
            self,
            variables=declared.variables + self.variables,
            parameters={**declared.parameters, **self.parameters},
        )
