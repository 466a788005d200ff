"""Where the reports go, and what each format is told of the place that it is read in."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from cognito_lint.cli.options import Options
from cognito_lint.cli.shell import Shell, UsageError
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.report import formats, writing
from cognito_lint.report.destinations import Destination
from cognito_lint.report.report import Report, SourceText


def destinations(options: Options) -> tuple[Destination, ...]:
    """Where each report goes: at most one to stdout, no two to one file."""
    asked = options.formats
    if options.output:
        if len(asked) > 1 or asked[0].file:
            raise UsageError("--output goes with a single format; write --format FORMAT=FILE for each of several")
        asked = (Destination(asked[0].format, options.output),)
    if sum(destination.file is None for destination in asked) > 1:
        raise UsageError("only one format can go to stdout; write --format FORMAT=FILE for the others")
    files = [os.path.normpath(destination.file) for destination in asked if destination.file]
    for file in files:
        if files.count(file) > 1:
            raise UsageError(f"two formats cannot go to one file: {file}")
    return asked


def write(
    report: Report,
    targets: tuple[Destination, ...],
    code: int,
    repository: Repository,
    options: Options,
    shell: Shell,
) -> None:
    """Write every report: files first, all or none, then stdout."""
    source = _source(repository)
    texts: dict[str | None, str] = {}
    for destination in targets:
        settings = formats.Options(
            color=_color(options, destination.file, shell),
            project=_project(destination.format, repository, shell),
            exit_code=code,
        )
        texts[destination.file] = formats.render(destination.format, report, source, settings)
    try:
        writing.write_files(shell.directory, [(file, text) for file, text in texts.items() if file is not None])
    except writing.UnwritableError as error:
        raise UsageError(str(error)) from error
    shell.publish(texts.get(None, ""))


def _source(repository: Repository) -> SourceText:
    @lru_cache(maxsize=32)
    def source(path: str) -> str | None:
        try:
            return repository.text(path, tolerant=True)
        except UnreadableError:
            return None

    return source


def _project(form: str, repository: Repository, shell: Shell) -> str:
    """Where the working directory lies in the checkout: the CI server's own, else git's top level."""
    top = shell.environment.get("CI_PROJECT_DIR" if form == "gitlab" else "GITHUB_WORKSPACE")
    here = os.path.realpath(shell.directory)
    for candidate in (top, shell.directory / repository.boundary_of(".")):
        if candidate and Path(here).is_relative_to(real := os.path.realpath(candidate)):
            return Path(os.path.relpath(here, real)).as_posix().removeprefix(".")
    return ""


def _color(options: Options, file: str | None, shell: Shell) -> bool:
    """https://no-color.org and https://force-color.org, then whether stdout is a terminal. Files get none unasked."""
    if options.color != "auto":
        return options.color == "always"
    if shell.environment.get("NO_COLOR") or file is not None:
        return False
    if shell.environment.get("FORCE_COLOR"):
        return True
    return shell.stdout.isatty() and shell.environment.get("TERM") != "dumb"
