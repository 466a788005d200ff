"""Paths become files that could hold a pool."""

from __future__ import annotations

import pytest

from cognito_lint.discover import below, discover, excluded
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
from cognito_lint.pipeline import units


@pytest.fixture
def tree(tmp_path):
    for name in ("a.yaml", "b.txt", "sub/c.tf", "sub/deep/d.json", "cdk.out/e.template.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return Repository(tmp_path, ["."])


def test_directory_gives_files_by_suffix(tree):
    """A directory is walked for the suffixes that can hold a pool."""
    assert discover(["."], tree).files == ("a.yaml", "cdk.out/e.template.json", "sub/c.tf", "sub/deep/d.json")


def test_named_file_counts_whatever_its_suffix(tree):
    """What the user names is taken at their word, also when it is gone."""
    found = discover(["b.txt", "gone.tf"], tree)
    assert found.files == ("b.txt", "gone.tf")
    assert frozenset({"b.txt", "gone.tf"}) == found.named


@pytest.mark.parametrize(
    "glob", ["sub", "sub/", "sub/*", "sub/**", "*.tf", "**/*.tf", "**/sub/**", "sub/**/c.tf", "sub/c.tf", "c.tf"]
)
def test_exclude(glob):
    """A glob leaves out a file, a bare name, or everything below a directory."""
    assert excluded("sub/c.tf", [glob])
    assert not excluded("other/d.yaml", [glob])


@pytest.mark.parametrize("glob", ["./sub", "./sub/", "./sub/*", "{top}/sub", "../{name}/sub"])
def test_exclude_may_be_written_as_any_path(tree, tmp_path, glob):
    """As shells complete it and scripts make it: `./` in front, absolute, or by way of the directory above."""
    found = discover(["."], tree, [glob.format(top=tmp_path, name=tmp_path.name)])
    assert ("a.yaml", "cdk.out/e.template.json") == found.files


def test_a_glob_of_many_stars_is_soon_done():
    """Settings may come from anybody: how a glob can be read does not double with each pair of stars."""
    assert not excluded("a/" * 50 + "b", ["**/a/" * 50 + "c"])


def test_templates_may_end_in_capitals(tmp_path):
    """CloudFormation takes a file of any name; Terraform loads `.tf` files and no `.TF`."""
    for name in ("A.YAML", "b.Yml", "c.JSON", "d.TEMPLATE", "e.TF"):
        (tmp_path / name).write_text('{"Resources": {"P": {"Type": "AWS::Cognito::UserPool"}}}')
    repository = Repository(tmp_path, ["."])
    found = discover(["."], repository)
    assert ("A.YAML", "b.Yml", "c.JSON", "d.TEMPLATE") == found.files
    assert list(found.files) == [unit.path for unit in units(found, repository, Inputs())]


@pytest.mark.parametrize(
    ("path", "directory", "expected"),
    [
        ("a", ".", True),
        (".", ".", True),
        ("../a", ".", False),
        ("a/b", "a", True),
        ("ab", "a", False),
        ("a", "a/b", False),
        ("a", "..", True),
        (".", "..", True),
        ("../a", "..", True),
        ("../../a", "..", False),
        ("../a/b", "../a", True),
        ("b", "../a", False),
        ("a", "../..", True),
    ],
)
def test_what_lies_below_a_directory(path, directory, expected):
    """Both as shown: `..` holds the working directory and what is in it."""
    assert expected is below(path, directory)


def test_a_directory_that_cannot_be_listed_is_said(tmp_path, locked):
    """What lies in it is not passed over: the run ends with a problem, unless it is left out."""
    (tmp_path / "sub" / "locked").mkdir(parents=True)
    repository = Repository(tmp_path, ["."])
    found = discover(["."], repository)
    assert (("sub/locked", "the directory cannot be read: permission denied"),) == found.unlisted
    (unit,) = units(found, repository, Inputs())
    assert ["the directory cannot be read: permission denied"] == [problem.message for problem in unit.problems]
    assert () == discover(["."], repository, ["locked"]).unlisted
