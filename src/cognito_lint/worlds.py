"""Values that depend on assumptions, for both languages.

Where the files leave something open (a parameter, an unknown condition), a value is a `Choice`: a decision diagram
whose inner nodes ask "is this subject that outcome?" and whose leaves are plain values. Diagrams are ordered and
reduced, as binary decision diagrams are: one subject is asked once on each path, so one unknown gives one answer
everywhere, contradictions cannot arise, and a question that does not matter disappears.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar
from weakref import ref

T = TypeVar("T")
U = TypeVar("U")

MAX_STEPS = 15_000
MAX_DEPTH = 250
_TOO_MANY_STEPS = f"its worlds take more than {MAX_STEPS:,} steps to combine"


class TooManyWorldsError(Exception):
    """A diagram passed a bound; the message names it. The value is then unknown, never guessed."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Something that the files leave open. `key` is its identity, `text` its name in the files' own words.

    `outcomes` is the finite domain if there is one (a Boolean subject has "true" and "false"); None if the subject may
    take other values than those it is compared with.
    """

    key: str
    text: str
    outcomes: tuple[str, ...] | None = None

    # written out, here and for Atom: most of the time that diagrams take goes into comparing the two
    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Subject) and self.key == other.key)

    def __lt__(self, other: Subject) -> bool:
        return self.key < other.key

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """The question "is `subject` `outcome`?". Atoms of one subject are neighbours in the order."""

    subject: Subject
    outcome: str

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Atom) and self.outcome == other.outcome and self.subject.key == other.subject.key

    def __lt__(self, other: Atom) -> bool:
        mine, its = self.subject.key, other.subject.key
        return self.outcome < other.outcome if mine == its else mine < its

    def __hash__(self) -> int:
        return hash((self.subject.key, self.outcome))


class _Referable:
    """What a weak reference may point to, for all its slots."""

    __slots__ = ("__weakref__",)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Split(_Referable, Generic[T]):
    """A node of the diagram: `yes` where the atom holds, `no` where it does not. Build it with `split` alone.

    Two nodes of one atom and the very same branches are one object, so that work once done on a part is found again
    wherever the part stands.
    """

    atom: Atom
    yes: Choice[T]
    no: Choice[T]
    depth: int

    def __repr__(self) -> str:
        # branches share their nodes: written out, a small diagram can fill a disk
        return f"Split({self.atom.subject.text} is {self.atom.outcome}, depth={self.depth})"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        # in the process that reads it, too, two nodes of the very same parts are one object
        return split, (self.atom, self.yes, self.no)


Choice: TypeAlias = "T | Split[T]"


def holds(subject: Subject, outcome: str) -> Choice[bool]:
    """Whether `subject` is `outcome`. The last outcome of a finite domain is what remains when all others fail."""
    if subject.outcomes is None:
        return split(Atom(subject, outcome), True, False)
    if outcome not in subject.outcomes:
        return False
    if outcome != subject.outcomes[-1]:
        return split(Atom(subject, outcome), True, False)
    last: Choice[bool] = True
    for other in subject.outcomes[:-1]:
        last = split(Atom(subject, other), False, last)
    return last


def boolean(key: str, text: str) -> Subject:
    """A subject that is either true or false."""
    return Subject(key, text, ("true", "false"))


class _Steps:
    """What one operation may still take: its time is bounded, whatever the diagrams are."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = MAX_STEPS

    def spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooManyWorldsError(_TOO_MANY_STEPS)


def split(atom: Atom, yes: Choice[T], no: Choice[T]) -> Choice[T]:
    """`yes` where `atom` holds, else `no`; ordered and reduced whatever the order of the atoms inside.

    Raises TooManyWorldsError past MAX_STEPS nodes that stand before the atom.
    """
    return _sifted(atom, yes, no, {}, _Steps())


def _sifted(
    atom: Atom, yes: Choice[T], no: Choice[T], memo: dict[tuple[int, int], Choice[T]], steps: _Steps
) -> Choice[T]:
    """`split`: the atom is let down to its place in the order, past those of both branches."""
    top = _first_atom((yes, no))
    if top is None or atom < top:
        return _reduced(atom, _where(yes, atom), no)
    key = (id(yes), id(no))
    known = memo.get(key)
    if known is None:
        steps.spend()
        if top == atom:
            known = _sifted(atom, _where(yes, atom), _unless(no, atom), memo, steps)
        else:
            under = _where(no, top)
            if top.subject != atom.subject:
                under = _sifted(atom, _where(yes, top), under, memo, steps)
            other = _sifted(atom, _unless(yes, top), _unless(no, top), memo, steps)
            known = _reduced(top, _where(under, top), other)
        memo[key] = known
    return known


