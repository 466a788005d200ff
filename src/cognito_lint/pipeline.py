"""The whole way under one roof: discover → read and resolve → judge → a report."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Protocol

from cognito_lint import comments
from cognito_lint.discover import (
    SUFFIXES,
    TERRAFORM_SUFFIXES,
    VARIABLE_SUFFIXES,
    Inventory,
    below,
    discover,
    ending,
    is_loaded_by_itself,
    json_inputs,
)
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.inputs import Inputs
from cognito_lint.model import Finding, Ignore, Kind, Problem, Span, Unit, UserPool
from cognito_lint.report.report import JudgedPool, Report
from cognito_lint.rules import RULES, duplicate_key, module_not_available, unreadable_input, unused_suppression
from cognito_lint.rules.verdict import deployments, verdict_of
from cognito_lint.suppressions import Ledger, Policy
from cognito_lint.work import ALONE, Work

_CANNOT_BE_LEFT_OUT = unreadable_input.RULE.id
_NO_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rules are asked: all, or those of `select`, without those of `ignore`. COG900 always is."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def takes(self, rule: str) -> bool:
        """Whether findings of this rule are reported."""
        return rule == _CANNOT_BE_LEFT_OUT or ((not self.select or rule in self.select) and rule not in self.ignore)


@dataclass(frozen=True, slots=True)
class Request:
    """What to check: paths as the user gave them, globs to leave out, inputs, the rules to ask, what suppresses."""

    paths: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    inputs: Inputs = field(default_factory=Inputs)
    selection: Selection = field(default_factory=Selection)
    policy: Policy = field(default_factory=Policy)


class Wing(Protocol):
    """The door of a wing: from the inventory's files to evaluated units."""

    def __call__(
        self, inventory: Inventory, repository: Repository, inputs: Inputs, work: Work = ALONE
    ) -> tuple[Unit, ...]: ...


def check(request: Request, repository: Repository) -> Report:
    """Evaluate and judge everything below the request's paths."""
    inventory = discover(request.paths, repository, request.exclude)
    evaluated = units(inventory, repository, request.inputs)
    return judge(evaluated, repository, request.selection, request.policy, request)


def units(inventory: Inventory, repository: Repository, inputs: Inputs, work: Work = ALONE) -> tuple[Unit, ...]:
    """Every unit that the inventory's files belong to, evaluated, and one for whatever could not be read."""
    evaluated = [unit for wing in _wings(inventory) for unit in wing(inventory, repository, inputs, work)]
    reported = [unit for unit in evaluated if _asked_for(unit, inventory, repository)]
    complained = {problem.span.file for unit in reported for problem in unit.problems}
    for path, error in sorted(repository.unreadable.items()):
        asked = path in inventory.named or (path in inventory.files and not error.foreign)
        if asked and path not in complained and repository.present(path):
            reported.append(_unreadable(path, error.span, error.message))
    for directory, reason in inventory.unlisted:
        if directory not in complained:
            reported.append(_unreadable(directory, Span(directory), reason))
    return tuple(reported)


def skipped(inventory: Inventory, repository: Repository, evaluated: Collection[Unit]) -> tuple[UnreadableError, ...]:
    """What the walk met and no unit is made of: links that lead out of the repository or nowhere, pipes, sockets.

    What was met elsewhere, where callers of a named file were looked for, nobody asked about.
    """
    asked = frozenset(inventory.files)
    return tuple(
        error
        for path, error in sorted(repository.unreadable.items())
        if error.foreign
        and path not in inventory.named
        and (path in asked or any(reads(unit, path) for unit in evaluated))
    )


