"""The settings that hold for a run: the file's, and what the command line says over them."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cognito_lint.cli.options import Options
from cognito_lint.cli.shell import OK, Shell, UsageError
from cognito_lint.files import Repository
from cognito_lint.settings.discovery import SettingsError, discover, read

if TYPE_CHECKING:
    from cognito_lint.settings.resolution import Resolved
    from cognito_lint.settings.settings import Settings


def apply(options: Options, shell: Shell) -> tuple[Options, Resolved | None]:
    """The options with what the command line leaves open filled in, and what the settings say beyond options, None
    without a settings file. Raises UsageError."""
    try:
        resolved = _resolved(options, shell)
    except SettingsError as error:
        raise UsageError(error.placed) from error
    return options if resolved is None else _filled(options, resolved.settings), resolved


def _resolved(options: Options, shell: Shell) -> Resolved | None:
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


def _filled(options: Options, settings: Settings) -> Options:
    said: dict[str, Any] = {
        "select": settings.select,
        "ignore": settings.ignore,
        "formats": None if options.output else settings.format or None,
        "fail_on": settings.fail_on,
        "hcl_reader": settings.hcl_reader,
        "baseline": None if options.write_baseline else settings.baseline,
    }
    said = {name: value for name, value in said.items() if name in options.left_open and value is not None}
    exclude = (*settings.exclude, *options.exclude)
    return replace(options, strict=options.strict or settings.strict, exclude=exclude, **said)


def show(options: Options, resolved: Resolved | None, shell: Shell) -> int:
    """Print the settings that hold, as a settings file would say them."""
    from cognito_lint.settings.written import written

    values = {
        "select": options.select,
        "ignore": options.ignore,
        "fail-on": options.fail_on,
        "strict": options.strict,
        "exclude": options.exclude,
        "format": tuple(map(str, options.formats)),
        "hcl-reader": options.hcl_reader,
        "baseline": options.baseline,
    }
    where = f"from {resolved.settings.file}" if resolved else "no settings file was found"
    shell.publish(f"# {where}; paths are as seen from the working directory\n{written(values, resolved)}")
    return OK
