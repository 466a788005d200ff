"""`--baseline`, `--write-baseline` and `--prune-baseline`: which file is read, what is written, what is said of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from cognito_lint.baseline.coverage import Coverage
from cognito_lint.baseline.entries import Baseline, BaselineError, Entry, parse, render
from cognito_lint.baseline.matching import compare, present
from cognito_lint.cli.options import Options
from cognito_lint.cli.shell import Shell, UsageError
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.report import writing
from cognito_lint.report.destinations import Destination
from cognito_lint.report.plain import plural, visible
from cognito_lint.report.report import Report


@dataclass(frozen=True, slots=True)
class BaselineFile:
    """A baseline: its path as shown, its directory, its text ("" where there is none yet) and what it knows."""

    path: str
    directory: str
    text: str
    known: Baseline


def file_of(options: Options) -> tuple[str, ...]:
    """The baseline file that the options name, or none. Raises UsageError where they contradict each other."""
    read, written = options.baseline, options.write_baseline
    if "" in (read, written):
        raise UsageError("the name of the baseline is empty (an unset variable?)")
    if written and options.prune_baseline:
        raise UsageError("--write-baseline prunes too: leave out --prune-baseline")
    if options.prune_baseline and not read:
        raise UsageError("--prune-baseline goes with --baseline FILE")
    if read and written and os.path.normpath(read) != os.path.normpath(written):
        raise UsageError(f"--baseline {read} and --write-baseline {written} name two files: leave one out")
    return tuple(name for name in (written or read,) if name)


def load(options: Options, destinations: Iterable[Destination], repository: Repository) -> BaselineFile | None:
    """The baseline, read before anything is evaluated. Raises UsageError where it is none, or is missing.

    `--write-baseline` needs no file; one that is there must be a baseline, so that a slip of the keyboard overwrites
    nothing else.
    """
    for name in file_of(options):
        path = repository.shown(name)
        if any(destination.file and repository.shown(destination.file) == path for destination in destinations):
            raise UsageError(f"a report and the baseline cannot go to one file: {path}")
        directory = repository.canonical(PurePosixPath(path).parent.as_posix())
        if options.write_baseline and not repository.present(path):
            return BaselineFile(path, directory, "", {})
        try:
            return _read(path, directory, repository)
        except (UnreadableError, BaselineError) as error:
            option = "--write-baseline" if options.write_baseline else "--baseline"
            raise UsageError(visible(f"{option}: {error.placed}")) from error
    return None


def _read(path: str, directory: str, repository: Repository) -> BaselineFile:
    text = repository.text(path)
    return BaselineFile(path, directory, text, parse(text, path, lambda place: repository.join(directory, place)))


def apply(
    baseline: BaselineFile,
    report: Report,
    coverage: Coverage,
    repository: Repository,
    options: Options,
    shell: Shell,
    *,
    may_write: bool,
) -> Report:
    """The report with what the baseline knows suppressed; the file written where that was asked for and `may_write`.
    Raises UsageError where it cannot be written."""
    found = compare(report, baseline.known, coverage, baseline.path)
    said = [_stale(found.stale, baseline, options), _moved(found.moved, baseline, options)]
    if options.write_baseline and may_write:
        known = Counter(present(report)) + Counter(found.unseen)
        _write(baseline, known, repository, shell)
        found = compare(report, known, coverage, baseline.path)
        kept = sum(found.unseen.values())
        said = [f"{plural(sum(present(report).values()), 'finding')} written to {baseline.path}"]
        said[0] += f"; {plural(kept, 'entry')} kept of what was not checked now" if kept else ""
    elif options.prune_baseline and may_write and (found.stale or found.moved):
        _write(baseline, found.current, repository, shell)
    for line in said if not options.quiet else ():
        if line:
            shell.log(f"cognito-lint: {visible(line, keep=chr(10))}\n")
    return found.report


def _write(baseline: BaselineFile, known: Baseline, repository: Repository, shell: Shell) -> None:
    text = render(known, lambda path: repository.relative(path, baseline.directory))
    if text == baseline.text:
        return
    try:
        writing.write_files(shell.directory, [(baseline.path, text)])
    except writing.UnwritableError as error:
        raise UsageError(str(error)) from error


def _stale(entries: tuple[Entry, ...], baseline: BaselineFile, options: Options) -> str:
    if not entries:
        return ""
    count = plural(len(entries), "entry")
    verb = "matches" if len(entries) == 1 else "match"
    pronoun = "it" if len(entries) == 1 else "them"
    advice = "removed" if options.prune_baseline else f"--prune-baseline removes {pronoun}"
    return f"{count} of {baseline.path} {verb} nothing any more: {advice}" + _listed(entries, options)


def _moved(entries: tuple[Entry, ...], baseline: BaselineFile, options: Options) -> str:
    if not entries:
        return ""
    count = plural(len(entries), "entry")
    verb = "was" if len(entries) == 1 else "were"
    advice = "written there" if options.prune_baseline else "--prune-baseline writes the new place"
    return f"{count} of {baseline.path} {verb} found in another place: {advice}" + _listed(entries, options)


def _listed(entries: tuple[Entry, ...], options: Options) -> str:
    return "".join(f"\n  {visible(str(entry))}" for entry in entries) if options.verbose else ""
