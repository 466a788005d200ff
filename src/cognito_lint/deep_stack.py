"""Room for deep recursion: expressions nest, modules nest, and each level takes several of Python's frames."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_STACK = 256 * 1024 * 1024
_FRAMES = 40_000
_here = threading.local()


def with_deep_stack(function: Callable[[], T]) -> T:
    """What `function` returns or raises, run in a thread with a stack that its own bounds cannot exhaust: in this one
    if it is such a thread itself."""
    if getattr(_here, "is_deep", False):
        return function()
    answers: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        _here.is_deep = True
        try:
            answers.append(function())
        except BaseException as error:  # noqa: BLE001 - handed on to the caller below
            errors.append(error)

    limit, size = sys.getrecursionlimit(), threading.stack_size(_STACK)
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        # a daemon: after Ctrl-C nobody waits for what it evaluates
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
    except RuntimeError:  # so much memory is not to be had: what needs it will pass Python's own bound
        sys.setrecursionlimit(limit)
        return function()
    else:
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(size)
    if errors:
        raise errors[0]
    return answers[0]