def unrecognized(inventory: Inventory, repository: Repository, evaluated: Iterable[Unit]) -> Mapping[str, str]:
    """The files that the user named and no unit reads though it might be expected to, with the reasons: those which
    speak of Terraform's user pools and whose name no wing knows, and variable files that no root module loads."""
    read = {file for unit in evaluated for file in unit.files}
    found: dict[str, str] = {}
    for file in sorted(inventory.named - read):
        if file.endswith(VARIABLE_SUFFIXES):
            if not is_loaded_by_itself(file) and repository.is_file(file):
                found[file] = "Terraform loads no file of this name by itself: give it with --var-file"
        elif ending(file) not in SUFFIXES and repository.mentions(file, (b"aws_cognito_user_pool",)):
            found[file] = "only .tf and .tofu files are read as Terraform"
    return found


def unused_parameters(inventory: Inventory, repository: Repository, inputs: Inputs) -> Mapping[str, Mapping[str, str]]:
    """The given template parameters that no scanned template takes, each with the reason: under "" those of the command
    line, and under the path of an entry of the settings its own."""
    if not inputs.parameters and not inputs.templates:
        return {}
    from cognito_lint.cloudformation import units as cloudformation

    return cloudformation.unused_parameters(inventory, repository, inputs)


def unused_variables(inventory: Inventory, repository: Repository, inputs: Inputs) -> Mapping[str, Mapping[str, str]]:
    """The given variables that no checked root module declares, each with the reason: under "" those of the command
    line, and under the path of a root those that the settings give it."""
    if not inputs.variables and not inputs.roots:
        return {}
    from cognito_lint.terraform import units as terraform

    return terraform.unused_variables(inventory, repository, inputs)


def _wings(inventory: Inventory) -> tuple[Wing, ...]:
    # imported here: `--version` and `rules` need none of them, and where there is no JSON two are left out
    from cognito_lint.cloudformation import units as cloudformation
    from cognito_lint.terraform import units as terraform

    if not any(json_inputs(inventory, (*TERRAFORM_SUFFIXES, ".yaml", ".yml"))):
        return (cloudformation.units, terraform.units)
    from cognito_lint import snapshot
    from cognito_lint.terraform import plan

    return (cloudformation.units, terraform.units, plan.units, snapshot.units)


def _asked_for(unit: Unit, inventory: Inventory, repository: Repository) -> bool:
    """A unit is reported if it lies below a directory that the user gave, or reads (or read) a file that they named."""
    if any(below(unit.path, directory) for directory in inventory.directories):
        return True
    if not inventory.named:
        return False
    if any(reads(unit, file) for file in inventory.named):
        return True
    # a module may be called by way of a symbolic link, and the file be named where it lies
    canonical = replace(unit, files=frozenset(map(repository.canonical, unit.files)))
    return any(reads(canonical, repository.canonical(file)) for file in inventory.named)


def reads(unit: Unit, file: str) -> bool:
    """Whether the unit reads the file, or may have read it before it was deleted: it reads its whole directory."""
    directory = PurePosixPath(file).parent.as_posix() + "/"
    return file in unit.files or (directory in unit.files and file.endswith(TERRAFORM_SUFFIXES))


def _unreadable(path: str, span: Span, message: str) -> Unit:
    kind: Kind = "terraform" if path.endswith((*TERRAFORM_SUFFIXES, *VARIABLE_SUFFIXES)) else "cloudformation"
    return Unit(path, kind, problems=(Problem(span, message),), files=frozenset({path}))


