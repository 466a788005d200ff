"""Units that are renamed, mended or deleted: whose entries they keep, and what `--prune-baseline` takes out."""

import shutil

import pytest
from past_projects import IN_MODULE, call, check, entries, units

from command_runs import write
from pool_samples import POOL


@pytest.mark.parametrize("leftover", [False, True])
def test_a_renamed_directory_keeps_its_entries(project, leftover):
    """Where the address is unique; git leaves .terraform behind, which is no root."""
    shutil.rmtree(project / "prod")
    check(project, "--write-baseline", "known.json")
    (project / "dev").rename(project / "live")
    (project / "web").rename(project / "site")
    if leftover:
        write(project, {"dev/.terraform/modules/modules.json": "{}"})
    ran = check(project, "--baseline", "known.json", "-v")
    assert (0, []) == (ran.code, ran.active)
    assert "found in another place: --prune-baseline writes the new place" in ran.err
    assert f"COG001 {IN_MODULE} (in dev)" in ran.err
    assert "nothing any more" not in ran.err
    check(project, "--baseline", "known.json", "--prune-baseline")
    assert {"live", "site/template.yaml"} == {entry["unit"] for entry in entries(project)}
    assert "another place" not in check(project, "--baseline", "known.json").err


def test_two_renamed_roots_of_one_address_are_new(project):
    """Which was which cannot be told: a wrong guess would let a new pool pass."""
    check(project, "--write-baseline", "known.json")
    (project / "dev").rename(project / "a")
    (project / "prod").rename(project / "b")
    assert ["a", "b"] == units(check(project, "--baseline", "known.json"))


def test_one_gone_and_two_new_are_new(project):
    """Both ways unique: a copy beside the renamed root takes the entry from both."""
    shutil.rmtree(project / "prod")
    check(project, "--write-baseline", "known.json")
    (project / "dev").rename(project / "a")
    write(project, {"b/main.tf": call("OFF")})
    assert ["a", "b"] == units(check(project, "--baseline", "known.json"))


def test_a_mended_root_lends_its_entry_to_nobody(project):
    """It is still there, so nothing was renamed."""
    shutil.rmtree(project / "prod")
    check(project, "--write-baseline", "known.json")
    write(project, {"dev/main.tf": call("ENFORCED")})
    write(project, {"new/main.tf": call("OFF")})
    assert ["new"] == units(check(project, "--select", "COG001", "--baseline", "known.json"))


@pytest.mark.parametrize("arguments", [("new",), ("new/main.tf",), (".", "--exclude", "dev")])
def test_a_root_that_was_not_looked_at_lends_its_entry_to_nobody(project, arguments):
    """It is there, and only this run does not see it."""
    shutil.rmtree(project / "prod")
    check(project, "--write-baseline", "known.json")
    write(project, {"new/main.tf": call("OFF")})
    assert ["new"] == units(check(project, *arguments, "--baseline", "known.json"))


@pytest.mark.parametrize("arguments", [("new",), (".", "--exclude", "dev/**")])
def test_a_deployment_that_was_not_looked_at_lends_its_entry_to_nobody(project, arguments):
    """Its root is there under its path, which is not the name that reports give the deployment."""
    shutil.rmtree(project / "prod")
    write(project, {".cognito-lint.toml": '[[roots]]\npath = "dev"\nname = "eu"\n'})
    check(project, "--write-baseline", "known.json")
    assert "dev (eu)" in {entry["unit"] for entry in entries(project)}
    write(project, {"new/main.tf": call("OFF")})
    assert ["new"] == units(check(project, *arguments, "--baseline", "known.json"))


def test_a_deployment_under_another_name_keeps_its_entry_and_one_no_more_declared_is_pruned(project):
    """Its root was evaluated, only as others; so is a run over that root alone."""
    settings = '[[roots]]\npath = "dev"\nname = "{}"\n'
    write(project, {".cognito-lint.toml": settings.format("eu (west)")})
    check(project, "dev", "--write-baseline", "known.json")
    write(project, {".cognito-lint.toml": settings.format("us")})
    assert 0 == check(project, "dev", "--baseline", "known.json", "--prune-baseline").code
    assert {"dev (us)"} == {entry["unit"] for entry in entries(project)}
    write(project, {".cognito-lint.toml": settings.format("asia"), "dev/main.tf": call("ENFORCED")})
    check(project, "dev", "--baseline", "known.json", "--prune-baseline", "--select", "COG001")
    assert [] == [entry for entry in entries(project) if entry["rule"] == "COG001"]


