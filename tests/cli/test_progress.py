"""A terminal sees what a long scan is doing; nothing of it stays, and nobody else sees it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import cognito_lint
from cognito_lint.cli import progress
from cognito_lint.cli.progress import Display, line
from cognito_lint.cli.shell import Shell
from cognito_lint.report.plain import columns
from cognito_lint.work import Progress

HALF = Progress("evaluating", "infra/prod/main", 1_199, 3_000)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def screen(written):
    """What a terminal shows in the end: a carriage return goes back to the line's start."""
    shown = []
    for row in written.split("\n"):
        cells = []
        for part in row.split("\r"):
            cells[: len(part)] = part
        shown.append("".join(cells).rstrip())
    return shown


@pytest.fixture
def show(tmp_path, monkeypatch):
    """Show progress on a stderr for long enough to be drawn, if it ever is. Returns what was written."""
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_PACE", 0.001)

    def run(*steps, stderr=None, environment=None, quiet=False, drawn=True):
        shell = Shell(io.BytesIO(), io.StringIO(), stderr or Terminal(), environment or {}, tmp_path)
        with Display(shell, quiet=quiet) as display:
            for step in steps:
                before = shell.stderr.getvalue()
                display.watch(step)
                deadline = time.monotonic() + (30 if drawn else 0.05)
                while shell.stderr.getvalue() == before and time.monotonic() < deadline:
                    time.sleep(0.001)
        return shell.stderr.getvalue()

    return run


def test_a_line_says_what_is_done_and_how_far_it_is():
    """The number is that of the unit at work; where nobody knows how many there are, none is shown."""
    assert "evaluating 1,200 of 3,000: infra/prod/main" == line(HALF, 80, plain=True)
    assert "looking for files" == line(Progress("looking for files"), 80)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (42, "evaluating 1,200 of 3,000: …fra/prod/main"),
        (32, "evaluating 1,200 of 3,000: …ain"),
        (28, "evaluating 1,200 of 3,000"),
        (12, "evaluating "),
        (1, ""),
    ],
)
def test_a_narrow_terminal_sees_the_end_of_the_path(width, shown):
    """The last column stays free: some terminals wrap there."""
    assert shown == line(HALF, width)


def test_wide_characters_take_two_columns():
    """A path in Chinese is shortened by columns, not by characters."""
    shown = line(Progress("reading", "設定/本番/テンプレート.yaml", 0, 9), 36)
    assert (True, True) == (columns(shown) <= 35, shown.endswith("プレート.yaml"))


def test_a_terminal_without_utf8_sees_ascii():
    """Escapes instead of garbage; what could steer the terminal is spelled out everywhere."""
    assert "reading 1 of 2: \\xfc.yaml" == line(Progress("reading", "ü.yaml", 0, 2), 80, plain=True)
    assert "reading 1 of 2: \\x1b[2J.yaml" == line(Progress("reading", "\x1b[2J.yaml", 0, 2), 80)


def test_nothing_stays_on_the_terminal(show):
    """Each line replaces the one before, and blanks the last."""
    written = show(HALF, Progress("asking the rules"), environment={"LANG": "C.UTF-8"})
    assert "evaluating 1,200 of 3,000: infra/prod/main" in written
    assert "asking the rules" in written
    assert [""] == screen(written)


@pytest.mark.parametrize(
    "settings",
    [
        {"quiet": True},
        {"stderr": io.StringIO()},
        {"environment": {"TERM": "dumb"}},
        {"environment": {"CI": "true"}},
    ],
    ids=["quiet", "no terminal", "a terminal that cannot erase", "the log of a CI server"],
)
def test_nobody_else_sees_it(show, settings):
    """Logs keep every line: they get none."""
    assert "" == show(HALF, drawn=False, **settings)


def test_a_short_scan_shows_nothing(tmp_path):
    """The line appears after a second."""
    shell = Shell(io.BytesIO(), io.StringIO(), Terminal(), {}, tmp_path)
    with Display(shell, quiet=False) as display:
        display.watch(HALF)
    assert "" == shell.stderr.getvalue()


# evaluates for as long as it takes until the line is drawn
SLOW = """
import threading
from cognito_lint.__main__ import run
from cognito_lint.cli import progress
from cognito_lint.cloudformation import nested

drawn = threading.Event()
line, evaluate = progress.line, nested.evaluate


def draw(step, width, **settings):
    if step.doing == "evaluating":
        drawn.set()
    return line(step, width, **settings)


def slowly(*arguments):
    drawn.wait(30)
    return evaluate(*arguments)


progress._PATIENCE, progress.line, nested.evaluate = 0.01, draw, slowly
run()
"""


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX's")
def test_on_a_real_terminal(tmp_path):
    """Drawn while a template is evaluated, erased before the report and the summary are written."""
    import pty

    (tmp_path / "t.yaml").write_text("Resources: {Pool: {Type: 'AWS::Cognito::UserPool'}}\n")
    ours, theirs = pty.openpty()
    variables = {key: value for key, value in os.environ.items() if key not in ("CI", "COLUMNS")}
    variables |= {"PYTHONPATH": str(Path(cognito_lint.__file__).parents[1]), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "check", "--format", "concise"],
        cwd=tmp_path,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    out, _ = process.communicate(timeout=60)
    os.close(theirs)
    written = b""
    try:
        while part := os.read(ours, 4096):
            written += part
    except OSError:  # all that was written has been read
        pass
    os.close(ours)
    shown = screen(written.decode().replace("\r\n", "\n"))
    assert "evaluating 1 of 1: t.yaml" in written.decode()
    assert (1, 1, b"t.yaml:1:13") == (process.returncode, out.count(b"\n"), out[:11])
    assert ["1 user pool in 1 file: 1 not enforced (1 file looked at in", ""] == [shown[0].rsplit(" ", 2)[0], shown[-1]]
