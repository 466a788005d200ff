"""Units are evaluated one after the other or in several processes: the answers are the same, and none is missing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextvars import ContextVar
from multiprocessing import parent_process
from pathlib import Path

import pytest

import cognito_lint
from cognito_lint import pipeline, processes
from cognito_lint.discover import discover
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs, Variable
from cognito_lint.report import formats
from cognito_lint.report.destinations import FORMATS
from cognito_lint.work import ALONE, Progress, Work

ROOT = Path(__file__).resolve().parents[1]


def place(item):
    """Whether it was evaluated in another process."""
    return item, parent_process() is not None


def treacherous(item):
    if item == "raises":
        raise KeyError(item)
    if parent_process() is not None:
        if item == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if item == "exits":
            os._exit(7)
        if item == "cannot be sent":
            return lambda: None
    return item.upper()


def unwilling(item):
    return item.upper()


class Unloadable:
    """What another process cannot be given: it ends before it is ready."""

    def __call__(self, item):
        return item.upper()

    def __reduce__(self):
        return os._exit, (3,)


def failed(item, reason):
    return f"{item}: {reason}"


in_room = ContextVar("in_room", default=False)


def room(run):
    token = in_room.set(True)
    try:
        run()
    finally:
        in_room.reset(token)


def surrounded(item):
    return in_room.get()


def surrounded_here(item):
    if parent_process() is not None:
        raise KeyError(item)
    return in_room.get()


def each(evaluate, items, work):
    return work.each(evaluate, items, shown=str, failed=failed, room=room)


@pytest.fixture(params=["fork", "spawn"])
def method(request):
    """A copy of this process where that is safe, a new one elsewhere."""
    if request.param == "fork" and ALONE.method != "fork":
        pytest.skip("no forks here")
    return request.param


@pytest.mark.parametrize("jobs", [1, 2, 9])
def test_answers_come_in_the_order_of_the_items(jobs, method):
    """However many processes there are, and though they are done at different times."""
    items = [str(number) for number in range(100)]
    answers = each(place, items, Work(jobs, patience=0, method=method))
    assert items == [item for item, _ in answers]
    assert (jobs > 1) == any(elsewhere for _, elsewhere in answers)


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_item_is_evaluated_in_the_room(jobs, method):
    """Deep expressions need a deep stack in whichever process they are evaluated."""
    assert [True] * 5 == each(surrounded, list("abcde"), Work(jobs, patience=0, method=method))
    assert [True] * 5 == each(surrounded_here, list("abcde"), Work(jobs, patience=0, method=method))


def test_a_little_work_stays_in_this_process():
    """A process takes longer to start than a few templates to evaluate."""
    assert [("a", False), ("b", False)] == each(place, ["a", "b"], Work(8))


def test_an_item_that_fails_is_answered_for_and_the_others_are_evaluated(method):
    """A mistake of ours in one unit is said with its place, in as many processes as may be."""
    for work in (ALONE, Work(2, patience=0, method=method)):
        answers = each(treacherous, ["a", "b", "raises", "c"], work)
        assert ["A", "B", "C"] == [*answers[:2], answers[3]]
        assert answers[2].startswith("raises: cognito-lint failed on it (KeyError: 'raises' at test_work.py:")


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("dies", "was ended by SIGKILL: was there enough memory?"),
        ("exits", "ended with exit code 7"),
    ],
)
def test_a_process_that_dies_takes_one_item_with_it(item, reason, method):
    """The item that it died on is answered for; the rest of what it was given is evaluated by another."""
    items = [*"abcdefghijklm", item, *"nopqrstuvwxyz"]
    answers = each(treacherous, items, Work(2, patience=0, method=method))
    assert f"{item}: the process that evaluated it {reason}" == answers.pop(13)
    assert list("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == answers


def test_every_item_may_kill_its_process(method):
    """The end comes all the same, with a reason for each."""
    answers = each(treacherous, ["a", *["exits"] * 5], Work(2, patience=0, method=method))
    assert ["A", *["exits: the process that evaluated it ended with exit code 7"] * 5] == answers


def test_an_answer_that_cannot_be_sent_is_found_here(method):
    """Too deep for a pickle, for one."""
    assert ["A", "B", "CANNOT BE SENT", "C"] == each(
        treacherous, ["a", "b", "cannot be sent", "c"], Work(2, patience=0, method=method)
    )


def test_where_no_process_can_be_started_this_one_does_the_work(monkeypatch, method):
    """No item is lost to a machine that refuses, nor to a process that ends before it is ready."""
    assert ["A", "B", "C"] == each(Unloadable(), ["a", "b", "c"], Work(2, patience=0, method=method))

    def refuse(method):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(processes, "get_context", refuse)
    assert ["A", "B", "C"] == each(unwilling, ["a", "b", "c"], Work(2, patience=0, method=method))


@pytest.mark.parametrize("jobs", [1, 2])
def test_whoever_watches_hears_of_every_item(jobs, method):
    """What is evaluated, and how many of how many are behind."""
    heard = []
    each(unwilling, list("abcdef"), Work(jobs, heard.append, patience=0, method=method))
    assert {Progress("evaluating", item).subject for item in "abcdef"} == {progress.subject for progress in heard}
    assert sorted(progress.done for progress in heard) == [progress.done for progress in heard]
    assert {6} == {progress.total for progress in heard}
    assert 5 == heard[-1].done


def reports(directory, jobs, inputs, method):
    repository = Repository(directory, ["."])
    inventory = discover(["."], repository)
    units = pipeline.units(inventory, repository, inputs, Work(jobs, patience=0, method=method))
    report = pipeline.judge(units, repository, pipeline.Selection())
    return [formats.render(name, report, lambda path: None, formats.Options()) for name in FORMATS]


@pytest.mark.parametrize("directory", ["tests/fixtures/projects", "tests/fixtures/cloudformation", "examples"])
def test_reports_have_the_same_bytes_with_more_processes(directory, method):
    """Templates and their callers, roots and their modules, plans: with inputs of the user's."""
    inputs = Inputs(parameters={"Mode": "ENFORCED"}, variables=(Variable("mode", "AUDIT"),), strict=True)
    assert reports(ROOT / directory, 1, inputs, method) == reports(ROOT / directory, 2, inputs, method)


