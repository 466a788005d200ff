"""The command's own evaluation for a host: the same pipeline on the host's files, once per process and question."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Literal, TypeAlias, TypeVar

from cognito_lint import pipeline
from cognito_lint.discover import TERRAFORM_SUFFIXES, Inventory, discover, json_inputs
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs, Variable, VariableFile
from cognito_lint.model import Finding, Unit
from cognito_lint.report.report import JudgedPool, Report
from cognito_lint.suppressions import Policy

K = TypeVar("K")
V = TypeVar("V")
Language: TypeAlias = Literal["terraform", "cloudformation"]
_NEVER = {
    "terraform": frozenset({".yaml", ".yml", ".template"}),
    "cloudformation": frozenset({".tf", ".tofu", ".tfvars"}),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a host wants judged: paths as it was given them, and its own inputs.

    `held` is the text of what is not on disk, by path. `variable_files` are Terraform's, in order. Files that can only
    be of another language are left alone.
    """

    paths: tuple[str, ...]
    language: Language
    parameters: tuple[tuple[str, str], ...] = ()
    variable_files: tuple[str, ...] = ()
    held: tuple[tuple[str, bytes], ...] = ()
    strict: bool = False


@dataclass(frozen=True)
class Evaluation:
    """The answer: the judged pools and findings as the command reports them, and the units they came from.

    `files` are those that were looked at, as shown.
    """

    repository: Repository
    files: frozenset[str]
    units: tuple[Unit, ...]
    report: Report

    @cached_property
    def findings(self) -> Mapping[tuple[str, str | None], Sequence[Finding]]:
        """Findings by unit and address; those about files have the address None."""
        return _grouped(((finding.unit, finding.address), finding) for finding in self.report.findings)

    @cached_property
    def about_files(self) -> Mapping[str, Sequence[Finding]]:
        """Findings about no pool, by the file that they are shown in and by that of their unit."""
        alone = [finding for (_, address), found in self.findings.items() if address is None for finding in found]
        return _grouped((file, finding) for finding in alone for file in {finding.unit, finding.span.file})

    @cached_property
    def pools_of_unit(self) -> Mapping[str, Sequence[JudgedPool]]:
        """The pools that each unit deploys."""
        return _grouped((judged.pool.unit, judged) for judged in self.report.pools)

    @cached_property
    def pools_in_file(self) -> Mapping[str, Sequence[JudgedPool]]:
        """The pools that each file declares."""
        return _grouped((judged.pool.span.file, judged) for judged in self.report.pools)

    @cached_property
    def pools(self) -> Mapping[tuple[str, str | None], JudgedPool]:
        """Each pool by unit and address."""
        return {(judged.pool.unit, judged.pool.address): judged for judged in self.report.pools}

    @cached_property
    def units_with_problems(self) -> Sequence[Unit]:
        """The units that a part could not be read of."""
        return tuple(unit for unit in self.units if unit.problems)

    @cached_property
    def readers(self) -> Mapping[str, Set[str]]:
        """The units that read a file of each directory."""
        read: dict[str, set[str]] = {}
        for unit in self.units:
            for directory in {posixpath.dirname(file) for file in unit.files}:
                read.setdefault(directory or ".", set()).add(unit.path)
        return read

    def of(self, judged: JudgedPool) -> Sequence[Finding]:
        """What was found about one pool."""
        return self.findings.get((judged.pool.unit, judged.pool.address), ())

    def shown(self, path: str) -> str:
        """A host's path as findings name it."""
        return self.repository.shown(path)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


_answers: dict[tuple[str, Question], Evaluation | Exception] = {}


def evaluate(question: Question) -> Evaluation:
    """Evaluate and judge what the question names. The answer is kept for the life of the process, an exception too."""
    key = (os.getcwd(), question)  # noqa: PTH109 - a host may change it
    if key not in _answers:
        try:
            _answers[key] = _in_room(question)
        except Exception as error:  # noqa: BLE001 - raised again for each pool that is asked about
            _answers[key] = error
    answer = _answers[key]
    if isinstance(answer, Exception):
        raise answer
    return answer


def _in_room(question: Question) -> Evaluation:
    """The evaluation, of Terraform with the deep stack that each root would else be given on its own."""
    if question.language == "cloudformation":
        return _evaluate(question)
    from cognito_lint.deep_stack import with_deep_stack

    return with_deep_stack(lambda: _evaluate(question))


def _evaluate(question: Question) -> Evaluation:
    repository = Repository(Path.cwd(), question.paths, held=dict(question.held), explicit=question.variable_files)
    files = tuple(VariableFile(repository.shown(path)) for path in question.variable_files)
    variables: tuple[Variable | VariableFile, ...] = files
    inputs = Inputs(
        parameters=dict(question.parameters),
        variables=variables,
        environment=_environment(),
        strict=question.strict,
    )
    inventory = discover(question.paths, repository)
    never = _NEVER[question.language]
    kept = tuple(file for file in inventory.files if PurePosixPath(file).suffix not in never)
    inventory = replace(inventory, files=kept)
    units = tuple(unit for wing in _wings(question.language, inventory) for unit in wing(inventory, repository, inputs))
    policy = Policy(today=datetime.now(timezone.utc).date())
    report = pipeline.judge(units, repository, pipeline.Selection(), policy)
    return Evaluation(repository, frozenset(kept), units, report)


def _environment() -> dict[str, str]:
    """What `TF_VAR_…` says, by variable name."""
    return {name.removeprefix("TF_VAR_"): text for name, text in os.environ.items() if name.startswith("TF_VAR_")}


def _wings(language: Language, inventory: Inventory) -> tuple[pipeline.Wing, ...]:
    """A host that sees one language is not kept waiting for the other, nor for plans where there is no JSON."""
    if language == "cloudformation":
        from cognito_lint.cloudformation import units as templates

        return (templates.units,)
    from cognito_lint.terraform import units as modules

    if not any(json_inputs(inventory, TERRAFORM_SUFFIXES)):
        return (modules.units,)
    from cognito_lint.terraform import plan

    return (modules.units, plan.units)
