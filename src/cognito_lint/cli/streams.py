"""The standard streams of the process: there even if they were closed, in UTF-8, and no pipe's end is an error."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import BinaryIO, TextIO


def open_all() -> tuple[BinaryIO, TextIO, TextIO]:
    """stdin, stdout and stderr. Of those that the caller closed (`>&-`), the outputs lead nowhere and stdin cannot be
    read."""
    # in this order each takes its own number again, and no input file can come to stand for stdout
    stdin = sys.stdin.buffer if sys.stdin else _closed()
    sys.stdout, sys.stderr = (_outlet(stream) for stream in (sys.stdout, sys.stderr))
    return stdin, sys.stdout, sys.stderr


def close_all(*outlets: TextIO) -> None:
    """Write out what is left. What cannot be written is given up: Python would end with an error of its own."""
    for stream in outlets:
        try:
            stream.flush()
        except OSError:
            abandon(stream)


def abandon(stream: TextIO) -> None:
    """Let a stream that cannot be written lead nowhere, so that Python does not fail on what is left of it either."""
    with suppress(OSError, ValueError):  # a stream in memory has no number
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        stream.flush()


def _outlet(stream: TextIO | None) -> TextIO:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def _closed() -> BinaryIO:
    """A stdin that raises OSError when it is read."""
    return open(os.open(os.devnull, os.O_WRONLY), "wb")  # noqa: PTH123
