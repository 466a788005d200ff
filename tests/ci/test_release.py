"""What must agree before a version is released."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys

import pytest
from action_runner import ROOT

SPEC = importlib.util.spec_from_file_location("release", ROOT / "tools/release.py")
release = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(release)
VERSION = release.version() if (ROOT / "src").is_dir() else None  # a release's tests run without the sources
pytestmark = pytest.mark.skipif(VERSION is None, reason="the sources were taken away")
CHANGELOG = """\
# Changelog

## Unreleased

- Not yet.

## 1.2.3 - 2026-11-23

### Added

- A rule.

## 1.2.2 - 2026-11-01

## [1.2.1] - 2026-10-01

- Older.

[1.2.1]: https://example.com
"""


@pytest.fixture
def checkout(tmp_path):
    """The files that name a version, with a dated entry."""
    named = ("README.md", "docs/ci.md", "templates/cognito-lint.yml")
    for file in (*named, "src/cognito_lint/__init__.py", "tools/release.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG.replace("1.2.3", VERSION))
    return tmp_path


def run(checkout, tag: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "tools/release.py"), tag]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_notes_of_a_version():
    """The notes are the entry of that version alone; without a date or a word there are none."""
    assert "### Added\n\n- A rule.\n" == release.notes("1.2.3", CHANGELOG)
    assert "- Older.\n" == release.notes("1.2.1", CHANGELOG)
    assert None is release.notes("1.2.2", CHANGELOG)
    assert None is release.notes("Unreleased", CHANGELOG)
    assert None is release.notes("1.2", CHANGELOG)
    assert None is release.notes("1.203", CHANGELOG)


def test_release_that_agrees(checkout):
    """The notes go to stdout."""
    done = run(checkout, f"v{VERSION}")
    assert (0, "### Added\n\n- A rule.\n", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("tag", ["v9.9.9", "", "main", "0.1.0"])
def test_tag_of_another_version(checkout, tag):
    """A tag that is not the package's version stops the release."""
    done = run(checkout, tag)
    assert (1, "") == (done.returncode, done.stdout)
    assert f"the tag must be v{VERSION}" in done.stderr


def test_no_entry_in_the_changelog(checkout):
    """What was never said to have changed is not released."""
    (checkout / "CHANGELOG.md").write_text("## Unreleased\n\n- All.\n")
    done = run(checkout, f"v{VERSION}")
    assert 1 == done.returncode
    assert f"CHANGELOG.md has no entry '## {VERSION} - YYYY-MM-DD'" in done.stderr


def test_readme_of_another_version(checkout):
    """A snippet that would install another version is named with its file."""
    (checkout / "README.md").write_text("uses: cognito-lint/cognito-lint@v8.0.0\n")
    assert "README.md names version 8.0.0" in run(checkout, f"v{VERSION}").stderr


def test_every_snippet_names_this_version():
    """pre-commit, GitHub and GitLab users are told the version that the package is, each at least once."""
    named = release.named()
    assert {VERSION} == {version for _, version in named}
    assert {"README.md", "docs/ci.md", "templates/cognito-lint.yml"} == {file for file, _ in named}