SLOW = """
import os, signal, sys, time
from cognito_lint.work import Work



def slow(item):
    os.write(1, b"%d\\n" % os.getpid())  # at once: another process writes, too
    time.sleep(float(sys.argv[2]))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background starts with it ignored
    try:
        work = Work(2, patience=0, method=sys.argv[1])
        work.each(slow, ["a", "b", "c"], shown=str, failed=lambda item, reason: reason)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def started(tmp_path, method, seconds):
    """A process that spreads slow items, and the numbers of the two processes that evaluate them."""
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    process = subprocess.Popen(
        [sys.executable, script, method, str(seconds)],
        env=os.environ | {"PYTHONPATH": str(Path(cognito_lint.__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    return process, {int(process.stdout.readline()) for _ in range(2)}


def still_running(workers):
    """Those that are left after a while; one that nobody has buried yet runs no more."""

    def runs(worker):
        try:
            return ") Z " not in Path(f"/proc/{worker}/stat").read_text()
        except OSError:
            return False

    deadline = time.monotonic() + 30
    while any(map(runs, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return [worker for worker in workers if runs(worker)]


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_an_interrupt_ends_every_process(tmp_path, method):
    """Ctrl-C reaches all processes of a terminal: no traceback of any of them, none left running."""
    process, workers = started(tmp_path, method, 60)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (130, b"") == (process.returncode, err)
    assert [] == still_running(workers)


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_first_one(tmp_path, method, end):
    """Whoever stops the command by its number alone leaves nothing behind that waits for it for ever."""
    process, workers = started(tmp_path, method, 0.5)
    process.send_signal(end)
    process.communicate(timeout=30)
    assert [] == still_running(workers)


def test_a_package_that_is_not_installed_is_no_failure_of_one_item():
    """It is lacking for all of them; inside Checkov another way is taken then."""

    def lacking(item):
        raise ModuleNotFoundError("No module named 'tree_sitter'", name="tree_sitter")

    with pytest.raises(ModuleNotFoundError):
        Work().each(lacking, ["a"], shown=str, failed=lambda item, reason: reason)
