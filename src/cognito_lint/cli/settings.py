"""The settings that hold for a run: the file's, and what the command line says over them."""

from __future__ import annotations

import argparse
import posixpath
from typing import TYPE_CHECKING

from cognito_lint.cli.shell import OK, Shell, UsageError
from cognito_lint.files import Repository
from cognito_lint.settings.discovery import SettingsError, discover, read

if TYPE_CHECKING:
    from cognito_lint.settings.resolution import Resolved


def apply(options: argparse.Namespace, shell: Shell) -> Resolved | None:
    """Fill in from the settings what the command line leaves open. Returns what the settings say beyond options, None
    without a settings file. Raises UsageError."""
    try:
        resolved = _resolved(options, shell)
    except SettingsError as error:
        at = error.span
        raise UsageError(f"{at.file}:{at.line}:{at.column}: {error.message}") from error
    if resolved is not None:
        _fill(options, resolved)
    options.fail_on = options.fail_on or "error"
    options.hcl_reader = options.hcl_reader or "tree-sitter"
    return resolved


def _resolved(options: argparse.Namespace, shell: Shell) -> Resolved | None:
    repository = Repository(shell.directory, explicit=[options.config] if options.config else [])
    if options.config:
        found = read(repository.shown(options.config), repository, explicit=True)
    else:
        found = None if options.isolated else discover(repository)
    if found is None:
        return None
    from cognito_lint.settings.resolution import resolve

    # whoever names the settings names the files that they name
    named = [file for one in (*found.roots, *found.templates) for file in one.files] if options.config else []
    base = posixpath.dirname(found.file)
    return resolve(found, Repository(shell.directory, explicit=[posixpath.join(base, file) for file in named]))


def _fill(options: argparse.Namespace, resolved: Resolved) -> None:
    settings = resolved.settings
    if options.select is None and settings.select is not None:
        options.select = [settings.select]
    if options.ignore is None and settings.ignore is not None:
        options.ignore = [settings.ignore]
    if options.formats is None and not options.output and settings.format is not None:
        options.formats = [(name, file or None) for name, _, file in (one.partition("=") for one in settings.format)]
    options.fail_on = options.fail_on or settings.fail_on
    options.hcl_reader = options.hcl_reader or settings.hcl_reader
    options.strict = options.strict or settings.strict
    options.exclude = [*settings.exclude, *options.exclude]
    if not options.baseline and not options.write_baseline:
        options.baseline = settings.baseline


def show(options: argparse.Namespace, resolved: Resolved | None, shell: Shell) -> int:
    """Print the settings that hold, as a settings file would say them."""
    from cognito_lint.settings.written import written

    formats = [name if file is None else f"{name}={file}" for name, file in options.formats or [("text", None)]]
    values = {
        "select": [name for names in options.select or () for name in names],
        "ignore": [name for names in options.ignore or () for name in names],
        "fail-on": options.fail_on,
        "strict": options.strict,
        "exclude": list(options.exclude),
        "format": formats,
        "hcl-reader": options.hcl_reader,
        "baseline": options.baseline,
    }
    where = f"from {resolved.settings.file}" if resolved else "no settings file was found"
    shell.publish(f"# {where}; paths are as seen from the working directory\n{written(values, resolved)}")
    return OK
