"""A repository with a past: `--baseline` and its like, `--changed-since`. Imported only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cognito_lint.baseline.coverage import Coverage
from cognito_lint.changes import Changes, Tree, only
from cognito_lint.cli import baselines, git
from cognito_lint.cli.baselines import BaselineFile
from cognito_lint.cli.options import Options
from cognito_lint.cli.shell import Shell
from cognito_lint.discover import Inventory
from cognito_lint.files import Repository
from cognito_lint.model import Unit
from cognito_lint.report.destinations import Destination
from cognito_lint.report.report import Report
from cognito_lint.settings.discovery import OWN, SHARED


@dataclass(frozen=True, slots=True)
class Past:
    """What is known from before: the findings of a baseline, and each repository's tree of then by its top."""

    baseline: BaselineFile | None
    trees: Mapping[str, Tree] | None


def load(
    options: Options,
    destinations: Iterable[Destination],
    paths: Iterable[str],
    repository: Repository,
    shell: Shell,
) -> Past:
    """The past, read before anything is evaluated. Raises UsageError."""
    baseline = baselines.load(options, destinations, repository)
    since = options.changed_since
    return Past(baseline, None if since is None else git.trees(since, paths, repository, shell))


def apply(
    past: Past,
    report: Report,
    inventory: Inventory,
    units: tuple[Unit, ...],
    repository: Repository,
    options: Options,
    shell: Shell,
    *,
    may_write: bool,
) -> Report:
    """The report with what the baseline knows suppressed, and of what a change concerns alone. Raises UsageError where
    the baseline cannot be written."""
    if past.baseline is not None:
        coverage = Coverage(inventory, repository, units)
        report = baselines.apply(past.baseline, report, coverage, repository, options, shell, may_write=may_write)
    if past.trees is not None:
        changes = Changes(past.trees, repository)
        # what every verdict hangs on
        watched = [*options.parameter_files, *baselines.file_of(options)]
        watched += _settings_files(options, repository)
        if not any(changes.changed(repository.shown(file)) for file in watched):
            report = only(report, units, [unit for unit in units if changes.concern(unit)])
    return report


def _settings_files(options: Options, repository: Repository) -> list[str]:
    """The files between the working directory and the repository's top whose change may change every verdict."""
    directory, top, found = ".", repository.boundary_of("."), list[str]()
    while directory not in found:
        found.append(directory)
        if directory == top:
            break
        directory = repository.join(directory, "..")
    named = [options.config] if options.config else []
    return named + [repository.join(place, name) for place in found for name in (OWN, SHARED)]
