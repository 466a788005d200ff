"""The command's own evaluation for a host: the same pipeline on the host's files, once per process and question."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cognito_lint import pipeline
from cognito_lint.discover import discover
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs, Variable, VariableFile
from cognito_lint.model import Finding, Unit
from cognito_lint.report.report import JudgedPool, Report


@dataclass(frozen=True, slots=True)
class Question:
    """What a host wants judged: paths as it was given them, and its own inputs.

    `held` is the text of what is not on disk, by path. `variable_files` are Terraform's, in order.
    """

    paths: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...] = ()
    variable_files: tuple[str, ...] = ()
    held: tuple[tuple[str, bytes], ...] = ()
    strict: bool = False


@dataclass(frozen=True)
class Evaluation:
    """The answer: the judged pools and findings as the command reports them, and the units they came from."""

    repository: Repository
    units: tuple[Unit, ...]
    report: Report

    @cached_property
    def findings(self) -> Mapping[tuple[str, str | None], Sequence[Finding]]:
        """Findings by unit and address; those about files have the address None."""
        found: dict[tuple[str, str | None], list[Finding]] = {}
        for finding in self.report.findings:
            found.setdefault((finding.unit, finding.address), []).append(finding)
        return found

    def of(self, judged: JudgedPool) -> Sequence[Finding]:
        """What was found about one pool."""
        return self.findings.get((judged.pool.unit, judged.pool.address), ())

    def shown(self, path: str) -> str:
        """A host's path as findings name it."""
        return self.repository.shown(path)


_answers: dict[tuple[str, Question, tuple[tuple[str, str], ...]], Evaluation] = {}


def evaluate(question: Question, environment: Mapping[str, str] = os.environ) -> Evaluation:
    """Evaluate and judge what the question names. The answer is kept for the life of the process."""
    variables = {name.removeprefix("TF_VAR_"): text for name, text in environment.items() if name.startswith("TF_VAR_")}
    key = (os.getcwd(), question, tuple(sorted(variables.items())))  # noqa: PTH109 - a host may change it
    if key not in _answers:
        _answers[key] = _evaluate(question, variables)
    return _answers[key]


def _evaluate(question: Question, environment: Mapping[str, str]) -> Evaluation:
    repository = Repository(Path.cwd(), question.paths, held=dict(question.held), explicit=question.variable_files)
    files = tuple(VariableFile(repository.shown(path)) for path in question.variable_files)
    variables: tuple[Variable | VariableFile, ...] = files
    inputs = Inputs(
        parameters=dict(question.parameters),
        variables=variables,
        environment=environment,
        strict=question.strict,
    )
    inventory = discover(question.paths, repository)
    units = pipeline.units(inventory, repository, inputs)
    return Evaluation(repository, units, pipeline.judge(units, repository, pipeline.Selection()))
