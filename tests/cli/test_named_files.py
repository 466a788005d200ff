"""What is read: files that are named, standard input, links, and what is left out."""

from __future__ import annotations

import json
import zipfile

import pytest

import command_runs
from pool_samples import AUDIT, MODULE, POOL


def test_the_directory_above_holds_the_working_directory(write, tmp_path):
    """`check ..` reports what lies here, too."""
    (tmp_path / ".git").mkdir()
    write("sub/t.yaml", AUDIT)
    ran = command_runs.run(tmp_path / "sub", "check", "..")
    assert 1 == ran.code
    assert "t.yaml:6:31" in ran.out


def test_dangling_link_is_one_clear_line(run, write, tmp_path):
    """Editors leave such links behind: they are named, and nothing fails."""
    (tmp_path / "lock.yaml").symlink_to("nowhere")
    ran = run("check")
    assert 0 == ran.code
    assert "left out: lock.yaml" in ran.err
    assert 2 == run("check", "lock.yaml").code


def test_what_the_search_for_callers_meets_is_not_reported(run, write, tmp_path):
    """A named file's callers are looked for everywhere: only what lies beside the file, in its module, is said."""
    write("elsewhere/pool.yaml", "Resources: {Pool: {Type: 'AWS::Cognito::UserPool'}}")
    (tmp_path / "elsewhere/lock.yaml").symlink_to("nowhere")
    (tmp_path / "elsewhere/old.tf").symlink_to("nowhere")
    write("infra/main.tf", 'resource "aws_cognito_user_pool" "this" {\n  name = "x"\n}\n')
    (tmp_path / "infra/lock.tf").symlink_to("nowhere")
    write("pool.yaml", "Resources: {Pool: {Type: 'AWS::Cognito::UserPool'}}")
    assert "left out" not in run("check", "pool.yaml").err
    said = run("check", "infra/main.tf").err
    assert "left out: infra/lock.tf" in said
    assert "elsewhere" not in said


def test_named_file_loads_the_roots_that_use_it(check, write):
    """pre-commit names the changed file: the callers decide the verdict."""
    write("modules/auth/main.tf", MODULE)
    write("envs/dev/main.tf", 'module "auth" {\n  source = "../../modules/auth"\n  mode = "OFF"\n}\n')
    write("envs/prod/main.tf", 'module "auth" {\n  source = "../../modules/auth"\n  mode = "ENFORCED"\n}\n')
    write("other/main.tf", MODULE)
    pools = check("modules/auth/main.tf").report["pools"]
    assert {("envs/dev", "not-enforced"), ("envs/prod", "enforced")} == {(p["unit"], p["verdict"]) for p in pools}


def test_deleted_tfvars_file_reports_what_used_to_read_it(check, write):
    """Deleting the file that said ENFORCED must not go unseen."""
    write("main.tf", MODULE)
    ran = check("prod.auto.tfvars")
    assert 0 == ran.code
    assert {"aws_cognito_user_pool.this": "unproven"} == ran.verdicts


def test_stdin_stands_for_a_file(run, write):
    """`-` with a name that says what it is."""
    ran = run("check", "-", "--stdin-filename", "infra/t.yaml", "--format", "json", stdin=AUDIT.encode())
    assert 1 == ran.code
    assert ["infra/t.yaml"] == [pool["file"] for pool in ran.report["pools"]]
    assert 2 == run("check", "--stdin-filename", "t.yaml").code


def test_plan_on_stdin(run):
    """terraform show -json pipes into the command."""
    after = {"user_pool_add_ons": [{"advanced_security_mode": "OFF"}]}
    change = {"actions": ["create"], "after": after, "after_unknown": {}}
    plan = {
        "format_version": "1.2",
        "resource_changes": [
            {
                "address": "aws_cognito_user_pool.x",
                "mode": "managed",
                "type": "aws_cognito_user_pool",
                "name": "x",
                "change": change,
            }
        ],
    }
    ran = run("check", "-", "--stdin-filename", "plan.json", "--format", "json", stdin=json.dumps(plan).encode())
    assert {"aws_cognito_user_pool.x": "not-enforced"} == ran.verdicts


