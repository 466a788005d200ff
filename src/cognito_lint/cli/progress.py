"""What a terminal shows while a scan takes long: one line on stderr, erased before anything else is written."""

from __future__ import annotations

import os
import threading
from types import TracebackType

from cognito_lint.cli.shell import Shell
from cognito_lint.report.plain import columns, visible
from cognito_lint.work import Progress

_PATIENCE = 1.0  # seconds before the line appears
_PACE = 0.1
_WIDTH = 80


class Display:
    """Shows the latest progress while the `with` block runs, if stderr is a terminal that can erase it again.

    A thread of its own draws, so that one long unit is shown too; `watch` only remembers.
    """

    def __init__(self, shell: Shell, *, quiet: bool) -> None:
        self._shell = shell
        self._shown = not quiet and _is_patient_terminal(shell)
        self._latest: Progress | None = None
        self._drawn = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._draw_on, daemon=True)

    def watch(self, progress: Progress) -> None:
        """Take note of what is being done."""
        self._latest = progress

    def __enter__(self) -> Display:
        if self._shown:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._replace("")

    def _draw_on(self) -> None:
        last = None
        wait = _PATIENCE
        while not self._over.wait(wait):
            wait = _PACE
            if self._latest is not None and self._latest != last:
                last = self._latest
                self._replace(line(last, _width(self._shell), plain=not _is_unicode(self._shell)))

    def _replace(self, text: str) -> None:
        """Draw over what was drawn. Blanks erase on every terminal, escape sequences only on most."""
        if self._drawn or text:
            blanks = " " * (self._drawn - columns(text))
            self._shell.log(f"\r{text}{blanks}" + ("" if text else "\r"))
        self._drawn = columns(text)


def line(progress: Progress, width: int, *, plain: bool = False) -> str:
    """One line that fits `width` columns: what is done, how far it is, and the end of the path. ASCII if `plain`."""
    text = progress.doing
    if progress.total:
        text += f" {progress.done + 1:,} of {progress.total:,}"
    subject = visible(progress.subject)
    if plain:
        subject = subject.encode("ascii", "backslashreplace").decode("ascii")
    room = width - 1 - columns(text) - 2  # a full last column would wrap on some terminals
    ellipsis = "..." if plain else "…"
    if subject and columns(subject) > room:
        while subject and columns(subject) > room - columns(ellipsis):
            subject = subject[1:]
        subject = ellipsis + subject if subject else ""
    if subject:
        text += f": {subject}"
    return text[: max(0, width - 1)]


def _is_patient_terminal(shell: Shell) -> bool:
    """Whether somebody looks at stderr who sees a line replaced: no log of a CI server, which keeps every one."""
    if shell.environment.get("TERM") == "dumb" or shell.environment.get("CI", "").lower() not in ("", "0", "false"):
        return False
    return shell.stderr.isatty()


def _width(shell: Shell) -> int:
    said = shell.environment.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(shell.stderr.fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def _is_unicode(shell: Shell) -> bool:
    """What the terminal shows, by its locale. The streams themselves are UTF-8."""
    locale = next(filter(None, map(shell.environment.get, ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    return "utf" in locale.lower()
