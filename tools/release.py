"""Does a tag name the version that this checkout is? Then what CHANGELOG.md says of it goes to stdout.

python tools/release.py v1.2.3
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_VERSION = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)
_NAMED = re.compile(
    r"cognito-lint@v(?P<action>[\w.]+)"
    r"|^ *rev: v(?P<hook>[\w.]+)"
    r"|cognito-lint\.git#v(?P<image>[\w.]+)"
    r"|cognito-lint/v(?P<file>[\w.]+)/"
    r'|regex: .*\n +default: "(?P<template>.+)"',
    re.MULTILINE,
)


def version(root: Path = ROOT) -> str:
    """The version of the package."""
    found = _VERSION.search((root / "src/cognito_lint/__init__.py").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("src/cognito_lint/__init__.py names no version")
    return found[1]


def named(root: Path = ROOT) -> list[tuple[str, str]]:
    """Where users are told to write a version, and which: (file, version)."""
    files = ("README.md", "docs/ci.md", "templates/cognito-lint.yml")
    return [
        (file, found[found.lastgroup or 0])
        for file in files
        for found in _NAMED.finditer((root / file).read_text(encoding="utf-8"))
    ]


def notes(released: str, changelog: str) -> str | None:
    """What the changelog says of a version that has a date; None if there is no such entry or nothing in it."""
    entry = re.compile(
        rf"^## \[?{re.escape(released)}\]? - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |^\[|\Z)", re.MULTILINE | re.DOTALL
    )
    found = entry.search(changelog)
    return found[1].strip() + "\n" if found and found[1].strip() else None


def problems(tag: str, root: Path = ROOT) -> list[str]:
    """Why this checkout cannot be released under the tag, one sentence each."""
    package = version(root)
    found = []
    if tag != f"v{package}":
        found.append(f"the tag is {tag}, and the package is version {package}: the tag must be v{package}")
    if notes(package, (root / "CHANGELOG.md").read_text(encoding="utf-8")) is None:
        found.append(f"CHANGELOG.md has no entry '## {package} - YYYY-MM-DD' that says something")
    found += [f"{file} names version {other}" for file, other in named(root) if other != package]
    return found


def main(arguments: list[str]) -> int:
    """Exit code 1 with the problems on stderr, else 0 with the notes on stdout."""
    if len(arguments) != 1:
        sys.exit(__doc__)
    found = problems(arguments[0])
    for problem in found:
        print(f"not to be released: {problem}", file=sys.stderr)
    if not found:
        print(notes(version(), (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
