"""`--changed-since REV`: only what reads a file that changed, with real repositories."""

import os
import shutil
import subprocess

import pytest
from past_projects import call, check, template

from command_runs import write
from pool_samples import MODULE, POOL

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is missing")
SINCE = ("--changed-since", "main")


@pytest.fixture
def environment(tmp_path):
    who = {f"GIT_{role}_{what}": "x@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "GIT_CONFIG_NOSYSTEM": "1", **who}


@pytest.fixture
def git(project, environment):
    """git in the project, whose first commit is `main`; the branch `work` is checked out."""
    (project / ".git").rmdir()

    def run(*arguments, cwd=project):
        done = subprocess.run(["git", *arguments], cwd=cwd, env=environment, capture_output=True, check=True)
        return done.stdout.decode()

    write(project, {"prod/prod.auto.tfvars": 'other = "x"\n'})
    run("init", "-q", "-b", "main")
    run("add", "-A")
    run("commit", "-qm", "first")
    run("checkout", "-qb", "work")
    return run


@pytest.fixture
def units(project, environment):
    """The units of the pools that are reported."""

    def of(*arguments, cwd=project):
        ran = check(cwd, *SINCE, *arguments, environment=environment)
        assert ran.report is not None, ran.err
        return sorted({unit for unit, _ in ran.pools})

    return of


def test_without_a_change_nothing_is_reported(project, git, environment):
    """Exit code 0, and the summary says how many pools were left out."""
    ran = check(project, *SINCE, environment=environment)
    assert (0, [], []) == (ran.code, ran.pools, ran.active)
    assert "no change concerns a user pool; 3 user pools left out, which no change concerns" in ran.err


@pytest.mark.parametrize("how", ["committed", "staged", "unstaged"])
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("dev/main.tf", ["dev"]),
        ("modules/auth/main.tf", ["dev", "prod"]),
        ("prod/prod.auto.tfvars", ["prod"]),
        ("web/template.yaml", ["web/template.yaml"]),
        ("unrelated.txt", []),
    ],
)
def test_a_change_reports_what_reads_the_file(project, git, units, how, file, expected):
    """Committed, staged or neither."""
    before = (project / file).read_text() if (project / file).exists() else ""
    write(project, {file: before + "\n# a comment\n"})
    if how != "unstaged":
        git("add", "-A")
    if how == "committed":
        git("commit", "-qm", "second")
    assert expected == units()


def test_a_deleted_file_was_read(project, git, units):
    """A tfvars file, and a file of a module, leave no step in any trace."""
    write(project, {"modules/auth/more.tf": "locals {}\n"})
    git("add", "-A")
    git("commit", "-qm", "second")
    git("branch", "-f", "main")
    assert [] == units()
    (project / "prod/prod.auto.tfvars").unlink()
    assert ["prod"] == units()
    (project / "modules/auth/more.tf").unlink()
    assert ["dev", "prod"] == units()


def test_a_new_file_is_read(project, git, units):
    """Untracked ones too, and those that git ignores: no commit knows what they were."""
    write(project, {"dev/terraform.tfvars": 'x = "y"\n'})
    assert ["dev"] == units()
    write(project, {"cdk.out/t.template.json": '{"Resources": {"P": {"Type": "AWS::Cognito::UserPool"}}}'})
    write(project, {".gitignore": "cdk.out\n*.tfvars\n"})
    assert ["cdk.out/t.template.json", "dev"] == units()


def test_a_rename_counts_both_names(project, git, units):
    """The module that a file left reads less than before."""
    write(project, {"modules/auth/extra.tf": "locals {}\n"})
    git("add", "-A")
    git("commit", "-qm", "second")
    git("branch", "-f", "main")
    git("mv", "modules/auth/extra.tf", "web/extra.tf")
    assert ["dev", "prod"] == units()


def test_it_is_the_merge_base_that_counts(project, git, units):
    """What `main` has gained since is no change of this branch."""
    write(project, {"dev/main.tf": call("AUDIT")})
    git("commit", "-qam", "on the branch")
    git("checkout", "-q", "main")
    write(project, {"web/template.yaml": template("AUDIT", "Customers")})
    git("commit", "-qam", "on main")
    git("checkout", "-q", "work")
    assert ["dev"] == units()


def test_strange_names(project, git, units):
    """Spaces, quotes, line feeds and letters beyond ASCII."""
    names = ["a b.yaml", 'q"uote.yaml', "new\nline.yaml", "größe.yaml"]
    for name in names:
        write(project, {name: template("OFF")})
    git("add", "-A")
    git("commit", "-qm", "second")
    git("branch", "-f", "main")
    assert [] == units()
    for name in names:
        write(project, {name: template("AUDIT")})
    assert sorted(names) == units()


