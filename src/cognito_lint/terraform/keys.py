"""How Terraform prints which instance of a resource or module it means (below the stages)."""

from __future__ import annotations

import json
from typing import TypeAlias

Key: TypeAlias = "int | str | None"
STAR = "[*]"


def suffix(key: Key) -> str:
    """How an address names the instance: `[0]`, `["eu"]`, `[*]`, nothing for the only one."""
    if key is None:
        return ""
    if key == STAR:
        return STAR
    return f"[{key}]" if isinstance(key, int) else f"[{_quoted(key)}]"


def _quoted(key: str) -> str:
    return json.dumps(key, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