@pytest.mark.parametrize("nothing", [b"", b"\n"])
def test_stdin_that_holds_nothing_is_no_clean_plan(run, nothing):
    """A pipe's first command that fails writes nothing: that is not passed over; an editor's empty file is."""
    ran = run("check", "-", stdin=nothing)
    assert (2, True) == (ran.code, "stdin is empty" in ran.err)
    assert 0 == run("check", "-", "--stdin-filename", "main.tf", stdin=nothing).code


def test_a_plan_as_terraform_stores_it_is_not_passed_over(run, tmp_path):
    """`plan -out` writes an archive for Terraform alone: it is said what to write instead."""
    with zipfile.ZipFile(tmp_path / "plan.tfplan", "w") as archive:
        archive.writestr("tfplan", "binary")
    for ran in (run("check", "plan.tfplan"), run("check", "-", stdin=(tmp_path / "plan.tfplan").read_bytes())):
        assert (2, True) == (ran.code, "terraform show -json" in ran.out)


@pytest.mark.parametrize(
    "text",
    [
        '{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_mod',
        '{"@level":"info","change":{"resource":{"type":"aws_cognito_user_pool"}}}\n' * 2,
        '{"version": 3, "modules": [{"resources": {"aws_cognito_user_pool.p": {"type": "aws_cognito_user_pool"}}}]}',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_is_nearly_a_plan_is_not_passed_over(run, tmp_path, text, encoding):
    """A plan that was cut short before its first pool, a log of planning, an old state: named, each is an error."""
    (tmp_path / "plan").write_bytes(text.encode(encoding))
    assert 2 == run("check", "plan").code
    assert 2 == run("check", "-", stdin=text.encode(encoding)).code


@pytest.mark.parametrize("code", [POOL, '{"resource": {"aws_cognito_user_pool": {"a": {"name": "x"}}}}'])
def test_terraform_on_stdin_needs_a_name(run, code):
    """Terraform code on stdin is never passed over as a file of no kind: its name says how it is read."""
    ran = run("check", "-", stdin=code.encode())
    assert 2 == ran.code
    assert "--stdin-filename" in ran.err
    assert (
        1 == run("check", "-", "--stdin-filename", f"main.tf{'.json' * code.startswith('{')}", stdin=code.encode()).code
    )


def test_a_comment_of_another_encoding_is_shown_and_heard(run, tmp_path):
    """A file that Terraform reads in spite of its comments' bytes is quoted, and its suppressions hold."""
    pool = b'resource "aws_cognito_user_pool" "%b" { # caf\xe9\n}\n'
    (tmp_path / "main.tf").write_bytes(pool % b"a" + b"# cognito-lint: ignore[COG001] old caf\xe9\n" + pool % b"b")
    ran = run("check")
    assert (1, True) == (ran.code, '"a" { # caf\ufffd' in ran.out)
    assert "aws_cognito_user_pool.b" not in ran.out


def test_named_file_that_no_reader_takes_is_said(run, write):
    """A file that the user names and that speaks of Terraform's user pools is not left out in silence."""
    write("pool.hcl", POOL)
    assert "left out: pool.hcl" in run("check", "pool.hcl").err
    assert "left out" not in run("check", "pool.hcl", "--quiet").err


@pytest.mark.parametrize(
    ("name", "said"), [("prod.tfvars", True), ("terraform.tfvars", False), ("b.auto.tfvars", False)]
)
def test_named_variable_file_that_nothing_loads(run, tmp_path, name, said):
    """Only some names are loaded by themselves; that another one changed nothing is said."""
    (tmp_path / name).write_text("mode = 1\n")
    assert said == (f"left out: {name}: Terraform loads no file of this name" in run("check", name).err)


def test_named_variable_file_that_is_given(run, tmp_path):
    """A file that a root module loads is not left out."""
    (tmp_path / "prod.tfvars").write_text("mode = 1\n")
    (tmp_path / "main.tf").write_text('resource "aws_cognito_user_pool" "p" {}\n')
    assert "left out" not in run("check", "prod.tfvars", "--var-file", "prod.tfvars").err


def test_show_files_quiet_and_verbose(run, write):
    """What is looked at, what each unit read, or nothing on stderr."""
    write("t.yaml", AUDIT)
    assert "t.yaml\n" == run("check", "--show-files").out
    assert "t.yaml (cloudformation): t.yaml" in run("check", "-v").err
    assert "" == run("check", "-q").err
