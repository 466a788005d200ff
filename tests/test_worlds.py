"""Decision diagrams say what the formulas they were built from say, in every world and in no other."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_lint.spaces import Assumption, Space, describe, worlds
from cognito_lint.worlds import (
    Atom,
    Choice,
    Split,
    Subject,
    TooManyWorldsError,
    assume,
    boolean,
    both,
    choose,
    either,
    holds,
    leaves,
    lift,
    negate,
    projected,
    same,
    settle,
    split,
)

FINITE = ("a", "b", "c")
SUBJECTS = tuple(Subject(f"s{i}", f"s{i}", FINITE if i % 2 else None) for i in range(4))
ATOMS = st.builds(lambda s, o: ("is", s, o), st.sampled_from(SUBJECTS), st.sampled_from(FINITE))
FORMULAS = st.recursive(
    st.booleans() | ATOMS,
    lambda inner: st.tuples(st.just("not"), inner) | st.tuples(st.sampled_from(["and", "or", "xor"]), inner, inner),
    max_leaves=12,
)


def build(formula) -> Choice[bool]:
    if isinstance(formula, bool):
        return formula
    if formula[0] == "is":
        return holds(formula[1], formula[2])
    if formula[0] == "not":
        return negate(build(formula[1]))
    one, other = build(formula[1]), build(formula[2])
    if formula[0] == "xor":
        return lift(lambda a, b: a != b, one, other)
    return both(one, other) if formula[0] == "and" else either(one, other)


def truth(formula, world) -> bool:
    if isinstance(formula, bool):
        return formula
    if formula[0] == "is":
        return world[formula[1]] == formula[2]
    if formula[0] == "not":
        return not truth(formula[1], world)
    one, other = truth(formula[1], world), truth(formula[2], world)
    return {"and": one and other, "or": one or other, "xor": one != other}[formula[0]]


def meets(world, assumption: Assumption) -> bool:
    return (world[assumption.atom.subject] == assumption.atom.outcome) == assumption.holds


def every_world():
    domains = [FINITE if subject.outcomes else (*FINITE, "something else") for subject in SUBJECTS]
    for outcomes in itertools.product(*domains):
        yield dict(zip(SUBJECTS, outcomes, strict=True))


@given(FORMULAS)
def test_diagram_and_formula_agree_in_every_world(formula):
    """Settling every subject leaves the truth of the formula."""
    diagram = build(formula)
    for world in every_world():
        assert truth(formula, world) is settle(diagram, world)


@given(FORMULAS, FORMULAS)
def test_equal_meaning_is_equal_diagram(one, other):
    """Reduced and ordered diagrams are the same exactly if they agree in every world."""
    agree = all(truth(one, world) == truth(other, world) for world in every_world())
    assert agree == same(build(one), build(other))


@given(FORMULAS, FORMULAS)
def test_listed_worlds_are_the_possible_ones(formula, rule):
    """A world is listed exactly if some deployment meets its assumptions and the rule of the space."""
    space = Space(rule=build(rule))
    listed = worlds(build(formula), space)
    for world in every_world():
        if truth(rule, world):
            listed_here = [w for w in listed if all(meets(world, a) for a in w.assumptions)]
            assert [truth(formula, world)] == [w.value for w in listed_here]
    for found in listed:
        assert any(truth(rule, world) and all(meets(world, a) for a in found.assumptions) for world in every_world())


@given(FORMULAS, FORMULAS, st.lists(st.sampled_from(FINITE), min_size=4, max_size=4))
def test_default_worlds_alone_are_those_of_the_full_list(formula, rule, outcomes):
    """Leaving the other worlds out on the way finds the same ones as leaving them out at the end."""
    space = Space({}, build(rule), dict(zip(SUBJECTS, outcomes, strict=True)))
    diagram = build(formula)
    assert {w.value for w in worlds(diagram, space) if w.default} == {
        w.value for w in worlds(diagram, space, default_only=True)
    }


@given(FORMULAS, FORMULAS, st.dictionaries(st.sampled_from(SUBJECTS), st.sampled_from(FINITE)))
def test_a_listed_world_is_by_default_if_it_can_be_with_every_default_left_as_it_is(formula, rule, defaults):
    """Whatever the rule asks about besides."""
    for found in worlds(build(formula), Space({}, build(rule), defaults)):
        possible = (world for world in every_world() if truth(rule, world) and defaults.items() <= world.items())
        assert found.default is any(all(meets(world, a) for a in found.assumptions) for world in possible)


@given(FORMULAS, st.frozensets(st.sampled_from(SUBJECTS)))
def test_a_projection_holds_where_some_answer_to_the_other_questions_makes_it_hold(formula, kept):
    """It no longer asks them."""
    projection = projected(build(formula), kept)
    assert {atom.subject for atom in _atoms(projection)} <= kept
    for world in every_world():
        alike = (other for other in every_world() if all(other[subject] == world[subject] for subject in kept))
        assert settle(projection, world) is any(truth(formula, other) for other in alike)


@given(FORMULAS, ATOMS, st.booleans())
def test_assume_keeps_the_worlds_that_meet_the_assumption(formula, atom, answer):
    """`assume` changes nothing in the worlds that it is about, and no longer asks."""
    _, subject, outcome = atom
    assumed = assume(build(formula), Atom(subject, outcome), answer)
    assert not any(node == Atom(subject, outcome) for node in _atoms(assumed))
    for world in every_world():
        if (world[subject] == outcome) == answer:
            assert truth(formula, world) is settle(assumed, world)


def _atoms(choice):
    if isinstance(choice, Split):
        yield choice.atom
        yield from _atoms(choice.yes)
        yield from _atoms(choice.no)


def test_question_that_does_not_matter_disappears():
    """A split between equal values is no split."""
    assert split(Atom(SUBJECTS[0], "a"), "x", "x") == "x"


def test_definitions_exclude_contradictory_conditions_and_mark_the_default():
    """A condition's meaning decides which of its answers go together, and which one the defaults give."""
    env = Subject("parameter Env", "Env")
    prod, dev = boolean("condition IsProd", "IsProd"), boolean("condition IsDev", "IsDev")
    space = Space({prod: holds(env, "prod"), dev: holds(env, "dev")}, True, {env: "prod"})
    if_dev = choose(holds(dev, "true"), lambda: "both", lambda: "prod")
    value = choose(holds(prod, "true"), lambda: if_dev, lambda: "other")
    assert {("other", ("IsProd is false",), False), ("prod", ("IsDev is false", "IsProd is true"), True)} == {
        (world.value, tuple(sorted(world.when)), world.default) for world in worlds(value, space)
    }


