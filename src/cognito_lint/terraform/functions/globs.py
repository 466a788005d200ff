"""`fileset`'s patterns: `*`, `?`, `[…]` within a name, `**` across directories, `{a,b}` alternatives."""

from __future__ import annotations

from functools import cache

from cognito_lint.terraform.values import BoundError

MAX_PATTERNS = 256


def expand_braces(pattern: str) -> list[str]:
    """The pattern's alternatives. Raises BoundError for more than MAX_PATTERNS."""
    done: list[str] = []
    waiting = [pattern]
    while waiting:
        if len(done) + len(waiting) > MAX_PATTERNS:
            raise BoundError(f"a file pattern has more than the bound of {MAX_PATTERNS} alternatives")
        current = waiting.pop()
        group = _innermost(current)
        if group is None:
            done.append(current)
            continue
        start, end = group
        waiting += [f"{current[:start]}{choice}{current[end + 1 :]}" for choice in current[start + 1 : end].split(",")]
    return done


def _innermost(pattern: str) -> tuple[int, int] | None:
    end = pattern.find("}")
    start = pattern.rfind("{", 0, end) if end >= 0 else -1
    return (start, end) if start >= 0 else None


def matches(pattern: str, path: str) -> bool:
    """Whether a path below the directory is one that the pattern names."""
    parts, names = tuple(pattern.split("/")), tuple(path.split("/"))

    @cache
    def walk(at: int, name: int) -> bool:
        if at == len(parts):
            return name == len(names)
        if parts[at] == "**":
            return walk(at + 1, name) or (name < len(names) and walk(at, name + 1))
        return name < len(names) and _matches_name(parts[at], names[name]) and walk(at + 1, name + 1)

    return len(parts) <= 64 and len(names) <= 64 and walk(0, 0)


def _matches_name(pattern: str, name: str) -> bool:
    """One name against one part: the last star is tried again and again, so no pattern takes exponential time."""
    at = place = 0
    star, resume = -1, 0
    while place < len(name):
        step = _one(pattern, at, name[place])
        if step:
            at, place = step, place + 1
        elif at < len(pattern) and pattern[at] == "*":
            star, resume, at = at, place, at + 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")


def _one(pattern: str, at: int, letter: str) -> int:
    """Where the pattern goes on after it took `letter`; 0 if it does not."""
    if at >= len(pattern) or pattern[at] == "*":
        return 0
    if pattern[at] == "?":
        return at + 1
    if pattern[at] == "[" and "]" in pattern[at + 2 :]:
        end = pattern.index("]", at + 2)
        inside = pattern[at + 1 : end]
        negated = inside[:1] in {"^", "!"}
        return end + 1 if _in_class(inside[negated:], letter) != negated else 0
    if pattern[at] == "\\" and at + 1 < len(pattern):
        return at + 2 if pattern[at + 1] == letter else 0
    return at + 1 if pattern[at] == letter else 0


def _in_class(inside: str, letter: str) -> bool:
    place = 0
    while place < len(inside):
        if inside[place + 1 : place + 2] == "-" and place + 2 < len(inside):
            if inside[place] <= letter <= inside[place + 2]:
                return True
            place += 3
        else:
            if inside[place] == letter:
                return True
            place += 1
    return False
