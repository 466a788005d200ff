"""What is said on stderr besides the report."""

from __future__ import annotations

import itertools

import pytest

from cognito_lint.cli.log import duration
from command_runs import Ran

POOL = "Resources: {Pool: {Type: 'AWS::Cognito::UserPool'}}\n"
NESTED = "  Search: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ./search/packaged.yaml}}\n"
MODULE = 'resource "aws_cognito_user_pool" "this" {\n  name = "x"\n}\n'


@pytest.fixture
def check(run):
    """`cognito-lint check` with a clock that ticks 2.5 seconds."""
    return lambda *arguments: run("check", *arguments, clock=itertools.count(0, 2.5).__next__)


def test_the_summary_says_what_was_seen_and_how_long_it_took(check, write):
    """Files that hold no pool were looked at too."""
    write("a.yaml", POOL)
    write("b.yaml", "x: 1\n")
    err = check().err
    assert "1 user pool in 1 file: 1 not enforced (2 files looked at in 2.5 s)\n" == err


def test_the_summary_says_what_was_not_seen(check, write):
    """Modules from afar, nested templates that are yet to be packaged, and files that could not be read."""
    write("main.tf", MODULE + 'module "far" {\n  source = "a/b/c"\n}\n')
    write("bad.yaml", POOL + " - x: {")
    write("app.yaml", "Resources:\n  Pool: {Type: 'AWS::Cognito::UserPool'}\n" + NESTED)
    err = check().err
    first, modules, templates = err.splitlines()
    assert "; 1 file could not be read or evaluated (3 files looked at in 2.5 s)" in first
    assert "1 module not on disk, not checked (terraform init brings them)" == modules
    assert "1 nested template not on disk, not checked (check what is deployed in the end)" == templates


@pytest.mark.parametrize("form", ["text", "json", "sarif", "html", "markdown", "junit"])
def test_no_report_holds_the_time(check, write, form):
    """Same input, same bytes."""
    write("a.yaml", POOL)
    assert "2.5" not in check("--format", form).out.replace("2.5.", "")


def test_quiet_keeps_errors_of_usage(check, write):
    """No summary; what was asked wrongly is said all the same."""
    write("a.yaml", POOL)
    quiet, gone, wrong = check("-q"), check("-q", "gone"), check("-q", "--select", "COG999")
    assert (1, "") == (quiet.code, quiet.err)
    assert (3, "cognito-lint: no such path: gone\n") == (gone.code, gone.err)
    assert 2 == wrong.code
    assert "there is no rule COG999" in wrong.err


@pytest.mark.parametrize("number", ["0", "-1", "two", "", "1.5", "²"])
def test_jobs_is_a_number(check, capsys, number):
    """At least one process does the work."""
    assert 2 == check(f"--jobs={number}").code
    assert f"write a number from 1, not {number!r}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.6, "1 min 0 s"), (3_725, "62 min 5 s")]
)
def test_durations_are_for_people(seconds, text):
    """No more digits than anybody reads."""
    assert text == duration(seconds)


def test_verbose_says_why_a_pool_is_not_seen(check, write, tmp_path):
    """Each way in which a pool stays unseen has its reason, and what the others read is said too."""
    write("a.yaml", POOL)
    write("node_modules/b.yaml", POOL)
    write("env/pyvenv.cfg", "")
    write("env/c.yaml", POOL)
    write("vendor/d.yaml", POOL)
    write("e.yaml.j2", POOL)
    write("f.py", "x = 1\n")
    write("g.json", '{"x": 1}')
    write("client.yaml", "Resources: {C: {Type: 'AWS::Cognito::UserPoolClient'}}\n")
    write("infra/main.tf", MODULE + 'module "far" {\n  source = "a/b/c"\n}\n')
    write("infra/prod.tfvars", 'mode = "x"\n')
    write("other/main.tf", 'data "aws_cognito_user_pools" "all" {\n  name = "x"\n}\n')
    write("other/terraform.tfvars", "x = 1\n")
    (tmp_path / "link").symlink_to("infra")
    err = check("-v", "--exclude", "vendor/*").err
    endings = ".json, .template, .tf, .tfvars, .tofu, .yaml and .yml"
    assert [
        "a.yaml (cloudformation): a.yaml",
        "infra (terraform): infra/main.tf",
        "client.yaml: it speaks of user pools, but declares none: no template, plan, state or snapshot of one",
        f"e.yaml.j2: it speaks of user pools, but below a directory only {endings} are read",
        "env/: not entered: a virtual environment of Python",
        "g.json: no mention of a user pool",
        "infra/prod.tfvars: Terraform loads no file of this name by itself: give it with --var-file",
        "link/: not entered: a symbolic link; name it to check what it leads to",
        "node_modules/: not entered: tools write what is there",
        "other/main.tf: it speaks of user pools, but its module declares none and calls none that does",
        "other/terraform.tfvars: beside it is no checked root module with user pools",
        "vendor/d.yaml: --exclude vendor/*",
        "infra: module.far is not on disk (a/b/c): what it declares is not seen",
        "not read for their endings: 2 files (1 .j2, 1 .py)",
    ] == err.splitlines()[:-2]


def test_a_list_of_files_says_what_it_lacks(check, write):
    """`--show-files -v`: the same reasons, as far as names tell."""
    write("a.yaml", POOL)
    write("node_modules/b.yaml", POOL)
    write("c.md", "")
    reasons = "node_modules/: not entered: tools write what is there\nnot read for their endings: 1 file (1 .md)\n"
    assert Ran(0, "a.yaml\n", reasons) == check("--show-files", "-v")


def test_a_large_file_of_another_ending_is_not_searched(check, write):
    """A disk image beside the templates costs nothing."""
    write("a.yaml", POOL)
    write("image.bin", "AWS::Cognito::UserPool" + "x" * 1024 * 1024)
    assert "image.bin:" not in check("-v").err