def test_what_matches_nothing_any_more_is_said_and_pruned(project):
    """On stderr, the entries themselves with -v; pruning leaves the others as they are."""
    check(project, "--write-baseline", "known.json")
    before = entries(project)
    write(project, {"dev/main.tf": call("ENFORCED")})
    ran = check(project, "--baseline", "known.json")
    assert "1 entry of known.json matches nothing any more: --prune-baseline removes it" in ran.err
    assert IN_MODULE not in ran.err
    assert f"\n  COG001 {IN_MODULE} (in dev)\n" in check(project, "--baseline", "known.json", "-v").err
    assert "entry" not in check(project, "--baseline", "known.json", "-q").err
    assert before == entries(project)
    ran = check(project, "--baseline", "known.json", "--prune-baseline")
    assert "1 entry of known.json matches nothing any more: removed" in ran.err
    assert [entry for entry in before if (entry["unit"], entry["rule"]) != ("dev", "COG001")] == entries(project)


@pytest.mark.parametrize(
    "arguments",
    [
        ("dev",),
        ("dev/main.tf",),
        (".", "--exclude", "web", "--exclude", "prod"),
        (".", "--exclude", "*.tf", "--exclude", "*.yaml"),
        (".", "--select", "COG006"),
    ],
)
def test_what_was_not_looked_at_is_kept(project, arguments):
    """Other paths, a named file, what is excluded, a rule that was not asked: neither stale nor pruned, nor lost when
    the baseline is written anew."""
    check(project, "--write-baseline", "known.json")
    before = (project / "known.json").read_text()
    ran = check(project, *arguments, "--baseline", "known.json", "--prune-baseline")
    assert "any more" not in ran.err
    assert before == (project / "known.json").read_text()
    check(project, *arguments, "--write-baseline", "known.json")
    assert before == (project / "known.json").read_text()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("web/template.yaml", "Resources: [AWS::Cognito::UserPool"),
        ("web/template.yaml", b"\xff AWS::Cognito::UserPool"),
        ("modules/auth/main.tf", 'resource "aws_cognito_user_pool" "this" {'),
        ("dev/main.tf", 'module "auth" {\n source = "../modules/auth"\n'),
    ],
)
def test_what_cannot_be_read_is_kept(project, file, text):
    """A broken file mends nothing: its unit's entries stay."""
    check(project, "--write-baseline", "known.json")
    before = (project / "known.json").read_text()
    write(project, {file: text})
    assert 2 == check(project, "--baseline", "known.json", "--prune-baseline").code
    assert before == (project / "known.json").read_text()


def test_what_an_absent_module_hides_is_kept(project):
    """Before `terraform init` brings it, nobody knows whether its pools are protected; and another root with the
    module is none that was renamed."""
    shutil.rmtree(project / "prod")
    check(project, "--write-baseline", "known.json")
    before = (project / "known.json").read_text()
    write(project, {"dev/main.tf": call("OFF", "git::https://example.com/auth")})
    write(project, {"new/main.tf": call("OFF")})
    assert ["new"] == units(check(project, "--baseline", "known.json", "--prune-baseline"))
    assert before == (project / "known.json").read_text()


def test_a_root_without_its_pool_is_pruned(tmp_path):
    """Its directory is still there and holds Terraform code; the pool is not."""
    write(tmp_path, {"infra/main.tf": POOL})
    check(tmp_path, "--write-baseline", "known.json")
    write(tmp_path, {"infra/main.tf": 'resource "aws_sns_topic" "x" {\n}\n'})
    check(tmp_path, "--baseline", "known.json", "--prune-baseline")
    assert [] == entries(tmp_path)


def test_a_deleted_unit_is_pruned(project):
    """A run that looks where it was finds nothing; one that looks elsewhere says nothing."""
    check(project, "--write-baseline", "known.json")
    (project / "web/template.yaml").unlink()
    assert "any more" not in check(project, "dev", "--baseline", "known.json").err
    check(project, "--baseline", "known.json", "--prune-baseline")
    assert {"dev", "prod"} == {entry["unit"] for entry in entries(project)}


def test_a_missing_path_writes_nothing(project):
    """A mistyped path is no clean run."""
    assert 3 == check(project, "nope", "--write-baseline", "known.json").code
    assert not (project / "known.json").exists()