def judge(
    evaluated: Iterable[Unit],
    repository: Repository,
    selection: Selection,
    policy: Policy = _NO_POLICY,
    request: Request | None = None,
) -> Report:
    """Ask every selected rule about every pool, gather what was not readable or not there, and suppress what is to be.

    Suppressions that suppress nothing are looked for if the `request` is given.
    """
    evaluated = tuple(evaluated)
    written = _written(evaluated, repository, policy)
    ledger = Ledger(written, policy.today)
    pools: list[JudgedPool] = []
    findings: set[Finding] = set()
    errors: set[Problem] = set()
    files: set[str] = set()
    absent: Counter[Kind] = Counter()
    for unit in evaluated:
        files.update(file for file in unit.files if not file.endswith("/") and repository.is_file(file))
        errors.update(unit.problems)
        absent[unit.kind] += sum(not module.concerns_pools for module in unit.missing_modules)
        for pool in unit.pools:
            found = deployments(pool)
            pools.append(JudgedPool(pool, verdict_of(found), found))
        findings.update(ledger.of(unit, _found(unit)))
    findings.update(ledger.complaints())
    if request is not None and selection.takes(unused_suppression.RULE.id):
        findings.update(ledger.needless(_idle(ledger, written, repository, request)))
    return Report(
        pools=tuple(sorted(pools, key=lambda judged: (judged.pool.unit, judged.pool.span, judged.pool.address))),
        findings=tuple(sorted((f for f in findings if selection.takes(f.rule)), key=_order)),
        errors=tuple(sorted(errors, key=lambda problem: (problem.span, problem.message))),
        files=len(files),
        absent_modules=absent.total() - absent["cloudformation"],
        absent_templates=absent["cloudformation"],
        rules=tuple(rule.id for rule in RULES if selection.takes(rule.id)),
    )


def _found(unit: Unit) -> Iterator[tuple[Finding, UserPool | None]]:
    """What the rules say of one unit, and of which pool."""
    for problem in unit.problems:
        yield unreadable_input.finding(problem, unit), None
    for note in unit.notes:
        yield duplicate_key.finding(note, unit), None
    for module in unit.missing_modules:
        if module.concerns_pools:
            yield module_not_available.finding(module, unit), None
    for pool in unit.pools:
        for rule in RULES:
            if rule.check:
                yield from ((finding, pool) for finding in rule.check(pool))


def _written(evaluated: tuple[Unit, ...], repository: Repository, policy: Policy) -> dict[Ignore, str]:
    """Every suppression in force or not, and the path of the unit that reports what is wrong with it."""
    written: dict[Ignore, str] = {}
    for unit in sorted(evaluated, key=lambda unit: unit.shown) if policy.inline else ():
        of_pools = (ignore for pool in unit.pools for ignore in pool.ignores)
        for ignore in (*comments.in_files_of(unit, repository), *unit.ignores, *of_pools):
            written.setdefault(ignore, unit.shown)
    return written | {ignore: ignore.span.file for ignore in policy.ignores}


def _idle(
    ledger: Ledger, written: Mapping[Ignore, str], repository: Repository, request: Request
) -> dict[Ignore, frozenset[str]]:
    """The suppressions that nothing needs: not this run, and not the other units that read their files, `--strict` or
    not. Where values were given by hand, another deployment may need them."""
    inputs = request.inputs
    if inputs.variables or inputs.parameters or inputs.environment:
        return {}
    asked = frozenset(rule.id for rule in RULES if request.selection.takes(rule.id))
    idle = ledger.idle(asked)
    sure = {ignore: idle[ignore] for ignore in idle if ignore.by == "settings"}
    sure = {ignore: rules for ignore, rules in sure.items() if _covers_all_below(ignore, repository, request)}
    files = frozenset(ignore.span.file for ignore in idle if ignore.by != "settings")
    if files:
        again = Ledger(written, request.policy.today)
        for unit in units(Inventory(tuple(sorted(files)), files), repository, replace(inputs, strict=True)):
            deque(again.of(unit, _found(unit)), maxlen=0)
        still = again.idle(asked)
        both = {
            ignore: idle[ignore] & still[ignore] for ignore in idle if ignore.span.file in files and ignore in still
        }
        sure |= {ignore: rules for ignore, rules in both.items() if rules}
    return sure


def _covers_all_below(ignore: Ignore, repository: Repository, request: Request) -> bool:
    """Whether the request's paths hold all that the settings file of an entry speaks of."""
    directory = PurePosixPath(ignore.span.file).parent.as_posix()
    paths = (repository.shown(path) for path in request.paths if repository.is_directory(repository.shown(path)))
    return not request.exclude and any(below(directory, path) for path in paths)


def _order(finding: Finding) -> tuple[object, ...]:
    return (finding.span, finding.rule, finding.unit, finding.address or "", finding.message)
