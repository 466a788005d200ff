"""The last resort: a pool as the host renders it, where its files or our reader for them are not there.

Nothing passes here that is not certain. A rendered ENFORCED may come from a default that another file overrides, and a
`dynamic` block that the host shows may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from cognito_lint.adapters.answers import UNKNOWN, Answer, Place
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.model import ENFORCED
from cognito_lint.rules import threat_protection_not_enforced, threat_protection_unproven
from cognito_lint.rules.rule import Rule

_BLOCK, _MODE = "user_pool_add_ons", "advanced_security_mode"
_LITERAL = re.compile(
    rf'^[ \t]*(?:{_BLOCK}[ \t]*\{{[ \t]*)?{_MODE}[ \t]*=[ \t]*"(\w+)"[ \t]*\}}?[ \t]*(?:(?:#|//).*)?$', re.MULTILINE
)
_NOT_READ = "cognito-lint could not read the files of this pool and the host's own rendering does not prove it"


def answer(rule: Rule, at: Place, conf: Mapping[str, Any]) -> Answer:
    """What can be said of the pool from the host's rendered configuration."""
    if rule.id not in (threat_protection_not_enforced.RULE.id, threat_protection_unproven.RULE.id):
        return UNKNOWN
    if at.language == "cloudformation":
        verdict, reason = "unproven", _NOT_READ
    else:
        verdict, reason = _terraform(at, conf)
    if verdict == "enforced":
        return Answer("passed")
    named = threat_protection_not_enforced if verdict == "not-enforced" else threat_protection_unproven
    return Answer("failed", (reason,)) if rule.id == named.RULE.id else UNKNOWN


def _terraform(at: Place, conf: Mapping[str, Any]) -> tuple[str, str]:
    source = _source(at)
    if source is None:
        return "unproven", _NOT_READ
    if _BLOCK not in conf and _BLOCK not in source:
        return "not-enforced", f"{_BLOCK} is missing: threat protection is off"
    literals = _LITERAL.findall(source)
    if "dynamic" in conf or "dynamic" in source or source.count(_MODE) != 1 or len(literals) != 1:
        return "unproven", f"{_NOT_READ}: the mode is not a literal"
    shown = _rendered_mode(conf)
    if shown != literals[0]:
        return "unproven", f"{_NOT_READ}: it shows {shown!r} where the file says {literals[0]!r}"
    if shown == ENFORCED:
        return "enforced", ""
    return "not-enforced", f"the mode is {shown}"


def _source(at: Place) -> str | None:
    """The text of the pool's block, unless an override file may change what it says."""
    if at.lines is None or not at.file.endswith(".tf"):
        return None
    repository = Repository(Path.cwd(), (at.file,))
    file = repository.shown(at.file)
    try:
        lines = repository.text(file).splitlines()
    except UnreadableError:
        return None
    names = repository.entries(PurePosixPath(file).parent.as_posix())
    if any(name.partition(".")[0].endswith("override") for name in names):
        return None
    return "\n".join(lines[at.lines[0] - 1 : at.lines[1]])


def _rendered_mode(conf: Mapping[str, Any]) -> object:
    block = conf.get(_BLOCK)
    while isinstance(block, list) and len(block) == 1:
        block = block[0]
    mode = block.get(_MODE) if isinstance(block, Mapping) else None
    return mode[0] if isinstance(mode, list) and len(mode) == 1 else mode
