"""Room for deep recursion, and what happens where there is none."""

from __future__ import annotations

import sys
import threading

import pytest

from cognito_lint.deep_stack import with_deep_stack


def depth(levels):
    return 0 if levels == 0 else 1 + depth(levels - 1)


def test_recursion_may_go_deeper_than_elsewhere():
    """Python's own bound is a thousand frames."""
    assert 20_000 == with_deep_stack(lambda: depth(20_000))


def test_what_is_raised_inside_is_raised_outside():
    """With Python's own bound back in its place."""
    before = sys.getrecursionlimit()
    with pytest.raises(KeyError, match="inside"):
        with_deep_stack(lambda: {}["inside"])
    assert before == sys.getrecursionlimit()


def test_without_the_memory_for_it_there_is_pythons_own_stack(monkeypatch):
    """Little is nested deeply: a container with little memory still gets its answers."""

    def refuse(self):
        raise RuntimeError("can't start new thread")

    before = sys.getrecursionlimit(), threading.stack_size()
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert 100 == with_deep_stack(lambda: depth(100))
    with pytest.raises(RecursionError):
        with_deep_stack(lambda: depth(20_000))
    assert before == (sys.getrecursionlimit(), threading.stack_size())
