"""Which of the evaluated pools a host means, who knows a pool by its file and its address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cognito_lint.adapters.addresses import compare, compare_end
from cognito_lint.adapters.evaluation import Evaluation, Language, Question, evaluate
from cognito_lint.model import Problem
from cognito_lint.report.report import JudgedPool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a host says that a pool is. Paths are the host's own; `scanned` is what it was told to scan.

    `address` is Terraform's, or CloudFormation's logical id. `root` is the directory of the root module that a
    Terraform pool is deployed from, None for templates and plans. `lines` are the block's first and last.
    """

    language: Language
    file: str
    address: str
    scanned: tuple[str, ...]
    root: str | None = None
    variable_files: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to say of a place. A phantom is what the host takes for deployed and the files do not deploy."""

    evaluation: Evaluation
    meant: tuple[JudgedPool, ...]
    problems: tuple[Problem, ...]
    phantom: bool


@lru_cache(maxsize=256)
def known_of(at: Place) -> Known | None:
    """Looked up once for all rules: a host asks them one after the other about one pool."""
    for paths in (at.scanned, (at.root or at.file,)):
        evaluation = evaluate(Question(paths, at.language, variable_files=at.variable_files))
        if not evaluation.repository.is_file(evaluation.shown(at.file)):
            continue  # not there, or a link that leads out of the scanned repository: its own is asked next
        meant, phantom = _meant(at, evaluation)
        problems = _problems(at, evaluation, meant)
        if meant or problems or phantom:
            return Known(evaluation, tuple(meant), tuple(problems), phantom and not problems)
    is_there = evaluation.repository.is_file(evaluation.shown(at.file))
    if not is_there or at.root is None or _lacks_modules(at.root, evaluation):
        return None
    return Known(evaluation, (), (), phantom=True)


def _meant(at: Place, evaluation: Evaluation) -> tuple[list[JudgedPool], bool]:
    """The pools that the host's one may stand for, and whether it is an instance that the files do not make."""
    file = evaluation.shown(at.file)
    in_file = evaluation.pools_in_file.get(file, ())
    if at.language == "cloudformation":
        candidates = [*in_file, *evaluation.pools_of_unit.get(file, ())]
        named = [judged for judged in candidates if judged.pool.address.split("/")[-1] == at.address]
        return list({id(judged): judged for judged in named}.values()), False
    unit = file if at.root is None else evaluation.shown(at.root)
    if pools := evaluation.pools_of_unit.get(unit, ()):
        matches = [(judged, compare(at.address, judged.pool.address)) for judged in pools]
    else:
        # a module that the host takes for a root of its own: whatever its callers make of it
        callers = evaluation.readers.get(unit, frozenset())
        called = (judged for judged in in_file if judged.pool.unit in callers)
        matches = [(judged, compare_end(at.address, judged.pool.address)) for judged in called]
    same = [judged for judged, how in matches if how == "same"]
    meant = same or [judged for judged, how in matches if how == "perhaps"]
    return meant, not meant and any(how == "other instance" for _, how in matches)


def _lacks_modules(root: str, evaluation: Evaluation) -> bool:
    """Whether the root calls modules that are not on disk: the host may have fetched one, and seen the pool there."""
    return any(unit.path == evaluation.shown(root) and unit.missing_modules for unit in evaluation.units)


def _problems(at: Place, evaluation: Evaluation, meant: Iterable[JudgedPool]) -> list[Problem]:
    units = {judged.pool.unit for judged in meant}
    file = evaluation.shown(at.file)
    root = evaluation.shown(at.root) if at.root is not None else file
    found: dict[Problem, None] = {}
    for unit in evaluation.units_with_problems:
        if unit.path in units or unit.path == root or file in unit.files:
            found.update(dict.fromkeys(unit.problems))
    return list(found)