@pytest.mark.parametrize(
    ("subject", "answers", "text"),
    [
        (SUBJECTS[0], [("a", True)], "s0 is a"),
        (SUBJECTS[0], [("a", False)], "s0 is not a"),
        (SUBJECTS[0], [("a", False), ("b", False)], "s0 is neither a nor b"),
        (SUBJECTS[1], [("a", False), ("b", False)], "s1 is c"),
        (boolean("k", "IsProd"), [("true", False)], "IsProd is false"),
    ],
)
def test_describe(subject, answers, text):
    """Assumptions read as a person would say them."""
    assumptions = tuple(Assumption(Atom(subject, outcome), answer) for outcome, answer in answers)
    assert (text,) == describe(assumptions)


def test_many_questions_that_share_their_answers_stay_small():
    """The parity of 40 subjects has 2^40 worlds and a small diagram."""
    parity: Choice[bool] = False
    for number in range(40):
        fact = holds(boolean(f"k{number:02}", f"k{number:02}"), "true")
        parity = lift(lambda a, b: a != b, parity, fact)
    assert {False, True} == set(leaves(parity))
    with pytest.raises(TooManyWorldsError, match="4,096 worlds"):
        worlds(parity)


def test_equal_parts_are_one_object():
    """However a diagram was made: so that what is known of a part is known wherever it stands."""
    one, other = (holds(boolean(f"k{number}", f"k{number}"), "true") for number in (1, 2))
    assert both(one, other) is negate(either(negate(other), negate(one)))


def test_one_leaf_gives_one_leaf():
    """What is made of a leaf that stands in two places is one object there too, or sharing would be lost."""
    atoms = [Atom(boolean(f"k{number}", f"k{number}"), "true") for number in range(3)]
    shared = object()
    diagram = split(atoms[0], split(atoms[1], shared, "b"), split(atoms[2], shared, "c"))
    made = [leaf for leaf in leaves(lift(lambda leaf: [leaf], diagram)) if leaf == [shared]]
    assert len(made) == 2
    assert made[0] is made[1]


def test_an_outcome_like_all_others_is_not_asked_about():
    """What the rest says anyway is no question of its own."""
    subject = SUBJECTS[1]
    assert negate(holds(subject, "b")) is either(holds(subject, "a"), holds(subject, "c"))


def test_the_same_name_in_two_units_stays_two_subjects():
    """Parameters of one name may have other domains elsewhere: their nodes are not shared."""
    narrow, wide = Subject("k", "k", ("a", "b")), Subject("k", "k")
    assert (("k is b",), ("k is not a",)) == tuple(worlds(holds(subject, "a"))[-1].when for subject in (narrow, wide))


@pytest.mark.parametrize("order", [1, -1])
def test_a_parity_made_of_and_or_and_not_stays_small(order):
    """60 questions, in either order: without shared nodes this passes the bound of steps."""
    parity: Choice[bool] = False
    for number in range(60)[::order]:
        fact = holds(boolean(f"k{number:02}", f"k{number:02}"), "true")
        parity = either(both(parity, negate(fact)), both(negate(parity), fact))
    assert {False, True} == set(leaves(parity))


def test_bounds_are_named():
    """A diagram that is too deep is refused with the bound in the message."""
    every: Choice[bool] = True
    with pytest.raises(TooManyWorldsError, match="250"):
        for number in range(300):
            every = both(holds(boolean(f"k{number:04}", "k"), "true"), every)
