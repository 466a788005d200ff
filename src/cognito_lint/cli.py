"""The command. This room alone prints, exits and reads the environment."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from cognito_lint import __version__
from cognito_lint.arguments import parser

if TYPE_CHECKING:
    from cognito_lint.discover import Inventory
    from cognito_lint.files import Repository
    from cognito_lint.inputs import Inputs
    from cognito_lint.model import Unit
    from cognito_lint.pipeline import Request
    from cognito_lint.report.report import Report, SourceText
    from cognito_lint.report.writing import Destination

_STDIN = "stdin"
OK, FINDINGS, USAGE, NO_SUCH_PATH, INTERRUPTED = 0, 1, 2, 3, 130


class UsageError(Exception):
    """Wrong usage or configuration: one sentence for a person, exit code 2."""


@dataclass(frozen=True, slots=True)
class World:
    """What the command can reach: its streams, the environment and the working directory."""

    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO
    environment: Mapping[str, str]
    directory: Path


def run() -> None:
    """The entry point of the process."""
    for stream in (sys.stdout, sys.stderr):
        cast("object", stream).reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[attr-defined]
    try:
        code = main(sys.argv[1:], World(sys.stdin.buffer, sys.stdout, sys.stderr, os.environ, Path.cwd()))
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader of the pipe has seen enough: no traceback, here or when the interpreter closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FINDINGS
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


def main(argv: list[str], world: World) -> int:
    """Run the command with these arguments. Returns the exit code; argparse raises SystemExit on wrong usage."""
    options = parser().parse_args(argv)
    if options.command is None:
        world.stderr.write(parser().format_help())
        return USAGE
    try:
        if options.command == "check":
            return _check(options, world)
        if options.command == "explain":
            return _explain(options.rule, world)
        if options.command == "rules":
            return _rules(options.format, world)
        if options.command == "doctor":
            return _doctor(options.commands, world)
        return _adapter_path(options.host, world)
    except UsageError as error:
        world.stderr.write(f"cognito-lint: {error}\n")
        return USAGE


# ---- check ---------------------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace, world: World) -> int:
    from cognito_lint.files import Repository

    held, paths = _paths(options, world)
    explicit = [name for kind, name, _ in options.variables or () if kind == "var-file"]
    repository = Repository(world.directory, paths, held=held, explicit=[*explicit, *(options.parameter_files or ())])
    paths = tuple(repository.shown(path) for path in paths)
    inputs = _inputs(options, world, repository)
    request = _request(options, paths, inputs)
    if options.show_files:
        return _show_files(request, repository, world)
    return _report(request, repository, options, world)


def _paths(options: argparse.Namespace, world: World) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The paths to check, and what stdin holds under its file name."""
    paths = tuple(options.paths) or (".",)
    if "" in paths:
        raise UsageError("a path is empty (an unset variable?); write . for the working directory")
    if "-" not in paths:
        if options.stdin_filename:
            raise UsageError("--stdin-filename goes with the path -")
        return {}, paths
    name = os.path.normpath(options.stdin_filename or _STDIN)
    if os.path.isabs(name):
        name = Path(os.path.relpath(name, world.directory)).as_posix()
    return {name: world.stdin.read()}, tuple(name if path == "-" else path for path in paths)


def _inputs(options: argparse.Namespace, world: World, repository: Repository) -> Inputs:
    from cognito_lint.inputs import Inputs, Variable, VariableFile

    variables: list[Variable | VariableFile] = []
    for kind, name, text in options.variables or ():
        if kind == "var":
            variables.append(Variable(name, text))
            continue
        shown = repository.shown(name)
        if not repository.is_file(shown):
            raise UsageError(f"--var-file: there is no file {name}")
        variables.append(VariableFile(shown))
    environment = {
        name.removeprefix("TF_VAR_"): text
        for name, text in world.environment.items()
        if name.startswith("TF_VAR_") and not options.isolated
    }
    return Inputs(
        parameters=_parameters(options, repository),
        variables=tuple(variables),
        environment=environment,
        strict=options.strict,
        hcl_reader=options.hcl_reader,
    )


def _parameters(options: argparse.Namespace, repository: Repository) -> dict[str, str]:
    from cognito_lint import parameters
    from cognito_lint.files import UnreadableError

    found: dict[str, str] = {}
    for path in options.parameter_files or ():
        shown = repository.shown(path)
        try:
            found.update(parameters.read(repository.text(shown), shown))
        except (UnreadableError, parameters.ParameterFileError) as error:
            at = error.span
            raise UsageError(f"--parameters: {at.file}:{at.line}:{at.column}: {error.message}") from error
    return found | dict(options.parameters or ())


