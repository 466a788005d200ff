"""The evaluation of many units: one after the other or in several processes, and watched while it goes on. The answers
are the same either way, and in the same order."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from cognito_lint.processes import Method, Room

Item = TypeVar("Item")
Answer = TypeVar("Answer")

# A copy of this process is there at once; elsewhere a fork is not safe, for the system's own libraries have threads,
# and a new process first imports what this one has. Fewer seconds than it takes to start some are not worth it.
_FORKS = sys.platform == "linux"
_METHOD: Method = "fork" if _FORKS else "spawn"
_PATIENCE = 0.04 if _FORKS else 1.0
_ESTIMATE = 4  # after this part of it somebody can tell how long the rest takes


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, to what, and how many of how many are behind; `total` is 0 where nobody knows."""

    doing: str
    subject: str = ""
    done: int = 0
    total: int = 0


Watch: TypeAlias = Callable[[Progress], None]


def anywhere(run: Callable[[], None]) -> None:
    """Run it where it is called."""
    run()


def unwatched(progress: Progress) -> None:
    """Nobody looks."""


@dataclass(frozen=True, slots=True)
class Work:
    """How units are evaluated: in how many processes at most, and who watches. `patience` is how many seconds
    must be left to spend for other processes to be started; `method` is how they are."""

    jobs: int = 1
    watch: Watch = unwatched
    patience: float = _PATIENCE
    method: Method = _METHOD

    def through(self, doing: str, items: Sequence[str]) -> Iterator[str]:
        """The items, one after the other, watched."""
        for done, item in enumerate(items):
            self.watch(Progress(doing, item, done, len(items)))
            yield item

    def each(
        self,
        evaluate: Callable[[Item], Answer],
        items: Iterable[Item],
        *,
        shown: Callable[[Item], str],
        failed: Callable[[Item, str], Answer],
        room: Room = anywhere,
    ) -> list[Answer]:
        """What `evaluate` answers for each item, in their order.

        Another process is given a copy of `evaluate`: by a fork, or by a pickle, which brings what it needs without its
        caches. In every process it is called inside `room`. An item that it fails on, or whose process dies, is
        answered by `failed` with the reason: no item is ever passed over.
        """
        work = tuple(items)
        answers: list[Answer] = []

        def here(item: Item) -> Answer:
            try:
                return evaluate(item)
            except ModuleNotFoundError:  # a parser that is not installed is lacking for every unit
                raise
            except Exception as error:  # noqa: BLE001 - one unit must not keep the others from being reported
                return failed(item, f"cognito-lint failed on it ({described(error)}); please report this")

        def alone() -> None:
            start = time.monotonic()
            for done, item in enumerate(work):
                if self._asks_others(time.monotonic() - start, done, len(work)):
                    return
                self._tell(shown(item), done, len(work))
                answers.append(here(item))

        room(alone)
        done = len(answers)
        if done == len(work):
            return answers
        from cognito_lint.processes import Task, spread

        def left_over(item: Item) -> Answer:
            room(lambda: answers.append(here(item)))
            return answers.pop()

        watch = lambda item, behind: self._tell(shown(item), done + behind, len(work))  # noqa: E731
        return answers + spread(Task(evaluate, work[done:], room, self.method), self.jobs, left_over, failed, watch)

    def _asks_others(self, elapsed: float, done: int, total: int) -> bool:
        """Whether so much time seems left that other processes are worth their start."""
        if self.jobs == 1 or total - done < 2 or elapsed < self.patience / _ESTIMATE:
            return False
        return (elapsed / done * (total - done) if done else 0.0) >= self.patience

    def _tell(self, subject: str, done: int, total: int) -> None:
        self.watch(Progress("evaluating", subject, done, total))


ALONE = Work()


def described(error: Exception) -> str:
    """An error that nobody foresaw in one line: what it is and where it was raised, for whoever reports it."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
