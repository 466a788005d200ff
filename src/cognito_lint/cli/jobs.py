"""`--jobs`: how many processes evaluate."""

from __future__ import annotations

import os

_MOST = 4  # unasked: each takes the memory of a process, and a container may have fewer processors than it sees


def jobs(asked: int | None) -> int:
    """The number of processes: what was asked for, else as many as there are processors for this one, at most four."""
    if asked is not None:
        return asked
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MOST)
