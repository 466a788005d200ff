"""What `--changed-since` asks git: a commit's tree. No index, work tree, hook, filter or network is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable

from cognito_lint.changes import Recorded, Tree
from cognito_lint.cli.shell import Shell, UsageError
from cognito_lint.files import Repository

_SAFE = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never")
_SHALLOW = "fetch its history: git fetch --unshallow, or fetch-depth: 0 in actions/checkout"


def trees(revision: str, paths: Iterable[str], repository: Repository, shell: Shell) -> dict[str, Tree]:
    """The tree of the merge base with the revision, for each repository that holds one of the paths, by its top as
    shown. Raises UsageError where git cannot say."""
    if not revision or revision.startswith("-") or "\0" in revision:
        raise UsageError(f"--changed-since: {revision!r} names no commit")
    tops = {repository.canonical(repository.boundary_of(path)) for path in paths}
    return {top: _tree(revision, top, repository, shell) for top in sorted(tops)}


def _tree(revision: str, top: str, repository: Repository, shell: Shell) -> Tree:
    if not repository.present(repository.join(top, ".git")):
        raise UsageError(f"--changed-since: {top} is in no git repository")
    run = _Git(os.path.join(shell.directory, top), shell)
    commit = run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    shallow = run("rev-parse", "--is-shallow-repository").strip() == b"true"
    if not commit:
        advice = _SHALLOW if shallow else "git fetch brings a branch of a remote"
        raise UsageError(f"--changed-since: git knows no commit {revision} in {top}; {advice}")
    base = run("merge-base", "HEAD", commit).decode().strip()
    if not base:
        advice = _SHALLOW if shallow else "they have no common history"
        raise UsageError(f"--changed-since: HEAD and {revision} have no merge base in {top}; {advice}")
    listed = run("ls-tree", "-r", "-z", "--full-tree", base)
    if not listed and run.failed:
        raise UsageError(f"--changed-since: git cannot list the files of {base} in {top}; {_SHALLOW}")
    found: dict[str, Recorded] = {}
    for line in listed.split(b"\0")[:-1]:
        head, _, name = line.partition(b"\t")
        mode, _, identity = head.decode().split(" ")
        found[os.fsdecode(name)] = Recorded(mode, identity)
    return found


class _Git:
    """git in one directory, with an environment that nothing of a hook's or the user's leads elsewhere."""

    def __init__(self, directory: str, shell: Shell) -> None:
        environment = {name: text for name, text in shell.environment.items() if not name.startswith("GIT_")}
        program = shutil.which("git", path=environment.get("PATH", os.defpath))
        if program is None or not os.path.isabs(program):
            raise UsageError("--changed-since needs git, and there is none on PATH")
        self._command = (program, *_SAFE)
        self._directory = directory
        self._environment = environment | {
            "LC_ALL": "C",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_TERMINAL_PROMPT": "0",
        }
        self.failed = False

    def __call__(self, *arguments: str) -> bytes:
        """What git prints; nothing where it fails. Raises UsageError where git refuses the repository as such."""
        try:
            done = subprocess.run(  # noqa: S603 - git's own program, and no word of it is an option of the user's
                [*self._command, *arguments],
                cwd=self._directory,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except (OSError, ValueError) as error:
            raise UsageError(f"--changed-since: git cannot be run: {error}") from error
        self.failed = done.returncode != 0
        if done.returncode >= 128 and done.stderr.strip() and b"Needed a single revision" not in done.stderr:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()[0]
            raise UsageError(f"--changed-since: git says: {said.removeprefix('fatal: ')}")
        return b"" if self.failed else done.stdout
