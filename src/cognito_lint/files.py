"""Reading files of the scanned repository, and nothing else: the only room that touches the disk for input.

Paths are strings as reports show them: relative to the working directory, with `/`. A path that leads out of the
repository (by `..`, by a symbolic link) is refused, and so is a file past MAX_FILE_SIZE.
"""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from cognito_lint.model import Span
from cognito_lint.source import InputError

MAX_FILE_SIZE = 32 * 1024 * 1024
SKIPPED_DIRECTORIES = frozenset({".git", "node_modules", ".terraform", ".venv", ".aws-sam", "__pycache__"})
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class UnreadableError(InputError):
    """A file cannot be read.

    `foreign` marks what is no input of the repository: a link that leads out of it or nowhere, a pipe, a socket.
    """

    def __init__(self, span: Span, message: str, *, foreign: bool = False) -> None:
        super().__init__(span, message)
        self.foreign = foreign


class Repository:
    """The files that may be read: those below the repositories of the scanned paths.

    `held` are files whose bytes were handed over (standard input under its `--stdin-filename`); `explicit` are files
    outside that the user named for input (`--var-file`, `--parameters`).
    """

    def __init__(
        self,
        working_directory: Path,
        paths: Iterable[str] = (),
        *,
        held: Mapping[str, bytes] | None = None,
        explicit: Iterable[str] = (),
    ) -> None:
        self._start = (working_directory, tuple(paths), dict(held or {}), tuple(explicit))
        self._working_directory = os.path.abspath(working_directory)
        self._paths: dict[str | os.PathLike[str], str] = {}
        self._held = dict(held or {})
        self._cache: dict[str, bytes | UnreadableError] = {}
        self._shown: dict[str | os.PathLike[str], str] = {}
        self._entries: dict[str, tuple[str, ...]] = {}
        self._unlisted: dict[str, str] = {}
        self._within: dict[str, bool] = {}
        self._files: dict[str, bool] = {}
        self._real_directories = {self._working_directory: os.path.realpath(self._working_directory)}
        self._canonical: dict[str, str] = {}
        self.unreadable: dict[str, UnreadableError] = {}
        self.boundaries = tuple(sorted({self._boundary(path) for path in (*self._start[1], ".")}))
        self._tops = tuple(os.path.join(boundary, "") for boundary in self.boundaries)
        self._explicit = {os.path.realpath(self._absolute(path)) for path in self._start[3]}

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process is given: the same repository, none of its files read yet."""
        directory, paths, held, explicit = self._start
        return partial(Repository, held=held, explicit=explicit), (directory, paths)

    def shown(self, path: str | os.PathLike[str]) -> str:
        """`path` as reports show it. A relative path is taken from the working directory."""
        known = self._shown.get(path)
        if known is None:
            known = self._shown[path] = _seen_from(self._working_directory, self._absolute(path))
        return known

    def join(self, directory: str, relative: str) -> str:
        """`relative` as seen from `directory`, normalised."""
        return self.shown(os.path.join(directory, relative))

    def relative(self, path: str, directory: str) -> str:
        """`path` as seen from `directory`, both as shown."""
        return _seen_from(self._absolute(directory), self._absolute(path))

    def boundary_of(self, path: str) -> str:
        """The top of the repository that holds `path`, as shown."""
        return self.shown(self._boundary(path))

    def canonical(self, path: str) -> str:
        """The path with every symbolic link resolved, as shown: two names of one place become equal. A slash at the
        end stays."""
        if path not in self._canonical:
            real = _seen_from(self._real(self._working_directory), self._real(self._absolute(path)))
            self._canonical[path] = real + "/" * path.endswith("/")
        return self._canonical[path]

    def within(self, path: str) -> bool:
        """Whether `path` stays inside the scanned repositories, symbolic links followed."""
        known = self._within.get(path)
        if known is None:
            real = self._real(self._absolute(path))
            known = self._within[path] = f"{real}{os.sep}".startswith(self._tops) or real in self._explicit
        return known

    def _real(self, absolute: str) -> str:
        """The path with every symbolic link resolved."""
        directory, name = os.path.split(absolute)
        return _followed(os.path.join(self._real_directory(directory), name))

    def _real_directory(self, directory: str) -> str:
        """A directory with every symbolic link resolved: each above it once for all that is below."""
        inside: list[tuple[str, str]] = []
        while directory not in self._real_directories:
            above, name = os.path.split(directory)
            if not name:  # the root
                self._real_directories[directory] = directory
                break
            inside.append((directory, name))
            directory = above
        real = self._real_directories[directory]
        for place, name in reversed(inside):
            real = self._real_directories[place] = _followed(os.path.join(real, name))
        return real

    def _absolute(self, path: str | os.PathLike[str]) -> str:
        known = self._paths.get(path)
        if known is None:
            known = self._paths[path] = os.path.normpath(os.path.join(self._working_directory, path))
        return known

    def _boundary(self, path: str) -> Path:
        """git's top level above `path`; without git the working directory, or `path` where that is elsewhere."""
        start = Path(os.path.realpath(self._absolute(path)))
        if not os.path.isdir(start):
            start = start.parent
        for directory in (start, *start.parents):
            if os.path.exists(directory / ".git"):
                return directory
        here = Path(os.path.realpath(self._working_directory))
        return here if start.is_relative_to(here) else start

    def is_file(self, path: str) -> bool:
        """Whether there is such a file inside the repository."""
        known = self._files.get(path)
        if known is None:
            was_read = isinstance(self._cache.get(path), bytes)
            known = was_read or path in self._held or (self.within(path) and os.path.isfile(self._absolute(path)))
            self._files[path] = known
        return known

    def present(self, path: str) -> bool:
        """Whether anything is there under this path, be it readable or not."""
        return path in self._held or os.path.lexists(self._absolute(path))

    def link(self, path: str) -> bytes | None:
        """Where a symbolic link leads, as it is written; None for what is no link."""
        try:
            return os.fsencode(os.readlink(self._absolute(path)))
        except (OSError, ValueError):
            return None

    def is_directory(self, path: str) -> bool:
        """Whether there is such a directory inside the repository."""
        return self.within(path) and os.path.isdir(self._absolute(path))

    def entries(self, directory: str) -> tuple[str, ...]:
        """The names in a directory, sorted; empty where there is none or it may not be read."""
        if directory not in self._entries:
            self._entries[directory] = self._list(directory)
        return self._entries[directory]

    def unlisted(self, directory: str) -> str | None:
        """Why the names in a directory cannot be had; None where they can, and where there is no such directory."""
        self.entries(directory)
        return self._unlisted.get(directory)

    def _list(self, directory: str) -> tuple[str, ...]:
        names: set[str] = set()
        try:
            if self.within(directory):
                names.update(os.listdir(self._absolute(directory)))
        except ValueError:  # no directory can have such a name
            pass
        except OSError as error:
            if self.is_directory(directory):
                self._unlisted[directory] = _not_listed(error)
        names.update(
            PurePosixPath(path).name for path in self._held if self.join(directory, PurePosixPath(path).name) == path
        )
        return tuple(sorted(names))

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises UnreadableError."""
        if path not in self._cache:
            try:
                self._cache[path] = self._read(path)
            except UnreadableError as error:
                self._cache[path] = error
        answer = self._cache[path]
        if isinstance(answer, UnreadableError):
            raise answer
        return answer

    def text(self, path: str, *, tolerant: bool = False) -> str:
        """The text of a file: UTF-8, or UTF-16 with a byte order mark, which is left out. `tolerant` is for who shows
        or searches what a reader took. Raises UnreadableError."""
        return decode(self.read(path), path, tolerant=tolerant)

    def rough_text(self, path: str) -> str | None:
        """`text`, or what its bytes would say if they were some; None where they cannot be had."""
        try:
            data = self.read(path)
        except UnreadableError:
            return None
        try:
            return decode(data, path)
        except UnreadableError:
            return data.replace(b"\0", b"").decode("latin-1")

    def _read(self, path: str) -> bytes:
        if path in self._held:
            return self._held[path]
        absolute = self._absolute(path)
        try:
            if not self.within(path):
                message = "the path leads out of the scanned repository; it is not read"
                raise UnreadableError(Span(path), message, foreign=True)
            status = os.stat(absolute)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError(Span(path), "it is not a regular file", foreign=True)
            if status.st_size > MAX_FILE_SIZE:
                bound = MAX_FILE_SIZE // (1024 * 1024)
                raise UnreadableError(Span(path), f"the file is larger than the bound of {bound} MiB")
            return _bytes_of(absolute)
        except OSError as error:
            reason = _reason(error)
            dangling = os.path.islink(absolute) and not os.path.exists(absolute)
            if dangling:
                reason = "the symbolic link leads nowhere"
            raise UnreadableError(Span(path), f"the file cannot be read: {reason}", foreign=dangling) from error
        except ValueError as error:  # a null byte in the path
            raise UnreadableError(Span(path), f"the file cannot be read: {error}") from error

    def mentions(self, path: str, needles: Iterable[bytes]) -> bool:
        """Whether the bytes of a file hold one of the needles, in UTF-8 or UTF-16.

        The cheap test before any parser. A file that cannot be read mentions nothing and is kept in `unreadable`; one
        past the bound of size is searched all the same, so that only those that matter are complained about.
        """
        try:
            data = self.read(path)
        except UnreadableError as error:
            large = self._large(path)
            if large is None:
                self.unreadable[path] = error
                return False
            data = large
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            data = data.replace(b"\0", b"")
        found = any(needle in data for needle in needles)
        if not found:
            self._cache.pop(path, None)  # most files of a repository: don't hold them
        return found

    def size(self, path: str) -> int:
        """How many bytes a file holds; 0 where none can be read."""
        try:
            return os.path.getsize(self._absolute(path)) if self.is_file(path) and path not in self._held else 0
        except OSError:
            return 0

    def _large(self, path: str) -> bytes | None:
        """The bytes of a file past the bound of size; None for any other, and where they cannot be had."""
        absolute = self._absolute(path)
        try:
            is_large = self.within(path) and os.path.isfile(absolute) and os.path.getsize(absolute) > MAX_FILE_SIZE
            return _bytes_of(absolute) if is_large else None
        except OSError:
            return None

    def walk(
        self,
        directory: str,
        passed_over: Callable[[str, str], None] | None = None,
        unlisted: Callable[[str, str], None] | None = None,
    ) -> Iterator[str]:
        """Every file below `directory`, sorted within each directory; SKIPPED_DIRECTORIES are left out.

        So are Python's virtual environments below it, whatever their name: their packages bring thousands of JSON and
        YAML files that nobody deploys. Linked directories are not entered: what they hold is reached by its own path,
        or lies outside. `passed_over` is told of each directory that is not entered, `unlisted` of each that cannot be
        listed, and why.
        """
        start = self._absolute(directory)

        def tell(error: OSError) -> None:
            if unlisted:
                unlisted(self.shown(error.filename), _not_listed(error))

        for top, directories, names in os.walk(start, onerror=tell):
            if "pyvenv.cfg" in names and top != start:
                directories.clear()
                if passed_over:
                    passed_over(f"{self.shown(top)}/", "not entered: a virtual environment of Python")
                continue
            shown = self.shown(top)
            above = "" if shown == "." else f"{shown}/"
            if passed_over:
                for name in directories:
                    if reason := _not_entered(top, name):
                        passed_over(f"{above}{name}/", reason)
            directories[:] = sorted(set(directories) - SKIPPED_DIRECTORIES)
            for name in sorted(names):
                yield above + name


def _followed(path: str) -> str:
    """The path, or where it leads if it is a symbolic link; no directory above it is one."""
    try:
        link = stat.S_ISLNK(os.lstat(path).st_mode)
    except (OSError, ValueError):  # a null byte, half a surrogate pair: nothing is there
        link = False
    return os.path.realpath(path) if link else path


def _seen_from(directory: str, path: str) -> str:
    """`path` as seen from `directory`, both absolute and normalised."""
    inside = directory + os.sep  # of a root none begins so: they are left to relpath
    relative = path[len(inside) :] if path.startswith(inside) else os.path.relpath(path, directory)
    return relative.replace(os.sep, "/")


def _bytes_of(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


def decode(data: bytes, path: str, *, tolerant: bool = False) -> str:
    """The text of `data`: UTF-8, or UTF-16 with a byte order mark, which is left out.

    Raises UnreadableError with the position of the first byte that is not text, unless `tolerant` puts U+FFFD there.
    """
    encoding = "utf-8"
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    try:
        return data.decode(encoding, errors="replace" if tolerant else "strict")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        message = f"the file is not {encoding.upper()} text (byte {error.start + 1:,})"
        raise UnreadableError(Span(path, line, column, line, column + 1), message) from error


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _not_listed(error: OSError) -> str:
    return f"the directory cannot be read: {_reason(error)}"


def _not_entered(above: str, name: str) -> str | None:
    if name in SKIPPED_DIRECTORIES:
        return "not entered: tools write what is there"
    if os.path.islink(os.path.join(above, name)):
        return "not entered: a symbolic link; name it to check what it leads to"
    return None