def _request(options: argparse.Namespace, paths: tuple[str, ...], inputs: Inputs) -> Request:
    from cognito_lint.pipeline import Request, Selection

    return Request(
        paths=paths,
        exclude=tuple(options.exclude),
        inputs=inputs,
        selection=Selection(_rule_ids(options.select), _rule_ids(options.ignore)),
    )


def _rule_ids(given: list[list[str]] | None) -> frozenset[str]:
    from difflib import get_close_matches

    from cognito_lint.rules import RULES

    known = {rule.id: rule.id for rule in RULES} | {rule.name.upper(): rule.id for rule in RULES}
    asked = [name for names in given or () for name in names]
    for name in asked:
        if name.upper() not in known:
            digits = name.upper().removeprefix("COG")
            padded = f"COG{digits.lstrip('0').zfill(3)}"  # COG1 and COG01 mean COG001, though COG901 is as near
            near = [padded] if padded in known else get_close_matches(name.upper(), known, 1)
            hint = f"; did you mean {known[near[0]]}?" if near else "; `cognito-lint rules` lists them"
            raise UsageError(f"there is no rule {name}{hint}")
    return frozenset(known[name.upper()] for name in asked)


def _show_files(request: Request, repository: Repository, world: World) -> int:
    from cognito_lint.discover import discover

    for file in discover(request.paths, repository, request.exclude).files:
        world.stdout.write(f"{file}\n")
    return NO_SUCH_PATH if _missing(request, repository, world, ()) else OK


def _report(request: Request, repository: Repository, options: argparse.Namespace, world: World) -> int:
    from cognito_lint import pipeline
    from cognito_lint.discover import discover

    destinations = _destinations(options)
    inventory = discover(request.paths, repository, request.exclude)
    _refuse_unused(inventory, repository, request.inputs)
    units = pipeline.units(inventory, repository, request.inputs)
    unnamed = pipeline.unrecognized(inventory, repository, units)
    if "-" in options.paths and not options.stdin_filename and _STDIN in unnamed:
        raise UsageError("stdin holds Terraform code: say which file it stands for, as in --stdin-filename main.tf")
    report = pipeline.judge(units, repository, request.selection)
    missing = _missing(request, repository, world, units)
    code = _exit_code(report, options, missing=missing)
    _write(report, destinations, code, repository, options, world)
    left_out = {error.span.file: error.message for error in pipeline.skipped(inventory, repository)}
    left_out |= dict.fromkeys(unnamed, "only .tf and .tofu files are read as Terraform")
    _log(report, units, left_out, repository, options, world)
    return code


def _refuse_unused(inventory: Inventory, repository: Repository, inputs: Inputs) -> None:
    """A mistyped name would be judged on the default that was meant to be replaced: wrong usage."""
    from cognito_lint import pipeline

    parameters = pipeline.unused_parameters(inventory, repository, inputs)
    if parameters:
        names = " or ".join(sorted(parameters))
        raise UsageError(
            f"--parameter: no checked template has a parameter {names}, or its constraints refuse the given value"
        )
    variables = pipeline.unused_variables(inventory, repository, inputs)
    if variables:
        raise UsageError(f"--var: no checked root module declares the variable {' or '.join(sorted(variables))}")


def _log(
    report: Report,
    units: Iterable[Unit],
    left_out: Mapping[str, str],
    repository: Repository,
    options: argparse.Namespace,
    world: World,
) -> None:
    """What a person wants to know besides the report, on stderr."""
    from cognito_lint.report.plain import visible
    from cognito_lint.report.summary import summary

    if options.verbose:
        for unit in units:
            read = sorted(file for file in unit.files if repository.is_file(file))
            world.stderr.write(visible(f"{unit.path} ({unit.kind}): {', '.join(read)}") + "\n")
    if not options.quiet:
        for file, reason in left_out.items():
            world.stderr.write(f"cognito-lint: left out: {visible(file)}: {reason}\n")
        world.stderr.write(summary(report) + "\n")


def _exit_code(report: Report, options: argparse.Namespace, *, missing: bool) -> int:
    if missing:
        return NO_SUCH_PATH
    if report.errors:
        return USAGE
    return FINDINGS if options.fail_on != "never" and report.fails(options.fail_on) else OK


def _missing(request: Request, repository: Repository, world: World, units: Iterable[Unit]) -> bool:
    """Say which paths are not there. A deleted file of a module that is checked stands for the module."""
    from cognito_lint.pipeline import reads

    absent = [path for path in request.paths if not repository.present(path)]
    gone = [path for path in absent if not any(reads(unit, path) for unit in units)]
    for path in gone:
        world.stderr.write(f"cognito-lint: no such path: {path}\n")
    return bool(gone)


