"""The last resort: a pool as the host renders it, where its files or our reader for them are not there.

Nothing passes here that is not certain. A rendered ENFORCED may come from a default that another file overrides, and a
`dynamic` block that the host shows may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from cognito_lint.adapters.answers import UNKNOWN, Answer, summed_up
from cognito_lint.adapters.places import Place
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.model import Span, Step, Unknown, UserPool, Value
from cognito_lint.rules import threat_protection_not_enforced, threat_protection_unproven
from cognito_lint.rules.rule import Rule
from cognito_lint.rules.verdict import verdict

_BLOCK, _MODE = "user_pool_add_ons", "advanced_security_mode"
_LITERAL = re.compile(
    rf'^[ \t]*(?:{_BLOCK}[ \t]*\{{[ \t]*)?{_MODE}[ \t]*=[ \t]*"(\w+)"[ \t]*\}}?[ \t]*(?:(?:#|//).*)?$', re.MULTILINE
)
_OPENING = re.compile(rf"^[ \t]*{_BLOCK}[ \t]*\{{", re.MULTILINE)
_REPEATED = re.compile(r"^[ \t]*(?:count|for_each)[ \t]*=", re.MULTILINE)
_NOT_READ = "cognito-lint could not read the files of this pool and the host's own rendering does not prove it"


def answer(rule: Rule, at: Place, conf: Mapping[str, Any]) -> Answer:
    """What can be said of the pool from the host's rendered configuration: the rules' own word about a pool of which
    the mode alone may be known. Only the rules about the mode are asked."""
    if rule.id not in (threat_protection_not_enforced.RULE.id, threat_protection_unproven.RULE.id):
        return UNKNOWN
    pool = _pool(at, conf)
    return summed_up(rule.check(pool) if rule.check else (), (verdict(pool),))


def _pool(at: Place, conf: Mapping[str, Any]) -> UserPool:
    line = at.lines[0] if at.lines else 1
    span = Span(at.file, line, 1, line, 1)
    mode = _mode(at, conf) if at.language == "terraform" else Unknown(_NOT_READ)
    value = Value(mode, (Step(span, "rendered by the host"),))
    return UserPool(at.address, at.language, at.root or at.file, span, span, value, tier=Value(Unknown(_NOT_READ)))


def _mode(at: Place, conf: Mapping[str, Any]) -> str | Unknown | None:
    source = _source(at)
    if source is None:
        return Unknown(_NOT_READ)
    if _BLOCK not in conf and _BLOCK not in source:
        return None
    literals = _LITERAL.findall(source)
    if "dynamic" in conf or "dynamic" in source or source.count(_MODE) != 1 or len(literals) != 1:
        return Unknown(f"{_NOT_READ}: the mode is not a literal")
    if len(_OPENING.findall(source)) != 1 or _REPEATED.search(source):
        return Unknown(f"{_NOT_READ}: the block or the pool is repeated")
    shown, written = _rendered_mode(conf), str(literals[0])
    return written if shown == written else Unknown(f"{_NOT_READ}: it shows {shown!r} where the file says {written!r}")


def _source(at: Place) -> str | None:
    """The text of the pool's block, unless an override file may change it or a `.tofu` file take its place."""
    if at.lines is None or not at.file.endswith(".tf"):
        return None
    repository = Repository(Path.cwd(), (at.file,))
    file = repository.shown(at.file)
    try:
        lines = repository.text(file).splitlines()
    except UnreadableError:
        return None
    names = repository.entries(PurePosixPath(file).parent.as_posix())
    if any(name.partition(".")[0].endswith("override") or ".tofu" in name for name in names):
        return None
    return "\n".join(lines[at.lines[0] - 1 : at.lines[1]])


def _rendered_mode(conf: Mapping[str, Any]) -> object:
    block = conf.get(_BLOCK)
    while isinstance(block, list) and len(block) == 1:
        block = block[0]
    mode = block.get(_MODE) if isinstance(block, Mapping) else None
    return mode[0] if isinstance(mode, list) and len(mode) == 1 else mode
