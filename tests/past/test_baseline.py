"""`--baseline`, `--write-baseline`: known findings do not count, new ones always do."""

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from past_projects import call, check, entries, rules, template, units

from command_runs import write
from pool_samples import MODULE, POOL


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
