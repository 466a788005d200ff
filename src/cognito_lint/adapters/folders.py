"""Where the rules for the two hosts lie: inside the installed package, or in the checkout that it is run from."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

Host: TypeAlias = Literal["cfn-lint", "checkov"]

HOSTS: tuple[Host, ...] = ("cfn-lint", "checkov")
_NAMES: dict[Host, str] = {"cfn-lint": "cfn_rules", "checkov": "checkov_checks"}
_PACKAGE = Path(__file__).resolve().parents[1]


def folder(host: Host) -> Path:
    """The folder to give to a host. Raises FileNotFoundError where this installation has none."""
    name = _NAMES[host]
    for candidate in (_PACKAGE / "adapters" / name, _PACKAGE.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"this installation has no {name} folder; install cognito-lint from its wheel")
