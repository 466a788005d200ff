"""Items spread over processes. A process that dies is noticed, and so is which item it died on."""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Generic, Literal, TypeAlias, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Method: TypeAlias = Literal["fork", "spawn"]
Room: TypeAlias = Callable[[Callable[[], None]], None]

_BATCH = 8
_READY = b"ready"
_FAILED = b"failed"  # no pickle


@dataclass(frozen=True, slots=True)
class Task(Generic[Item, Answer]):
    """What every process is given at its start. `room` runs what is handed to it, in which all is evaluated there;
    `method` is how a process is started."""

    evaluate: Callable[[Item], Answer]
    items: Sequence[Item]
    room: Room
    method: Method


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    given: deque[int] = field(default_factory=deque)
    ready: bool = False


def spread(
    task: Task[Item, Answer],
    jobs: int,
    here: Callable[[Item], Answer],
    failed: Callable[[Item, str], Answer],
    watch: Callable[[Item, int], None],
) -> list[Answer]:
    """The answers to the task's items, in their order.

    `here` answers in this process what the others cannot: an item that raised there, or everything where no process
    can be started. An item whose process died is answered by `failed` alone: it would end this one too.
    """
    return _Crew(task, jobs, here, failed, watch).answers()


class _Crew(Generic[Item, Answer]):
    def __init__(
        self,
        task: Task[Item, Answer],
        jobs: int,
        here: Callable[[Item], Answer],
        failed: Callable[[Item, str], Answer],
        watch: Callable[[Item, int], None],
    ) -> None:
        self._task = task
        self._jobs = min(jobs, len(task.items))
        self._here = here
        self._failed = failed
        self._watch = watch
        self._waiting = deque(range(len(task.items)))
        self._workers: list[_Worker] = []
        self._found: dict[int, Answer] = {}

    def answers(self) -> list[Answer]:
        try:
            while self._waiting or any(worker.given for worker in self._workers):
                while self._waiting and len(self._workers) < self._jobs and self._start():
                    pass
                if not self._workers:  # none can be started
                    index = self._waiting.popleft()
                    self._settle(index, self._here(self._task.items[index]))
                    continue
                for worker in self._heard():
                    self._listen(worker)
                for worker in self._workers:
                    self._feed(worker)
        finally:
            self._dismiss()
        return [self._found[index] for index in range(len(self._task.items))]

    def _start(self) -> bool:
        """Start one more process. Where that fails, there are as many as there will be."""
        try:
            context = get_context("fork") if self._task.method == "fork" else get_context("spawn")
            ours, theirs = context.Pipe()
            directory = Path.cwd()
            # a copy of this process has its ends of the pipes, too: it would never hear that this one is gone
            inherited = [ours, *(worker.pipe for worker in self._workers)] if self._task.method == "fork" else []
            given = (theirs, self._task, gc.get_threshold(), directory, inherited)
            process = context.Process(target=_serve, args=given, daemon=True)
            with _interrupts_held(), _away_from(directory):
                process.start()
                self._workers.append(_Worker(process, ours))
            theirs.close()
        except OSError:
            self._jobs = len(self._workers)
            return False
        return True

    def _heard(self) -> list[_Worker]:
        spoke = wait([worker.pipe for worker in self._workers])
        return [worker for worker in self._workers if worker.pipe in spoke]

    def _listen(self, worker: _Worker) -> None:
        try:
            message = worker.pipe.recv_bytes()
        except (EOFError, OSError):  # closed, or cut off in the middle of an answer
            self._bury(worker)
            return
        if message == _READY:
            worker.ready = True
            return
        index = worker.given.popleft()
        try:
            answer = pickle.loads(message)  # noqa: S301 - from a process of our own
        except Exception:  # noqa: BLE001 - it raised there, or its answer is too deep to be sent
            self._settle(index, self._here(self._task.items[index]))
        else:
            self._settle(index, answer)

    def _feed(self, worker: _Worker) -> None:
        if worker.ready and self._waiting and len(worker.given) <= _BATCH // 2:
            # fewer at the end, so that no process has all that is left
            size = max(1, min(_BATCH, len(self._waiting) // (2 * self._jobs)))
            more = [self._waiting.popleft() for _ in range(min(size, len(self._waiting)))]
            worker.given.extend(more)
            with suppress(OSError):  # it has died: its pipe will say so
                worker.pipe.send(more)

    def _bury(self, worker: _Worker) -> None:
        """A process has ended: what it was working on is answered for, the rest of its items goes to the others."""
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join()
        if worker.given:
            index = worker.given.popleft()
            self._settle(index, self._failed(self._task.items[index], _how_it_ended(worker.process.exitcode)))
        if not worker.ready:
            self._jobs = len(self._workers)  # it did not even start: another one would not either
        self._waiting.extendleft(reversed(worker.given))
        worker.given.clear()

    def _settle(self, index: int, answer: Answer) -> None:
        self._watch(self._task.items[index], len(self._found))
        self._found[index] = answer

    def _dismiss(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()


def _how_it_ended(code: int | None) -> str:
    end = f"ended with exit code {code}"
    if code is not None and code < 0:
        with suppress(ValueError):
            end = f"was ended by {signal.Signals(-code).name}"
    hint = ": was there enough memory?" if code == -9 else ""
    return f"the process that evaluated it {end}{hint}"


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal. Those started here inherit that it is held: this one alone is
    interrupted, as soon as it is ready to end them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _away_from(directory: Path) -> Iterator[None]:
    """Python looks for modules in the directory that it is started in, before its own: not in one that is scanned,
    where a multiprocessing.py may lie. What is started here returns to it when it has imported what it needs."""
    os.chdir(os.path.dirname(os.__file__))
    try:
        yield
    finally:
        os.chdir(directory)


def _serve(
    pipe: Connection,
    task: Task[Item, Answer],
    collections: tuple[int, int, int],
    directory: Path,
    inherited: list[Connection],
) -> None:
    """The life of a process: answer what is asked until nobody asks any more. Garbage is looked for as often as in the
    process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for end in inherited:
        end.close()
    gc.set_threshold(*collections)

    def serve() -> None:
        with suppress(EOFError, OSError):
            os.chdir(directory)
            pipe.send_bytes(_READY)
            while True:
                for index in pipe.recv():
                    pipe.send_bytes(_answer(task, index))

    task.room(serve)


def _answer(task: Task[Item, Answer], index: int) -> bytes:
    try:
        return pickle.dumps(task.evaluate(task.items[index]), pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - the first process meets it again, and says what it is
        return _FAILED
