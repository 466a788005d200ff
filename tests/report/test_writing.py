"""Reports reach their files whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cognito_lint.report import writing
from cognito_lint.report.writing import UnwritableError, write_files


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_every_text_goes_to_its_file(tmp_path):
    """Paths are taken from the given directory; lone surrogates are spelled out; line ends stay."""
    (tmp_path / "out").mkdir()
    write_files(tmp_path, [("a.json", "{}\n"), ("out/b.html", "ü\r\n\udcff")])
    assert b"{}\n" == (tmp_path / "a.json").read_bytes()
    assert "ü\r\n\\udcff".encode() == (tmp_path / "out/b.html").read_bytes()
    assert ["a.json", "out"] == names(tmp_path)


@pytest.mark.parametrize("bad", ["gone/b.html", "directory", "a\0b"])
def test_one_that_cannot_be_written_leaves_all_as_they_were(tmp_path, bad):
    """No folder, a directory, a name that no system has: nothing half-written, nothing left beside."""
    (tmp_path / "directory").mkdir()
    (tmp_path / "a.json").write_text("old")
    with pytest.raises(UnwritableError, match="cannot be written: "):
        write_files(tmp_path, [("a.json", "new"), (bad, "text")])
    assert "old" == (tmp_path / "a.json").read_text()
    assert ["a.json", "directory"] == names(tmp_path)


def test_an_interrupted_run_leaves_nothing_behind(tmp_path, monkeypatch):
    """Ctrl-C while the second report is created: the old ones stay."""
    create = os.open

    def interrupt(path, *arguments):
        descriptor = create(path, *arguments)
        if len(names(tmp_path)) == 4:
            os.close(descriptor)
            raise KeyboardInterrupt
        return descriptor

    for name in ("a.json", "b.html"):
        (tmp_path / name).write_text("old")
    monkeypatch.setattr(writing.os, "open", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path, [("a.json", "new"), ("b.html", "new")])
    assert ["a.json", "b.html"] == names(tmp_path)
    assert ["old", "old"] == [(tmp_path / name).read_text() for name in names(tmp_path)]


def test_permissions_stay_and_new_files_follow_the_umask(tmp_path):
    """A report that others may read stays readable; a new one is no private temporary file."""
    (tmp_path / "old").write_text("")
    (tmp_path / "old").chmod(0o664)
    before = os.umask(0o022)
    try:
        write_files(tmp_path, [("old", "x"), ("new", "x")])
    finally:
        os.umask(before)
    assert [0o664, 0o644] == [(tmp_path / name).stat().st_mode & 0o777 for name in ("old", "new")]


def test_a_link_is_followed_and_a_device_is_written_to(tmp_path):
    """What the link leads to is replaced, not the link; /dev/null stays a device."""
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_files(tmp_path, [("link", "new"), (os.devnull, "text")])
    assert (True, "new") == ((tmp_path / "link").is_symlink(), (tmp_path / "real").read_text())
    assert not Path(os.devnull).is_file()
