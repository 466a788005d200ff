"""The suppressions in the comments of the files that units have read, and the line that each of them covers."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from cognito_lint import ignores
from cognito_lint.files import Repository, UnreadableError, decode
from cognito_lint.model import Ignore, Unit
from cognito_lint.source import Comment, Source

MAX_SUPPRESSIONS = 2_000
_HCL = (".tf", ".tofu", ".tfvars")
_ODD_BREAK = re.compile("\r(?!\n|$)|[\x85\u2028\u2029]")


def in_files_of(unit: Unit, repository: Repository) -> Iterator[Ignore]:
    """The suppressions in the comments of a unit's files. Plans, states and snapshots have none."""
    if unit.kind == "terraform":
        files = [file for file in unit.files if file.endswith(_HCL)]
    else:
        files = [file for file in unit.files if unit.kind == "cloudformation" and not file.endswith("/")]
    for file in sorted(files):
        yield from in_file(file, repository)


def in_file(file: str, repository: Repository) -> tuple[Ignore, ...]:
    """The suppressions in the comments of one file; none in one that cannot be read."""
    try:
        data = repository.read(file)
        plain = data.replace(b"\0", b"") if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else data
        if not any(needle in plain for needle in ignores.NEEDLES):
            return ()
        source = Source(file, decode(data, file, tolerant=True))
    except UnreadableError:
        return ()
    # a reader is imported only where somebody speaks to us
    if file.endswith(_HCL):
        from cognito_lint.terraform import comments as hcl

        return _bounded(_suppressions(source, tuple(hcl.comments(source.text))))
    from cognito_lint.cloudformation import comments as yaml

    return _bounded(_suppressions(source, yaml.comments(source.text)))


def _bounded(found: Iterator[Ignore]) -> tuple[Ignore, ...]:
    kept = tuple(islice(found, MAX_SUPPRESSIONS + 1))
    if len(kept) <= MAX_SUPPRESSIONS:
        return kept
    fault = (
        f"the file holds more than the bound of {MAX_SUPPRESSIONS:,} suppressions: from this one on they are not read"
    )
    return (*kept[:-1], replace(kept[-1], fault=fault))


def _suppressions(source: Source, comments: Iterable[Comment]) -> Iterator[Ignore]:
    lines = _Lines(source, comments)
    for comment in comments:
        found = tuple(_parsed(source, comment))
        covered = lines.covered(comment) if found else None
        odd = "on this line stands a line break of an unusual kind" if found and lines.are_odd(comment, covered) else ""
        yield from (replace(ignore, line=covered, fault=ignore.fault or odd) for ignore in found)


def _parsed(source: Source, comment: Comment) -> Iterator[Ignore]:
    """What the lines of a comment say, without the stars that decorate their starts."""
    start = comment.text_start
    for line in source.text[comment.text_start : comment.text_end].split("\n"):
        text = line.strip().lstrip("*") if comment.text_end < comment.end else line
        from_sign = comment.start if start == comment.text_start else start
        found = ignores.parse(text, source.span(from_sign, start + len(line.rstrip())))
        start += len(line) + 1
        if found is not None:
            yield found


class _Lines:
    """The lines of a file, and which of them hold nothing but comments."""

    def __init__(self, source: Source, comments: Iterable[Comment]) -> None:
        self._source = source
        self._lines = source.text.split("\n")
        parts: list[str] = []
        position = 0
        for comment in comments:
            parts.append(source.text[position : comment.start])
            parts.append(re.sub(r"[^\n]", " ", source.text[comment.start : comment.end]))
            position = comment.end
        self._code = "".join((*parts, source.text[position:])).split("\n")
        # what a comment on its own line covers: the next line that is none; nothing if that is empty
        self._next: list[int | None] = [None] * (len(self._lines) + 1)
        for index in range(len(self._lines) - 1, -1, -1):
            only_comments = self._lines[index].strip() and not self._code[index].strip()
            below = self._next[index + 1] if only_comments else None
            self._next[index] = index + 1 if self._code[index].strip() else below

    def covered(self, comment: Comment) -> int | None:
        """The line that the comment is about: its own if there is code on it, else the one below it."""
        span = self._source.span(comment.start, comment.end)
        if self._code[span.line - 1][: span.column - 1].strip():
            return span.line
        if self._code[span.end_line - 1][span.end_column - 1 :].strip():
            return span.end_line
        return self._next[span.end_line]

    def are_odd(self, comment: Comment, covered: int | None) -> bool:
        """Whether a person may see other lines than we do, where the comment stands or on the line that it covers."""
        span = self._source.span(comment.start, comment.end)
        lines = (*range(span.line, span.end_line + 1), covered or span.line)
        return any(_ODD_BREAK.search(self._lines[line - 1]) for line in lines)