def _reduced(atom: Atom, yes: Choice[T], no: Choice[T]) -> Choice[T]:
    """`split` where nothing in the branches stands before the atom, and `yes` no longer asks about its subject.

    An outcome for which `no` says the same as `yes` is not asked about: it is one of all others.
    """
    if same(yes, _where(no, atom)):
        return no
    depth = 1 + max(_depth(yes), _depth(no))
    if depth > MAX_DEPTH:
        raise TooManyWorldsError(f"it depends on more than {MAX_DEPTH} open questions at once")
    return _nodes.get(atom, yes, no, depth)


class _Nodes:
    """Every node that is alive, found by its atom and branches. Dead entries are cleared away as the table grows.

    A node holds its branches, so their ids stay theirs while it lives.
    """

    __slots__ = ("_found", "_limit")

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], ref[Split[Any]]] = {}
        self._limit = _FEWEST_CLEARED

    def get(self, atom: Atom, yes: Choice[T], no: Choice[T], depth: int) -> Split[T]:
        subject = atom.subject
        key = (subject.key, subject.text, subject.outcomes, atom.outcome, id(yes), id(no))
        known = self._found.get(key)
        node = known() if known is not None else None
        if node is None:
            node = Split(atom, yes, no, depth)
            self._found[key] = ref(node)
            if len(self._found) > self._limit:
                self._found = {key: known for key, known in list(self._found.items()) if known() is not None}
                self._limit = max(_FEWEST_CLEARED, 2 * len(self._found))
        return node


_FEWEST_CLEARED = 10_000
_nodes = _Nodes()


def lift(function: Callable[..., Choice[U]], *choices: Choice[Any]) -> Choice[U]:
    """Apply `function` to plain values in every joint world of `choices`. It may answer with a Choice itself.

    Raises TooManyWorldsError past MAX_STEPS combinations.
    """
    for choice in choices:  # mostly none, or the first
        if isinstance(choice, Split):
            return _Lift(function).walk(choices)
    return function(*choices)


class _Lift(Generic[U]):
    """One `lift` under way. An object, not a closure that calls itself: that would be a cycle, kept until collected."""

    __slots__ = ("_function", "_memo", "_steps")

    def __init__(self, function: Callable[..., Choice[U]]) -> None:
        self._function = function
        self._memo: dict[tuple[int, ...], tuple[tuple[Choice[Any], ...], Choice[U]]] = {}
        self._steps = _Steps()

    def walk(self, arguments: tuple[Choice[Any], ...]) -> Choice[U]:
        key = tuple(map(id, arguments))
        known = self._memo.get(key)
        if known is not None:
            return known[1]
        top = _first_atom(arguments)
        if top is None:  # one leaf gives one leaf, however often it is there: else what is shared would no longer be
            answer = self._function(*arguments)
        else:
            self._steps.spend()
            yes = self.walk(tuple([_where(argument, top) for argument in arguments]))
            no = self.walk(tuple([_unless(argument, top) for argument in arguments]))
            answer = _sifted(top, yes, no, {}, self._steps)
        self._memo[key] = (arguments, answer)  # the arguments are kept so that their ids stay theirs
        return answer


def choose(condition: Choice[bool], yes: Callable[[], Choice[T]], no: Callable[[], Choice[T]]) -> Choice[T]:
    """`yes()` where the condition holds, else `no()`; a branch that no world takes is not evaluated."""
    if condition is True:
        return yes()
    if condition is False:
        return no()
    return lift(lambda truth, then, other: then if truth else other, condition, yes(), no())


def both(one: Choice[bool], other: Choice[bool]) -> Choice[bool]:
    """Logical AND."""
    return _joined(one, other, False, {})


def either(one: Choice[bool], other: Choice[bool]) -> Choice[bool]:
    """Logical OR."""
    return _joined(one, other, True, {})


def _joined(
    one: Choice[bool], other: Choice[bool], decisive: bool, memo: dict[tuple[int, int], Choice[bool]]
) -> Choice[bool]:
    """AND or OR, in which one outcome decides alone: what stands beside it is not walked through."""
    if one is decisive or other is decisive:
        return decisive
    if not isinstance(one, Split) or one is other:
        return other
    if not isinstance(other, Split):
        return one
    key = (id(one), id(other))
    known = memo.get(key)
    if known is None:
        if len(memo) >= MAX_STEPS:
            raise TooManyWorldsError(_TOO_MANY_STEPS)
        atom = min(one.atom, other.atom)
        yes = _joined(_where(one, atom), _where(other, atom), decisive, memo)
        no = _joined(_unless(one, atom), _unless(other, atom), decisive, memo)
        known = memo[key] = _reduced(atom, yes, no)
    return known


def negate(choice: Choice[bool]) -> Choice[bool]:
    """Logical NOT."""
    return _negated(choice, {})


def _negated(node: Choice[bool], memo: dict[int, Choice[bool]]) -> Choice[bool]:
    """The same nodes in the same order: a diagram stays reduced when its leaves are exchanged one for one."""
    if not isinstance(node, Split):
        return not node
    known = memo.get(id(node))
    if known is None:
        yes, no = _negated(node.yes, memo), _negated(node.no, memo)
        known = memo[id(node)] = _nodes.get(node.atom, yes, no, node.depth)
    return known


