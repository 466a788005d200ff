"""Which worlds of a choice there are: what goes together in a unit, what its defaults choose, and how to say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Generic, TypeVar

from cognito_lint.worlds import (
    Atom,
    Choice,
    Split,
    Subject,
    TooManyWorldsError,
    assume,
    both,
    negate,
    projected,
    settle,
)

T = TypeVar("T")

MAX_WORLDS = 4_096
_MOST_MERGED = 64  # past it, nobody reads the list and merging would take long


@dataclass(frozen=True, slots=True)
class Assumption:
    """One answer on the way to a leaf."""

    atom: Atom
    holds: bool


@dataclass(frozen=True, slots=True)
class World(Generic[T]):
    """A value, the assumptions under which it holds, and whether the files' own defaults lead here."""

    value: T
    assumptions: tuple[Assumption, ...]
    default: bool

    @property
    def when(self) -> tuple[str, ...]:
        """The assumptions as a person would say them, one text for each subject."""
        return describe(self.assumptions)


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Which assumptions go together in a unit, and which of them its defaults choose.

    `definitions` say what a named subject (a template's condition) means in terms of other subjects; `rule` is what
    must hold of every deployment; `defaults` is the outcome that a subject takes unless somebody says otherwise.
    """

    definitions: Mapping[Subject, Choice[bool]] = field(default_factory=dict)
    rule: Choice[bool] = True
    defaults: Mapping[Subject, str] = field(default_factory=dict)


EVERYWHERE = Space()


def atoms(choice: Choice[object]) -> set[Atom]:
    """Every question of a choice."""
    found: set[Atom] = set()
    seen: set[int] = set()
    waiting = [choice]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Split) and id(node) not in seen:
            seen.add(id(node))
            found.add(node.atom)
            waiting += (node.yes, node.no)
    return found


def subjects(choice: Choice[object]) -> set[Subject]:
    """Every subject that a choice asks about."""
    return {atom.subject for atom in atoms(choice)}


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """What must hold of every deployment, and the subjects that it speaks of: looked up once, asked by every pool."""

    condition: Choice[bool]
    subjects: frozenset[Subject]

    @classmethod
    def that(cls, condition: Choice[bool]) -> Requirement:
        """The requirement that a condition holds."""
        return cls(condition, frozenset(subjects(condition)))


def relevant(requirements: Iterable[Requirement], used: Iterable[Subject]) -> Iterator[Choice[bool]]:
    """Those of the requirements that speak, however indirectly, of the subjects in use, or of none at all."""
    reached = set(used)
    waiting = list(requirements)
    moved = True
    while moved:
        moved = False
        apart: list[Requirement] = []
        for requirement in waiting:
            if requirement.subjects and requirement.subjects.isdisjoint(reached):
                apart.append(requirement)
                continue
            reached |= requirement.subjects
            moved = True
            yield requirement.condition
        waiting = apart


def worlds(choice: Choice[T], space: Space = EVERYWHERE, *, default_only: bool = False) -> tuple[World[T], ...]:
    """Every world of a choice that the space admits, in the diagram's order; `default_only`: those that its defaults
    lead to, without walking the others.

    Raises TooManyWorldsError past MAX_WORLDS.
    """
    found: list[World[T]] = []
    rule, by_default = space.rule, settle(space.rule, space.defaults)
    if not space.definitions:  # else they may ask about any subject
        asked = subjects(choice)
        rule, by_default = projected(rule, asked), projected(by_default, asked)
    _list_worlds(choice, (), rule, by_default, _Listing(space, default_only, found))
    return tuple(_merged(found) if len(found) <= _MOST_MERGED else found)


@dataclass(frozen=True, slots=True)
class _Listing(Generic[T]):
    """What stays the same while worlds are listed, and those found."""

    space: Space
    default_only: bool
    found: list[World[T]]


def _list_worlds(
    node: Choice[T],
    path: tuple[Assumption, ...],
    open_question: Choice[bool],
    by_default: Choice[bool],
    listing: _Listing[T],
) -> None:
    """`open_question` is what the path leaves to ask of the other subjects, `by_default` what it leaves to ask with
    every default left as it is."""
    if open_question is False or (listing.default_only and by_default is False):
        return
    if not isinstance(node, Split):
        if len(listing.found) >= MAX_WORLDS:
            raise TooManyWorldsError(f"it has more than {MAX_WORLDS:,} worlds")
        listing.found.append(World(node, path, by_default is not False))
        return
    defaults = listing.space.defaults
    definition = listing.space.definitions.get(node.atom.subject)
    usual = None
    if definition is not None:
        for assumption in path:
            definition = assume(definition, assumption.atom, assumption.holds)
        usual = settle(definition, defaults)
    default = defaults.get(node.atom.subject)
    for truth, branch in ((True, node.yes), (False, node.no)):
        made = Assumption(node.atom, truth)
        left = default is None or (node.atom.outcome == default) == truth
        narrower = _narrow(by_default, usual, made) if left else False
        _list_worlds(branch, (*path, made), _narrow(open_question, definition, made), narrower, listing)


def _merged(found: list[World[T]]) -> list[World[T]]:
    """Two worlds of one value that differ in one answer are one world, in which that question does not matter."""
    for one, other in combinations(found, 2):
        apart = set(one.assumptions) ^ set(other.assumptions)
        if len(apart) == 2 and len({assumption.atom for assumption in apart}) == 1 and one.value == other.value:
            common = tuple(assumption for assumption in one.assumptions if assumption not in apart)
            merged = World(one.value, common, one.default or other.default)
            return _merged([merged if world is one else world for world in found if world is not other])
    return found


def _narrow(open_question: Choice[bool], definition: Choice[bool] | None, made: Assumption) -> Choice[bool]:
    """What is left to ask of the subjects not yet settled, once one more assumption is made.

    `definition` is what its subject means in terms of those, if it is a named one.
    """
    if definition is None:
        return assume(open_question, made.atom, made.holds)
    meant_true = (made.atom.outcome == "true") == made.holds
    return both(open_question, definition if meant_true else negate(definition))


def describe(assumptions: tuple[Assumption, ...]) -> tuple[str, ...]:
    """One text for each subject: "Mode is AUDIT", "IsProd is false", "Env is neither dev nor prod"."""
    subjects: dict[Subject, list[Assumption]] = {}
    for assumption in assumptions:
        subjects.setdefault(assumption.atom.subject, []).append(assumption)
    return tuple(_describe(subject, answers) for subject, answers in subjects.items())


def _describe(subject: Subject, answers: list[Assumption]) -> str:
    for answer in answers:
        if answer.holds:
            return f"{subject.text} is {answer.atom.outcome}"
    refused = [answer.atom.outcome for answer in answers]
    left = [outcome for outcome in subject.outcomes or () if outcome not in refused]
    if len(left) == 1:
        return f"{subject.text} is {left[0]}"
    if len(refused) == 1:
        return f"{subject.text} is not {refused[0]}"
    return f"{subject.text} is neither {', '.join(refused[:-1])} nor {refused[-1]}"
