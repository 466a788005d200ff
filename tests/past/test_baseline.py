"""`--baseline`, `--write-baseline`, `--prune-baseline`: known findings do not count, new ones always do."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from past_projects import call, check, template

from command_runs import write
from pool_samples import MODULE, POOL

IN_MODULE = "module.auth.aws_cognito_user_pool.this"


def rules(ran):
    return sorted({rule for rule, _, _ in ran.active})


def units(ran):
    return sorted({unit for _, unit, _ in ran.active})


def entries(root, name="known.json"):
    return json.loads((root / name).read_text(encoding="utf-8"))["findings"]


def test_what_was_written_is_known(project):
    """Writing is exit code 0, and so is comparing; the findings stay in the report, suppressed."""
    assert 1 == check(project).code
    wrote = check(project, "--write-baseline", "known.json")
    assert (0, []) == (wrote.code, wrote.active)
    assert "findings written to known.json" in wrote.err
    ran = check(project, "--baseline", "known.json")
    assert (0, []) == (ran.code, ran.active)
    assert wrote.suppressed == ran.suppressed
    told = {f["suppressed"]["by"]: f["suppressed"]["reason"] for f in ran.report["findings"]}
    assert {"baseline": "known to the baseline known.json"} == told


def test_the_file_is_one_sorted_line_for_each_finding(project):
    """A diff of it says what is accepted; there is no line number, and the same findings are the same bytes."""
    check(project, "--write-baseline", "known.json")
    first = (project / "known.json").read_text()
    entry = (
        '    {"unit": "dev", "address": "module.auth.aws_cognito_user_pool.this", "rule": "COG001", "level": "error"},'
    )
    assert entry in first.splitlines()
    assert first.splitlines()[3:-2] == sorted(first.splitlines()[3:-2], key=lambda line: line.split(", ")[:3])
    assert [1, "findings"] == [json.loads(first)["version"], list(json.loads(first))[1]]
    check(project, "--write-baseline", "known.json")
    check(project, "--write-baseline", "again.json")
    assert first == (project / "known.json").read_text() == (project / "again.json").read_text()


def test_an_empty_baseline_is_written_and_read(tmp_path):
    """A clean repository has a baseline too."""
    assert 0 == check(tmp_path, "--write-baseline", "known.json").code
    assert '{\n  "version": 1,\n  "findings": []\n}\n' == (tmp_path / "known.json").read_text()
    assert 0 == check(tmp_path, "--baseline", "known.json").code


def test_moved_lines_change_nothing(project):
    """No entry knows a line."""
    check(project, "--write-baseline", "known.json")
    for file in ("modules/auth/main.tf", "dev/main.tf", "web/template.yaml"):
        write(project, {file: "# a comment\n\n\n" + (project / file).read_text()})
    assert 0 == check(project, "--baseline", "known.json").code


def test_every_directory_to_start_from_gives_the_same_matches(project):
    """Paths in the file are seen from its own directory."""
    (project / "ci").mkdir()
    check(project, "--write-baseline", "ci/known.json")
    text = (project / "ci/known.json").read_text()
    assert "../dev" in {entry["unit"] for entry in entries(project, "ci/known.json")}
    for place, up in (("dev", ".."), ("modules/auth", "../.."), ("ci", "..")):
        ran = check(project / place, up, "--baseline", f"{up}/ci/known.json")
        assert (0, []) == (ran.code, ran.active)
        assert len(entries(project, "ci/known.json")) == len(ran.suppressed)
        check(project / place, up, "--write-baseline", f"{up}/ci/known.json")
        assert text == (project / "ci/known.json").read_text()
    ran = check(project, project, "--baseline", project / "ci/known.json")
    assert (0, []) == (ran.code, ran.active)


def test_two_roots_of_one_module_share_no_entry(project):
    """The third root that calls the module is new, though its address is known twice."""
    check(project, "--write-baseline", "known.json")
    write(project, {"stage/main.tf": call("OFF")})
    ran = check(project, "--baseline", "known.json")
    assert (1, ["stage"]) == (ran.code, units(ran))


def test_one_root_known_leaves_the_other_new(project):
    """What `dev` was forgiven says nothing of `prod`."""
    check(project, "dev", "--write-baseline", "known.json")
    ran = check(project, "dev", "prod", "--baseline", "known.json")
    assert (1, ["prod"]) == (ran.code, units(ran))


def test_unproven_that_becomes_not_enforced_is_new(tmp_path):
    """Another rule is another finding."""
    write(tmp_path, {"main.tf": MODULE})
    check(tmp_path, "--write-baseline", "known.json")
    assert {"COG002"} == {entry["rule"] for entry in entries(tmp_path)}
    write(tmp_path, {"main.tf": MODULE.replace("var.mode", '"AUDIT"')})
    ran = check(tmp_path, "--baseline", "known.json")
    assert (1, ["COG001"]) == (ran.code, rules(ran))


def test_audit_that_becomes_off_is_the_same_finding(tmp_path):
    """The pool was accepted as one that does not enforce; neither mode stops a sign-in."""
    write(tmp_path, {"t.yaml": template("AUDIT")})
    check(tmp_path, "--write-baseline", "known.json")
    write(tmp_path, {"t.yaml": template("OFF")})
    assert 0 == check(tmp_path, "--baseline", "known.json").code


def test_a_note_that_becomes_a_warning_is_new(tmp_path):
    """An entry accepts its own level and what is milder; a tier that is written as LITE is graver than none."""
    tier = "      UserPoolTier: LITE\n"
    write(tmp_path, {"t.yaml": template("ENFORCED")})
    check(tmp_path, "--write-baseline", "known.json")
    write(tmp_path, {"t.yaml": template("ENFORCED") + tier})
    ran = check(tmp_path, "--baseline", "known.json", "--fail-on", "warning")
    assert (1, ["COG003"]) == (ran.code, rules(ran))
    check(tmp_path, "--write-baseline", "known.json")
    write(tmp_path, {"t.yaml": template("ENFORCED")})
    assert [] == check(tmp_path, "--baseline", "known.json").active


def test_findings_of_one_identity_are_counted(tmp_path):
    """Two documents of one file can hold a pool of the same name: the second is new."""
    write(tmp_path, {"t.yaml": template("OFF")})
    check(tmp_path, "--write-baseline", "known.json")
    write(tmp_path, {"t.yaml": template("OFF") + "---\n" + template("AUDIT")})
    ran = check(tmp_path, "--baseline", "known.json")
    assert [("COG001", "t.yaml", "Pool")] == ran.active
    assert 1 == ran.code
    check(tmp_path, "--write-baseline", "known.json")
    assert {2} == {entry["count"] for entry in entries(tmp_path) if entry["rule"] == "COG001"}
    assert [] == check(tmp_path, "--baseline", "known.json").active


def test_unreadable_input_is_never_known(tmp_path):
    """Exit code 2 when it is written and when it is compared; the file is written all the same."""
    write(tmp_path, {"bad.yaml": "Resources:\n  Pool: {Type: AWS::Cognito::UserPool\n"})
    write(tmp_path, {"t.yaml": template("OFF")})
    assert 2 == check(tmp_path, "--write-baseline", "known.json").code
    assert {"t.yaml"} == {entry["unit"] for entry in entries(tmp_path)}
    ran = check(tmp_path, "--baseline", "known.json")
    assert (2, ["COG900"]) == (ran.code, rules(ran))


def test_what_the_source_suppresses_is_not_written(tmp_path):
    """The comment stays in charge."""
    pool = POOL.replace("resource", "# cognito-lint: ignore[COG001] only for tests\nresource", 1)
    write(tmp_path, {"main.tf": pool})
    check(tmp_path, "--write-baseline", "known.json")
    assert "COG001" not in {entry["rule"] for entry in entries(tmp_path)}
    ran = check(tmp_path, "--baseline", "known.json")
    assert {"comment"} == {f["suppressed"]["by"] for f in ran.report["findings"] if f["rule"] == "COG001"}


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


GOOD = '{"unit": "a", "address": "b", "rule": "COG001", "level": "error"}'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "known.json:1:1: the file is not JSON"),
        ('{"version": 1,\n "findings": [}', "known.json:2:15: the file is not JSON"),
        ("<<<<<<< HEAD\n", "known.json:1:1: the file is not JSON"),
        ("[]", 'known.json:1:1: this is no baseline: it has no "version"'),
        ('{"version": 2, "findings": []}', 'known.json:1:13: "version" is 2'),
        ('{"version": true, "findings": []}', '"version" is true'),
        ('{"version": "1", "findings": []}', '"version" is "1"'),
        ('{"version": 1}', '"findings" must be a list'),
        ('{"version": 1, "findings": {}}', 'known.json:1:28: "findings" must be a list'),
        ('{"version": 1, "findings": [], "x": 1}', 'known.json:1:32: a baseline has no key "x"'),
        ('{"version": 1, "findings": [3]}', "known.json:1:29: an entry must be an object, not 3"),
        (GOOD.replace('"COG001"', '"COG1"'), "there is no rule COG1"),
        (GOOD.replace("COG001", "COG900"), "COG900 cannot be in a baseline"),
        (GOOD.replace("error", "fatal"), '"level" must be one of note, warning, error'),
        (GOOD.replace('"b"', "null"), 'either "address" or "file"'),
        (GOOD.replace('"b"', "7"), '"address" must be a text, not 7'),
        (GOOD.replace('"a"', '""'), '"unit" must be a text'),
        (GOOD.replace('"unit"', '"line": 3, "unit"'), 'an entry has no key "line"'),
        (GOOD.replace('"unit"', '"count": 0, "unit"'), '"count" must be a whole number from 1, not 0'),
        (GOOD.replace('"unit"', '"count": true, "unit"'), "not true"),
        ("[" * 100_000, "nested deeper than"),
        (b'{"version": \xff}', "the file is not UTF-8 text"),
    ],
)
@pytest.mark.parametrize("option", ["--baseline", "--write-baseline"])
def test_a_malformed_baseline_is_exit_2_with_its_place(tmp_path, text, complaint, option):
    """One clear sentence; a file that is no baseline is not overwritten either."""
    if isinstance(text, str) and '"rule"' in text:
        text = f'{{"version": 1, "findings": [{text}]}}'
    write(tmp_path, {"known.json": text})
    write(tmp_path, {"t.yaml": template("OFF")})
    before = (tmp_path / "known.json").read_bytes()
    ran = check(tmp_path, option, "known.json")
    assert 2 == ran.code
    assert complaint in ran.err
    assert 1 == ran.err.count("\n")
    assert before == (tmp_path / "known.json").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--baseline", "none.json"), "--baseline: none.json:1:1: the file cannot be read: no such file"),
        (("--baseline", "."), "it is not a regular file"),
        (("--baseline", ""), "the name of the baseline is empty"),
        (("--prune-baseline",), "--prune-baseline goes with --baseline FILE"),
        (("--baseline", "a.json", "--write-baseline", "b.json"), "name two files"),
        (("--write-baseline", "a.json", "--prune-baseline"), "--write-baseline prunes too"),
        (("--write-baseline", "a.json", "--output", "./a.json"), "cannot go to one file"),
        (("--write-baseline", "no/such/a.json"), "cannot be written"),
    ],
)
def test_wrong_usage_is_exit_2(tmp_path, arguments, complaint):
    """What cannot be meant is said."""
    ran = check(tmp_path, *arguments)
    assert (2, 1) == (ran.code, ran.err.count("\n"))
    assert complaint in ran.err


def test_an_entry_that_a_merge_doubled_counts_once(tmp_path):
    """Two branches that accept one finding do not accept two."""
    write(tmp_path, {"t.yaml": template("OFF") + "---\n" + template("OFF")})
    entry = '{"unit": "t.yaml", "address": "Pool", "rule": "COG001", "level": "error"}'
    write(tmp_path, {"known.json": f'{{"version": 1, "findings": [{entry}, {entry}]}}'})
    assert [("COG001", "t.yaml", "Pool")] == check(tmp_path, "--select", "COG001", "--baseline", "known.json").active


def test_a_baseline_outside_the_repository_is_read(project, tmp_path):
    """The user named it: it is no input that a scanned file chose."""
    check(project, "--write-baseline", tmp_path / "known.json")
    assert "project/dev" in {entry["unit"] for entry in entries(tmp_path)}
    assert 0 == check(project, "--baseline", tmp_path / "known.json").code


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX alone")
@pytest.mark.parametrize("name", ["a b", 'q"uote', "new\nline", "größe", b"\xff\xfe"])
def test_strange_names_are_kept(tmp_path, name):
    """A path is written so that it is read again as it was."""
    folder = os.fsdecode(name)
    try:
        write(tmp_path, {f"{folder}/t.yaml": template("OFF")})
    except OSError as error:
        pytest.skip(f"the file system refuses the name: {error}")
    check(tmp_path, "--write-baseline", "known.json")
    assert [] == check(tmp_path, "--baseline", "known.json").active
    assert f"{folder}/t.yaml" in {entry["unit"] for entry in entries(tmp_path)}


NAMES = st.sampled_from(["a", "b", "c", "d"])
MODES = st.sampled_from(["OFF", "AUDIT", "ENFORCED"])


@settings(max_examples=25)
@given(roots=st.dictionaries(NAMES, MODES, min_size=1), pools=st.dictionaries(NAMES, MODES), lines=st.integers(0, 3))
def test_written_then_compared_nothing_is_new(roots, pools, lines):
    """Nor after lines have moved, nor after the templates' directory was renamed; yet each further root is."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, {"modules/auth/main.tf": MODULE})
        for name, mode in roots.items():
            write(root, {f"roots/{name}/main.tf": call(mode, "../../modules/auth")})
        for name, mode in pools.items():
            write(root, {f"old/{name}.yaml": template(mode, f"Pool{name}")})
        check(root, "--write-baseline", "known.json")
        for path in (*root.rglob("*.tf"), *root.rglob("*.yaml")):
            write(root, {path.relative_to(root): "\n" * lines + path.read_text()})
        if pools:
            (root / "old").rename(root / "new")
        assert [] == check(root, "--baseline", "known.json").active
        write(root, {"roots/e/main.tf": call("OFF", "../../modules/auth")})
        assert ["roots/e"] == units(check(root, "--baseline", "known.json"))