def assume(choice: Choice[T], atom: Atom, truth: bool) -> Choice[T]:
    """The choice as it stands where `atom` is `truth`."""
    return _assume(choice, atom, truth, {})


def _assume(node: Choice[T], atom: Atom, truth: bool, memo: dict[int, Choice[T]]) -> Choice[T]:
    if not isinstance(node, Split) or atom.subject < node.atom.subject:
        return node
    if id(node) not in memo:
        if node.atom == atom:
            memo[id(node)] = _assume(node.yes if truth else node.no, atom, truth, memo)
        elif truth and node.atom.subject == atom.subject:
            memo[id(node)] = _assume(node.no, atom, truth, memo)
        else:
            memo[id(node)] = _with_branches(
                node, _assume(node.yes, atom, truth, memo), _assume(node.no, atom, truth, memo)
            )
    return memo[id(node)]


def _with_branches(node: Split[T], yes: Choice[T], no: Choice[T]) -> Choice[T]:
    """The node with what is left of its branches: fewer questions, in the order that they had."""
    return node if yes is node.yes and no is node.no else _reduced(node.atom, yes, no)


def projected(choice: Choice[bool], kept: Set[Subject]) -> Choice[bool]:
    """Where some answer to all questions about other subjects makes it true. The choice as it is past MAX_STEPS."""
    try:
        return _projected(choice, kept, {})
    except TooManyWorldsError:
        return choice


def _projected(node: Choice[bool], kept: Set[Subject], memo: dict[int, Choice[bool]]) -> Choice[bool]:
    if not isinstance(node, Split):
        return node
    known = memo.get(id(node))
    if known is None:
        yes, no = _projected(node.yes, kept, memo), _projected(node.no, kept, memo)
        known = _with_branches(node, yes, no) if node.atom.subject in kept else either(yes, no)
        memo[id(node)] = known
    return known


def settle(choice: Choice[T], outcomes: Mapping[Subject, str]) -> Choice[T]:
    """The choice as it stands where each of the subjects has its outcome, whatever it was compared with."""
    return _settle(choice, outcomes, {})


def _settle(node: Choice[T], outcomes: Mapping[Subject, str], memo: dict[int, Choice[T]]) -> Choice[T]:
    if not isinstance(node, Split):
        return node
    if id(node) not in memo:
        outcome = outcomes.get(node.atom.subject)
        if outcome is not None:
            memo[id(node)] = _settle(node.yes if node.atom.outcome == outcome else node.no, outcomes, memo)
        else:
            yes, no = _settle(node.yes, outcomes, memo), _settle(node.no, outcomes, memo)
            memo[id(node)] = _with_branches(node, yes, no)
    return memo[id(node)]


def leaves(choice: Choice[T]) -> Iterator[T]:
    """The leaves in the diagram's order; each inner node is visited once, so equal leaves may come again."""
    seen: set[int] = set()
    stack: list[Choice[T]] = [choice]
    while stack:
        node = stack.pop()
        if not isinstance(node, Split):
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack += (node.no, node.yes)


def same(one: Choice[T], other: Choice[T]) -> bool:
    """Whether two diagrams say the same."""
    if one is other:
        return True
    if isinstance(one, Split):
        return isinstance(other, Split) and _same(one, other, set())
    return not isinstance(other, Split) and type(one) is type(other) and bool(one == other)


def _same(a: Choice[T], b: Choice[T], proven: set[tuple[int, int]]) -> bool:
    if a is b or (id(a), id(b)) in proven:
        return True
    if isinstance(a, Split) and isinstance(b, Split):
        equal = a.atom == b.atom and _same(a.yes, b.yes, proven) and _same(a.no, b.no, proven)
    else:
        equal = not isinstance(a, Split) and not isinstance(b, Split) and type(a) is type(b) and bool(a == b)
    if equal:
        proven.add((id(a), id(b)))
    return equal


def _first_atom(choices: tuple[Choice[Any], ...]) -> Atom | None:
    first = None
    for choice in choices:
        if isinstance(choice, Split) and (first is None or choice.atom < first):
            first = choice.atom
    return first


def _where(choice: Choice[T], atom: Atom) -> Choice[T]:
    """The choice where an atom holds that none of its own comes before: looks at the top alone."""
    while isinstance(choice, Split):
        top = choice.atom
        if top is atom or top == atom:
            return choice.yes
        if top.subject != atom.subject:
            return choice
        choice = choice.no
    return choice


def _unless(choice: Choice[T], atom: Atom) -> Choice[T]:
    """The choice where an atom fails that none of its own comes before: looks at the top alone."""
    return choice.no if isinstance(choice, Split) and (choice.atom is atom or choice.atom == atom) else choice


def _depth(choice: Choice[Any]) -> int:
    return choice.depth if isinstance(choice, Split) else 0
