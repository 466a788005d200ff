"""Which units a change concerns (after judging): by the whole set of files that they read, against git's tree of then.

Contents are compared here, not by git: so no filter, hook or monitor of the repository's configuration is ever run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypeAlias

from cognito_lint.discover import TERRAFORM_SUFFIXES
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.model import Unit
from cognito_lint.report.report import Report

Tree: TypeAlias = Mapping[str, "Recorded"]
"""What a commit records, by the path from the repository's top."""

_LINK = "120000"  # the mode of a symbolic link


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry of a commit's tree: git's mode, and the hash of its content."""

    mode: str
    hash: str


class Changes:
    """What differs from the trees of some repositories, each given by its top as shown."""

    def __init__(self, trees: Mapping[str, Tree], repository: Repository) -> None:
        self._repository = repository
        self._trees = trees
        self._known: dict[str, bool] = {}
        self._directories: dict[str, dict[str, set[str]]] = {top: {} for top in trees}
        for top, tree in trees.items():
            for path in tree:
                parent, _, name = path.rpartition("/")
                self._directories[top].setdefault(parent, set()).add(name)

    def concern(self, unit: Unit) -> bool:
        """Whether the unit reads a file that changed, appeared or was deleted."""
        return any(self._directory(path) if path.endswith("/") else self.changed(path) for path in unit.files)

    def changed(self, path: str) -> bool:
        """Whether a file, or a link on the way to it, differs. What no commit can tell of counts as changed: a file of
        another repository or of a submodule. What `terraform init` installed does not: it follows from the calls."""
        if path not in self._known:
            self._known[path] = self._link_changed(path) or self._content_changed(self._repository.canonical(path))
        return self._known[path]

    def _directory(self, path: str) -> bool:
        directory = self._repository.canonical(path).rstrip("/") or "."
        names = set(self._repository.entries(directory))
        top, inside = self._place(directory)
        if top in self._trees:
            names |= self._directories[top].get("" if inside == "." else inside, set())
        return self._link_changed(path.rstrip("/")) or any(
            self.changed(self._repository.join(directory, name)) for name in names if name.endswith(TERRAFORM_SUFFIXES)
        )

    def _content_changed(self, path: str) -> bool:
        top, inside = self._place(path)
        tree = self._trees.get(top)
        present = self._repository.present(path)
        if ".terraform" in PurePosixPath(path).parts:
            return False
        if tree is None:
            return present
        recorded = tree.get(inside)
        if recorded is None:
            # a directory of then may have been a link or a submodule
            above = (tree.get(parent.as_posix()) for parent in PurePosixPath(inside).parents)
            return present or any(entry is not None for entry in above)
        try:
            data = self._repository.read(path)
        except UnreadableError:
            return True
        # git may write CRLF to the working directory where the commit has LF; both mean the same to every reader
        return recorded.hash not in (_blob(data, recorded.hash), _blob(data.replace(b"\r\n", b"\n"), recorded.hash))

    def _link_changed(self, path: str) -> bool:
        if self._repository.canonical(path) == path:
            return False
        for part in (*PurePosixPath(path).parents, PurePosixPath(path)):
            target = self._repository.link(part.as_posix())
            if target is None:
                continue
            top, inside = self._place_of_link(part)
            recorded = self._trees.get(top, {}).get(inside)
            if recorded is None or recorded.mode != _LINK or recorded.hash != _blob(target, recorded.hash):
                return True
        return False

    def _place(self, path: str) -> tuple[str, str]:
        top = self._repository.canonical(self._repository.boundary_of(path))
        return top, self._repository.relative(path, top)

    def _place_of_link(self, link: PurePosixPath) -> tuple[str, str]:
        parent = self._repository.canonical(link.parent.as_posix())
        return self._place_in(parent, link.name)

    def _place_in(self, directory: str, name: str) -> tuple[str, str]:
        top, inside = self._place(directory)
        return top, name if inside == "." else f"{inside}/{name}"


def only(report: Report, units: Iterable[Unit], concerned: Iterable[Unit]) -> Report:
    """The report of the concerned units alone; how many pools that leaves out is said in it."""
    kept = tuple(concerned)
    names = {unit.shown for unit in kept}
    others = {unit.shown for unit in units} - names
    problems = {problem for unit in kept for problem in unit.problems}
    pools = tuple(judged for judged in report.pools if judged.pool.unit not in others)
    return replace(
        report,
        pools=pools,
        findings=tuple(finding for finding in report.findings if finding.unit not in others),
        errors=tuple(error for error in report.errors if error in problems),
        left_out=len(report.pools) - len(pools),
    )


def _blob(data: bytes, like: str) -> str:
    """git's name for a content, by the hash that its repository uses."""
    import hashlib  # OpenSSL takes long to load: not for those who ask for no change

    algorithm = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return algorithm(b"blob %d\0" % len(data) + data).hexdigest()