def test_another_working_directory(project, git, units, tmp_path):
    """A subdirectory, and a place outside of the repository."""
    write(project, {"web/template.yaml": template("AUDIT", "Customers")})
    assert ["template.yaml"] == units("..", cwd=project / "web")
    (tmp_path / "elsewhere").mkdir()
    assert ["../project/web/template.yaml"] == units(project, cwd=tmp_path / "elsewhere")


def test_a_link_is_followed_and_counts_itself(project, git, units):
    """A module behind a symbolic link, its file and the link that is turned elsewhere."""
    (project / "linked").symlink_to("modules/auth")
    write(project, {"stage/main.tf": call("OFF", "../linked")})
    shutil.copytree(project / "modules/auth", project / "modules/other")
    git("add", "-A")
    git("commit", "-qm", "second")
    git("branch", "-f", "main")
    assert [] == units()
    (project / "linked").unlink()
    (project / "linked").symlink_to("modules/other")
    assert "stage" in units()
    git("checkout", "-q", "--", ".")
    write(project, {"modules/auth/main.tf": MODULE + "# changed\n"})
    assert ["dev", "prod", "stage"] == [unit for unit in units() if unit != "modules/other"]


def test_what_terraform_init_installed_is_no_change(project, git, units):
    """It follows from the calls, which git knows."""
    write(project, {"dev/.terraform/modules/modules.json": '{"Modules": []}'})
    assert [] == units()


def test_line_endings_that_git_converts_are_no_change(project, git, units):
    """A checkout with CRLF holds what the commit has with LF."""
    write(project, {"dev/main.tf": call("OFF").replace("\n", "\r\n")})
    assert [] == units()


def test_a_changed_baseline_or_settings_file_reports_everything(project, git, units, environment):
    """Each may change every verdict."""
    check(project, "--write-baseline", "known.json", environment=environment)
    assert ["dev", "prod", "web/template.yaml"] == units("--baseline", "known.json")
    (project / "known.json").unlink()
    write(project, {"pyproject.toml": ""})
    assert ["dev", "prod", "web/template.yaml"] == units()


def test_everything_is_still_evaluated(project, git, environment):
    """A baseline that is written holds what no change concerns, too."""
    check(project, *SINCE, "--write-baseline", "known.json", environment=environment)
    assert 0 == check(project, "--baseline", "known.json", environment=environment).code


def test_nothing_of_the_repository_is_executed(project, git, units):
    """Monitors, filters, external diffs and hooks of a hostile repository stay silent."""
    told = project / "executed"
    for name in (
        "core.fsmonitor",
        "diff.external",
        "filter.x.clean",
        "filter.x.smudge",
        "diff.x.textconv",
        "core.pager",
    ):
        git("config", name, f"touch {told}; cat")
    write(project, {".git/info/attributes": "* filter=x diff=x\n"})
    write(project, {"dev/main.tf": call("AUDIT")})
    assert ["dev"] == units()
    assert not told.exists()


@pytest.mark.parametrize("revision", ["none", "", "-h", "--output=x", "main..work", "main:dev", "HEAD~9"])
def test_an_unknown_revision_is_exit_2(project, git, environment, revision):
    """One sentence; what begins with a hyphen is never an option of git's."""
    ran = check(project, f"--changed-since={revision}", environment=environment)
    assert (2, 1) == (ran.code, ran.err.count("\n"))
    assert "--changed-since" in ran.err
    assert not (project / "x").exists()


def test_a_shallow_clone_says_what_to_fetch(project, git, environment, tmp_path):
    """Without the merge base there is no answer, and a wrong one would pass over pools."""
    write(project, {"web/template.yaml": template("AUDIT", "Customers")})
    git("commit", "-qam", "second")
    shallow = tmp_path / "shallow"
    git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{project}", str(shallow))
    ran = check(shallow, "--changed-since", "origin/main", environment=environment)
    assert 2 == ran.code
    assert "no merge base" in ran.err
    assert "git fetch --unshallow" in ran.err
    assert "fetch-depth: 0" in ran.err


def test_without_git_or_a_repository_it_is_exit_2(project, git, environment, tmp_path):
    """Neither is a reason to report nothing."""
    ran = check(project, *SINCE, environment={"PATH": str(tmp_path)})
    assert (2, True) == (ran.code, "needs git" in ran.err)
    write(tmp_path, {"plain/main.tf": POOL})
    ran = check(tmp_path / "plain", *SINCE, environment=environment)
    assert (2, True) == (ran.code, "in no git repository" in ran.err)
