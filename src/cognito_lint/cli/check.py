"""`cognito-lint check`: the request, the way through the pipeline, the reports and what is said beside them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from cognito_lint import pipeline
from cognito_lint.cli import log, reports, settings
from cognito_lint.cli.inputs import inputs_of
from cognito_lint.cli.jobs import jobs
from cognito_lint.cli.options import Options
from cognito_lint.cli.progress import Display
from cognito_lint.cli.rule_ids import rule_ids
from cognito_lint.cli.shell import FINDINGS, NO_SUCH_PATH, OK, USAGE, Shell, UsageError
from cognito_lint.discover import Inventory, discover
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs, VariableFile
from cognito_lint.model import Ignore, Unit
from cognito_lint.pipeline import Request, Selection
from cognito_lint.report.report import Report
from cognito_lint.suppressions import Policy
from cognito_lint.work import Progress, Work

_STDIN = "stdin"


def run(options: Options, shell: Shell) -> int:
    """Check what the options name. Returns the exit code; raises UsageError."""
    options, declared = settings.apply(options, shell)
    if options.show_settings:
        return settings.show(options, declared, shell)
    held, paths = _paths(options, shell)
    explicit = [given.path for given in options.variables if isinstance(given, VariableFile)]
    explicit += options.parameter_files
    if _looks_back(options):
        from cognito_lint.cli import baselines

        explicit += baselines.file_of(options)
    if declared and options.config:  # whoever names the settings names the files that they name
        explicit += [given.path for one in declared.roots for given in one.variables if isinstance(given, VariableFile)]
    repository = Repository(shell.directory, paths, held=held, explicit=explicit)
    paths = tuple(repository.shown(path) for path in paths)
    inputs = inputs_of(options, shell, repository)
    if declared:
        inputs = replace(inputs, roots=declared.roots, templates=declared.templates)
    request = _request(options, paths, inputs, declared.ignores if declared else ())
    if options.show_files:
        return _show_files(request, repository, options, shell)
    return _report(request, repository, options, shell)


def _looks_back(options: Options) -> bool:
    """Whether the repository's past is asked about: most runs need nothing that knows it."""
    given = (options.baseline, options.write_baseline, options.changed_since)
    return options.prune_baseline or any(value is not None for value in given)


def _paths(options: Options, shell: Shell) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The paths to check, and what stdin holds under its file name."""
    paths = options.paths or (".",)
    if "" in paths:
        raise UsageError("a path is empty (an unset variable?); write . for the working directory")
    if "-" not in paths:
        if options.stdin_filename:
            raise UsageError("--stdin-filename goes with the path -")
        return {}, paths
    name = os.path.normpath(options.stdin_filename or _STDIN)
    if os.path.isabs(name):
        name = Path(os.path.relpath(name, shell.directory)).as_posix()
    try:
        held = {name: shell.stdin.read()}
    except OSError as error:
        raise UsageError(f"stdin cannot be read: {(error.strerror or 'it is closed').lower()}") from error
    if not options.stdin_filename and not held[name].strip():
        raise UsageError("stdin is empty: did the command that should write to it fail?")
    return held, tuple(name if path == "-" else path for path in paths)


def _request(options: Options, paths: tuple[str, ...], inputs: Inputs, ignores: tuple[Ignore, ...]) -> Request:
    return Request(
        paths=paths,
        exclude=options.exclude,
        inputs=inputs,
        selection=Selection(rule_ids(options.select), rule_ids(options.ignore)),
        policy=Policy(ignores, options.inline_suppressions, options.today or datetime.now(timezone.utc).date()),
    )


def _show_files(request: Request, repository: Repository, options: Options, shell: Shell) -> int:
    inventory = discover(request.paths, repository, request.exclude)
    shell.publish("".join(f"{file}\n" for file in inventory.files))
    if options.verbose:
        log.not_entered(inventory, shell)
    return NO_SUCH_PATH if _report_missing(request, repository, shell, ()) else OK


def _report(request: Request, repository: Repository, options: Options, shell: Shell) -> int:
    start = shell.clock()
    destinations = reports.destinations(options)
    before = None
    if _looks_back(options):
        from cognito_lint.cli import past

        before = past.load(options, destinations, request.paths, repository, shell)
    with Display(shell, quiet=options.quiet) as display:
        display.watch(Progress("looking for files"))
        inventory = discover(request.paths, repository, request.exclude)
        _refuse_unused(inventory, repository, request.inputs, options)
        units = pipeline.units(inventory, repository, request.inputs, Work(jobs(options.jobs), display.watch))
        left_out = {error.span.file: error.message for error in pipeline.skipped(inventory, repository, units)}
        display.watch(Progress("asking the rules"))
        report = pipeline.judge(units, repository, request.selection, request.policy, request)
    unnamed = pipeline.unrecognized(inventory, repository, units)
    if "-" in options.paths and not options.stdin_filename and _STDIN in unnamed:
        raise UsageError("stdin holds Terraform code: say which file it stands for, as in --stdin-filename main.tf")
    missing = _report_missing(request, repository, shell, units)
    if before is not None:
        report = past.apply(before, report, inventory, units, repository, options, shell, may_write=not missing)
    code = _exit_code(report, options, missing=missing)
    reports.write(report, destinations, code, repository, options, shell)
    if options.verbose:
        log.units_read(units, repository, shell)
        log.passed_over(inventory, repository, units, shell)
        log.suppressed(report, shell)
    if not options.quiet:
        log.left_out({**left_out, **unnamed}, shell)
        looked_at = {*inventory.files, *(file for unit in units for file in unit.files if repository.is_file(file))}
        looked_at -= {file for file in inventory.named if not repository.present(file)}
        log.seen(report, len(looked_at), shell.clock() - start, shell)
    return code


def _refuse_unused(inventory: Inventory, repository: Repository, inputs: Inputs, options: Options) -> None:
    """A mistyped name would be judged on the default that was meant to be replaced: wrong usage."""
    for entry, reasons in pipeline.unused_parameters(inventory, repository, inputs).items():
        typed = {} if entry else {name: reasons[name] for name, _ in options.parameters if name in reasons}
        who = f"the settings' parameters for {entry}" if entry else "--parameter" if typed else "--parameters"
        raise UsageError(f"{who}: {_listed(typed or reasons)}")
    for entry, reasons in pipeline.unused_variables(inventory, repository, inputs).items():
        who = f"the settings' vars for {entry}" if entry else "--var"
        raise UsageError(f"{who}: {_listed(reasons)}")


def _listed(reasons: Mapping[str, str]) -> str:
    return "; ".join(reasons[name] for name in sorted(reasons))


def _exit_code(report: Report, options: Options, *, missing: bool) -> int:
    if missing:
        return NO_SUCH_PATH
    if report.errors:
        return USAGE
    return FINDINGS if options.fail_on != "never" and report.fails(options.fail_on) else OK


def _report_missing(request: Request, repository: Repository, shell: Shell, units: Iterable[Unit]) -> bool:
    """Say which paths are not there. A deleted file of a module that is checked stands for the module."""
    absent = [path for path in request.paths if not repository.present(path)]
    gone = [path for path in absent if not any(pipeline.reads(unit, path) for unit in units)]
    for path in gone:
        shell.log(f"cognito-lint: no such path: {path}\n")
    return bool(gone)