def _destinations(options: argparse.Namespace) -> tuple[Destination, ...]:
    """Where each report goes: at most one to stdout, no two to one file."""
    from cognito_lint.report.writing import Destination

    asked = [Destination(*pair) for pair in options.formats or [("text", None)]]
    if options.output:
        if len(asked) > 1 or asked[0].file:
            raise UsageError("--output goes with a single format; write --format FORMAT=FILE for each of several")
        asked = [Destination(asked[0].format, options.output)]
    if sum(destination.file is None for destination in asked) > 1:
        raise UsageError("only one format can go to stdout; write --format FORMAT=FILE for the others")
    files = [os.path.normpath(destination.file) for destination in asked if destination.file]
    for file in files:
        if files.count(file) > 1:
            raise UsageError(f"two formats cannot go to one file: {file}")
    return tuple(asked)


def _write(
    report: Report,
    destinations: tuple[Destination, ...],
    code: int,
    repository: Repository,
    options: argparse.Namespace,
    world: World,
) -> None:
    """Write every report: files first, all or none, then stdout."""
    from cognito_lint.report import formats, writing

    source = _source(repository)
    texts: dict[str | None, str] = {}
    for destination in destinations:
        settings = formats.Options(
            color=_color(options, destination.file, world),
            project=_project(destination.format, repository, world),
            exit_code=code,
        )
        texts[destination.file] = formats.render(destination.format, report, source, settings)
    try:
        writing.write_files(world.directory, [(file, text) for file, text in texts.items() if file is not None])
    except writing.UnwritableError as error:
        raise UsageError(str(error)) from error
    world.stdout.write(texts.get(None, ""))


def _source(repository: Repository) -> SourceText:
    from functools import lru_cache

    from cognito_lint.files import UnreadableError

    @lru_cache(maxsize=32)
    def source(path: str) -> str | None:
        try:
            return repository.text(path)
        except UnreadableError:
            return None

    return source


def _project(form: str, repository: Repository, world: World) -> str:
    """Where the working directory lies in the checkout: the CI server's own, else git's top level."""
    top = world.environment.get("CI_PROJECT_DIR" if form == "gitlab" else "GITHUB_WORKSPACE")
    here = os.path.realpath(world.directory)
    for candidate in (top, world.directory / repository.boundary_of(".")):
        if candidate and Path(here).is_relative_to(real := os.path.realpath(candidate)):
            return Path(os.path.relpath(here, real)).as_posix().removeprefix(".")
    return ""


def _color(options: argparse.Namespace, file: str | None, world: World) -> bool:
    """https://no-color.org and https://force-color.org, then whether stdout is a terminal. Files get none unasked."""
    if options.color != "auto":
        return bool(options.color == "always")
    if world.environment.get("NO_COLOR") or file is not None:
        return False
    if world.environment.get("FORCE_COLOR"):
        return True
    return world.stdout.isatty() and world.environment.get("TERM") != "dumb"


# ---- the other commands --------------------------------------------------------------------------------------------


def _explain(name: str | None, world: World) -> int:
    from cognito_lint.rules import RULES

    wanted = _rule_ids([[name]]) if name else frozenset(rule.id for rule in RULES)
    world.stdout.write("\n\n".join(rule.page for rule in RULES if rule.id in wanted) + "\n")
    return OK


def _rules(form: str, world: World) -> int:
    from cognito_lint.rules import RULES

    if form == "json":
        rows = [{"id": r.id, "name": r.name, "levels": list(r.levels), "summary": r.summary} for r in RULES]
        world.stdout.write(json.dumps({"version": __version__, "rules": rows}, indent=2) + "\n")
        return OK
    for rule in RULES:
        world.stdout.write(f"{rule.id}  {rule.name:32}  {'/'.join(rule.levels):13}  {rule.summary}\n")
    return OK


def _adapter_path(host: str, world: World) -> int:
    from cognito_lint.adapters.folders import folder

    try:
        world.stdout.write(f"{folder('checkov' if host == 'checkov' else 'cfn-lint')}\n")
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    return OK


def _doctor(commands: list[str], world: World) -> int:
    from cognito_lint.doctor import UnknownCommandError, examine

    try:
        diagnoses = examine(commands, world.environment)
    except UnknownCommandError as error:
        raise UsageError(str(error)) from error
    for diagnosis in diagnoses:
        world.stdout.write(f"{'ok  ' if diagnosis.well else 'FAIL'}  {diagnosis.subject}: {diagnosis.sentence}\n")
        if diagnosis.advice:
            world.stdout.write(f"      {diagnosis.advice}\n")
    return OK if all(diagnosis.well for diagnosis in diagnoses) else FINDINGS
