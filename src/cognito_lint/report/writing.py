"""Writing reports to files: beside their target, then renamed, so that none is half-written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


class UnwritableError(Exception):
    """A target cannot be written; the message names it and says why."""


def write_files(directory: Path, texts: Iterable[tuple[str, str]]) -> None:
    """Write every text to its file, a path taken from `directory`; none if one cannot be. Raises UnwritableError."""
    staged: list[tuple[Path, Path]] = []
    file = ""
    try:
        for file, text in texts:
            _stage(Path(os.path.realpath(directory / file)), text, staged)
        for beside, target in staged:
            file = target.name
            beside.replace(target)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise UnwritableError(f"{file} cannot be written: {reason.lower()}") from error
    finally:
        for beside, _ in staged:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def _stage(target: Path, text: str, staged: list[tuple[Path, Path]]) -> None:
    """Write the text beside its target, with the target's permissions. A device or pipe is written right away."""
    data = text.encode("utf-8", "backslashreplace")
    mode = target.stat().st_mode if target.exists() else None
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(None, "it is a directory")
    if mode is not None and not stat.S_ISREG(mode):
        target.write_bytes(data)
        return
    beside = target.with_name(f".cognito-lint-{os.urandom(8).hex()}")
    staged.append((beside, target))  # before it is there: Ctrl-C leaves nothing behind, whenever it comes
    permissions = 0o666 if mode is None else mode & 0o777
    with open(beside, "xb", opener=lambda path, flags: os.open(path, flags, permissions)) as file:
        file.write(data)
    if mode is not None:
        beside.chmod(permissions)  # what the umask took
