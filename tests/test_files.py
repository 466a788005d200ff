"""Only files of the scanned repository are read, and what can't be read is said in one clear line."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from cognito_lint import files
from cognito_lint.files import MAX_FILE_SIZE, Repository, UnreadableError, decode


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "repo/.git").mkdir(parents=True)
    (tmp_path / "repo/infra").mkdir()
    (tmp_path / "outside.txt").write_text("secret")
    return Repository(tmp_path / "repo/infra", ["."])


def test_boundary_is_gits_top_level(repository, tmp_path):
    """A file beside the working directory is read if git says it belongs to the same repository."""
    (tmp_path / "repo/shared.tf").write_text("x")
    assert repository.text("../shared.tf") == "x"
    assert repository.boundary_of(".") == ".."


def test_boundary_without_git_is_the_working_directory(tmp_path):
    """Without git nothing above the working directory is read."""
    (tmp_path / "here").mkdir()
    (tmp_path / "beside.txt").write_text("x")
    with pytest.raises(UnreadableError, match="leads out"):
        Repository(tmp_path / "here", ["."]).read("../beside.txt")


@pytest.mark.parametrize("link", [False, True])
def test_nothing_outside_is_read(repository, tmp_path, link):
    """Neither `..` nor a symbolic link leads out."""
    path = "../../outside.txt"
    if link:
        path = "link.txt"
        (tmp_path / "repo/infra/link.txt").symlink_to(tmp_path / "outside.txt")
    assert not repository.is_file(path)
    with pytest.raises(UnreadableError, match="leads out"):
        repository.read(path)


def test_explicit_files_are_read_wherever_they_lie(tmp_path):
    """`--var-file` and `--parameters` may name a file elsewhere."""
    (tmp_path / "repo").mkdir()
    (tmp_path / "prod.tfvars").write_text("a = 1")
    repository = Repository(tmp_path / "repo", ["."], explicit=["../prod.tfvars"])
    assert repository.read("../prod.tfvars") == b"a = 1"


def test_problems_are_sentences(repository, tmp_path):
    """A dangling link, a directory and an absent file each have their own words."""
    (tmp_path / "repo/infra/dangling").symlink_to("nowhere")
    (tmp_path / "repo/infra/folder").mkdir()
    for path, words in [("dangling", "leads nowhere"), ("folder", "not a regular file"), ("absent", "no such file")]:
        with pytest.raises(UnreadableError, match=words):
            repository.read(path)


def test_pipe_is_not_waited_for(repository, tmp_path):
    """A named pipe would block for ever: it is not a regular file."""
    os.mkfifo(tmp_path / "repo/infra/pipe.yaml")
    assert not repository.mentions("pipe.yaml", [b"x"])
    assert "regular" in repository.unreadable["pipe.yaml"].message


def test_large_file_is_refused_with_its_bound(repository, tmp_path):
    """Past the bound a file is searched for a pool, but not read."""
    with (tmp_path / "repo/infra/large.json").open("wb") as file:
        file.seek(MAX_FILE_SIZE)
        file.write(b"AWS::Cognito::UserPool")
    assert repository.mentions("large.json", [b"AWS::Cognito::UserPool"])
    assert not repository.mentions("large.json", [b"aws_cognito_user_pool"])
    with pytest.raises(UnreadableError, match="32 MiB"):
        repository.read("large.json")


def test_large_file_that_may_not_be_read_is_unreadable(repository, tmp_path, monkeypatch):
    """It mentions nothing, and is kept with the reason."""

    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", path)

    (tmp_path / "repo/infra/large.tf").write_bytes(b"x" * 30)
    monkeypatch.setattr(files, "MAX_FILE_SIZE", 20)
    monkeypatch.setattr(files, "_bytes_of", refuse)
    assert not repository.mentions("large.tf", (b"x",))
    assert ["large.tf"] == list(repository.unreadable)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding):
    """UTF-8 with or without a byte order mark, and UTF-16 as PowerShell writes it."""
    assert decode("Größe: 1".encode(encoding), "x.yaml") == "Größe: 1"


def test_bytes_that_are_no_text_have_a_position():
    """The first byte that is not UTF-8 is named by line and column."""
    with pytest.raises(UnreadableError) as caught:
        decode("aä\nbö".encode() + b"\xff", "x.yaml")
    assert (caught.value.span.line, caught.value.span.column) == (2, 3)


def test_held_bytes_stand_for_a_file(repository):
    """Standard input has a name and is listed among its directory's entries."""
    held = Repository(repository._working_directory, ["."], held={"modules/x/main.tf": b"text"})
    assert held.text("modules/x/main.tf") == "text"
    assert held.entries("modules/x") == ("main.tf",)


def test_walk_leaves_out_what_is_no_source(repository, tmp_path):
    """Dependencies and caches are not walked; files come in a stable order."""
    for name in ("b.tf", "a.tf", "node_modules/x.tf", ".terraform/x.tf", "sub/c.tf"):
        path = tmp_path / "repo/infra" / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert list(repository.walk(".")) == ["a.tf", "b.tf", "sub/c.tf"]


def test_walk_leaves_out_virtual_environments(repository, tmp_path):
    """A virtual environment is known by its pyvenv.cfg, whatever its name, unless it is what the user asked for."""
    for name in ("a.tf", "venv-3.13/pyvenv.cfg", "venv-3.13/lib/x.yaml", "sub/env/pyvenv.cfg", "sub/env/x.tf"):
        path = tmp_path / "repo/infra" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert ["a.tf"] == list(repository.walk("."))
    assert ["sub/env/pyvenv.cfg", "sub/env/x.tf"] == list(repository.walk("sub/env"))


@pytest.mark.parametrize("name", ["a\0b", "a\0b/c", "\ud800", "\ud800/c"])
def test_what_no_file_can_be_called_is_not_there(repository, name):
    """A template or a module may say any text where a path belongs."""
    assert (False, False, False) == (repository.is_file(name), repository.is_directory(name), repository.present(name))
    assert ((), None) == (repository.entries(name), repository.unlisted(name))


def test_what_lies_behind_a_locked_door_is_not_there(tmp_path):
    """Asking is no mistake of ours; who wants to read it is told."""
    (tmp_path / "locked/inner").mkdir(parents=True)
    (tmp_path / "locked").chmod(0)
    repository = Repository(tmp_path, ["."])
    try:
        if os.access(tmp_path / "locked/inner", os.F_OK):
            pytest.skip("this user may enter every directory")
        assert (False, False) == (repository.is_file("locked/x.tf"), repository.is_directory("locked/inner"))
    finally:
        (tmp_path / "locked").chmod(0o700)


def test_the_root_of_the_file_system_may_be_the_working_directory(tmp_path):
    """As in a container that sets none: it is shown as `.`, and what lies below it without the leading slash."""
    root = tmp_path.anchor
    repository = Repository(Path(root), [str(tmp_path)])
    below = tmp_path.resolve().relative_to(root).as_posix()
    assert (".", ".", ".") == (repository.shown("."), repository.shown(root), repository.canonical("."))
    assert (below, ".") == (repository.shown(tmp_path.resolve()), repository.relative(".", "."))
    assert below == repository.relative(below, ".")
