"""The command end to end, without a process: arguments and files in, exit code, report and log out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from cognito_lint import __version__, pipeline
from cognito_lint.cli import Shell, main

AUDIT = """\
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns:
        AdvancedSecurityMode: AUDIT
"""
ENFORCED = AUDIT.replace("AUDIT", "ENFORCED")
PARAMETER = """\
Parameters:
  Mode: {Type: String, AllowedValues: [AUDIT, ENFORCED]}
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns: {AdvancedSecurityMode: !Ref Mode}
"""
MODULE = """\
variable "mode" {
  type = string
}

resource "aws_cognito_user_pool" "this" {
  name = "x"
  user_pool_add_ons {
    advanced_security_mode = var.mode
  }
}
"""

POOL_TF = """\
resource "aws_cognito_user_pool" "this" {
  name = "x"
}
"""


@dataclass
class Run:
    code: int
    out: str
    err: str

    @property
    def verdicts(self):
        return {pool["address"]: pool["verdict"] for pool in json.loads(self.out)["pools"]}


@pytest.fixture
def run(tmp_path):
    def command(*arguments, stdin=b"", environment=None):
        out, err = io.StringIO(), io.StringIO()
        try:
            code = main(list(arguments), Shell(io.BytesIO(stdin), out, err, environment or {}, tmp_path))
        except SystemExit as stop:
            code = stop.code
        return Run(code, out.getvalue(), err.getvalue())

    return command


@pytest.fixture
def write(tmp_path):
    def file(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return file


def test_good_template_is_exit_0(run, write):
    """Nothing at or above the fail level: exit code 0."""
    write("t.yaml", ENFORCED)
    assert 0 == run("check").code


def test_bad_template_is_exit_1_and_shows_source_and_help(run, write):
    """A finding has the place, the line, a caret and what to write instead."""
    write("t.yaml", AUDIT)
    ran = run("check", "t.yaml")
    assert 1 == ran.code
    assert "error[COG001] threat-protection-not-enforced: Pool" in ran.out
    assert "t.yaml:6:31" in ran.out
    assert "^^^^^ decided here" in ran.out
    assert "write UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}" in ran.out
    assert "1 user pool in 1 file: 1 not enforced" in ran.err


def test_the_directory_above_holds_the_working_directory(run, write, tmp_path):
    """`check ..` reports what lies here, too."""
    (tmp_path / ".git").mkdir()
    write("sub/t.yaml", AUDIT)
    out = io.StringIO()
    assert 1 == main(["check", ".."], Shell(io.BytesIO(), out, io.StringIO(), {}, tmp_path / "sub"))
    assert "t.yaml:6:31" in out.getvalue()


def test_empty_directory_says_that_there_is_nothing_to_check(run):
    """Exit code 0, and a summary that says so."""
    ran = run("check")
    assert (0, "") == (ran.code, ran.out)
    assert "no Cognito user pool was found" in ran.err


def test_missing_path_is_exit_3_and_the_rest_is_reported(run, write):
    """Higher wins over lower."""
    write("t.yaml", AUDIT)
    ran = run("check", "t.yaml", "nope.yaml", "--format", "json")
    assert 3 == ran.code
    assert "no such path: nope.yaml" in ran.err
    assert "(1 file looked at" in ran.err
    assert {"Pool": "not-enforced"} == ran.verdicts


def test_unreadable_input_is_exit_2_and_the_rest_is_reported(run, write):
    """A broken file that mentions a pool is COG900 with its position; the good one is judged all the same."""
    write("good.yaml", ENFORCED)
    write("bad.yaml", "Resources:\n  Pool: {Type: AWS::Cognito::UserPool\n")
    ran = run("check", "--format", "json")
    document = json.loads(ran.out)
    assert 2 == ran.code
    assert {"good.yaml"} == {pool["file"] for pool in document["pools"] if pool["verdict"] == "enforced"}
    assert ["bad.yaml"] == [error["file"] for error in document["errors"]]
    assert [("COG900", None)] == [(f["rule"], f["address"]) for f in document["findings"] if f["level"] == "error"]


@pytest.mark.parametrize("data", [b"\xff\xfeAWS::Cognito::UserPool!", b"AWS::Cognito::UserPool \xff\xff\x00"])
def test_binary_that_mentions_a_pool_is_a_clear_line(run, write, data):
    """Bytes that are no text are COG900, not a traceback."""
    write("t.yaml", data)
    ran = run("check", "t.yaml")
    assert 2 == ran.code
    assert "COG900" in ran.out


def test_file_without_a_pool_is_silence(run, write):
    """A broken file of a unit without pools is none of our business."""
    write("broken.yaml", "a: [")
    write("broken.tf", 'resource "aws_s3_bucket" {{{')
    write("image.json", b"\x89PNG\xff\xfe")
    ran = run("check")
    assert (0, "") == (ran.code, ran.out)


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


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        (0, ["--parameter", "Mode=ENFORCED"]),
        (1, ["--parameter", "Mode=AUDIT"]),
        (0, []),
        (1, ["--fail-on", "warning"]),
        (0, ["--parameter", "Mode=AUDIT", "--fail-on", "never"]),
        (2, ["--parameter", "Mode=OFF"]),
        (2, ["--parameter", "Mood=OFF"]),
        (2, ["--parameter", "Mode"]),
        (2, ["--select", "COG01"]),
        (2, ["--format", "yaml"]),
        (2, ["--parameters", "absent.json"]),
        (2, ["--var-file", "absent.tfvars"]),
    ],
)
def test_exit_codes(run, write, expected, arguments):
    """Inputs and the fail level decide the exit code; wrong usage is 2."""
    write("t.yaml", PARAMETER)
    assert expected == run("check", "t.yaml", *arguments).code


REGIONAL = """\
Conditions:
  Home: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      UserPoolAddOns: {AdvancedSecurityMode: !If [Home, ENFORCED, AUDIT]}
"""


@pytest.mark.parametrize(
    ("expected", "region"), [("enforced", "eu-west-1"), ("not-enforced", "us-east-1"), ("unproven", None)]
)
def test_the_region_is_given_as_a_parameter(run, write, expected, region):
    """A pseudo parameter is an input like any other, on the command line and in the settings; no template needs to
    use it."""
    write("regional.yaml", REGIONAL)
    write("plain.yaml", "Resources: {Plain: {Type: 'AWS::Cognito::UserPool'}}")
    given = ["--parameter", f"AWS::Region={region}"] if region else []
    by_option = run("check", "--format", "json", *given)
    table = f'[[templates]]\npath = "*"\nparameters = {{ "AWS::Region" = "{region}" }}\n' if region else ""
    write(".cognito-lint.toml", table)
    for ran in (by_option, run("check", "--format", "json")):
        verdicts = {pool["address"]: pool["verdict"] for pool in json.loads(ran.out)["pools"]}
        assert {"Plain": "not-enforced", "Pool": expected} == verdicts
    alone = run("check", "plain.yaml", "--isolated", *given)
    assert 1 == alone.code, alone.err


def test_mistyped_variable_is_wrong_usage(run, write):
    """Terraform refuses a --var that the root module does not declare."""
    write("main.tf", MODULE)
    ran = run("check", "--var", "mdoe=ENFORCED")
    assert 2 == ran.code
    assert "mdoe" in ran.err


def test_parameters_file_goes_under_parameter(run, write):
    """--parameter wins over --parameters."""
    write("t.yaml", PARAMETER)
    write("p.json", '{"Mode": "AUDIT"}')
    assert 1 == run("check", "t.yaml", "--parameters", "p.json").code
    assert 0 == run("check", "t.yaml", "--parameters", "p.json", "--parameter", "Mode=ENFORCED").code


def test_last_of_var_and_var_file_wins(run, write):
    """As on Terraform's own command line."""
    write("main.tf", MODULE)
    write("audit.tfvars", 'mode = "AUDIT"')
    ran = run("check", "--format", "json", "--var", "mode=ENFORCED", "--var-file", "audit.tfvars")
    assert {"aws_cognito_user_pool.this": "not-enforced"} == ran.verdicts
    ran = run("check", "--format", "json", "--var-file", "audit.tfvars", "--var", "mode=ENFORCED")
    assert {"aws_cognito_user_pool.this": "enforced"} == ran.verdicts


def test_environment_is_lowest_and_can_be_left_out(run, write):
    """TF_VAR_* gives a value unless --isolated."""
    write("main.tf", MODULE)
    environment = {"TF_VAR_mode": "ENFORCED"}
    assert {"aws_cognito_user_pool.this": "enforced"} == run(
        "check", "--format", "json", environment=environment
    ).verdicts
    assert {"aws_cognito_user_pool.this": "unproven"} == run(
        "check", "--format", "json", "--isolated", environment=environment
    ).verdicts


def test_named_file_loads_the_roots_that_use_it(run, write):
    """pre-commit names the changed file: the callers decide the verdict."""
    write("modules/auth/main.tf", MODULE)
    write("envs/dev/main.tf", 'module "auth" {\n  source = "../../modules/auth"\n  mode = "OFF"\n}\n')
    write("envs/prod/main.tf", 'module "auth" {\n  source = "../../modules/auth"\n  mode = "ENFORCED"\n}\n')
    write("other/main.tf", MODULE)
    pools = json.loads(run("check", "--format", "json", "modules/auth/main.tf").out)["pools"]
    assert {("envs/dev", "not-enforced"), ("envs/prod", "enforced")} == {(p["unit"], p["verdict"]) for p in pools}


def test_deleted_tfvars_file_reports_what_used_to_read_it(run, write):
    """Deleting the file that said ENFORCED must not go unseen."""
    write("main.tf", MODULE)
    ran = run("check", "--format", "json", "prod.auto.tfvars")
    assert 0 == ran.code
    assert {"aws_cognito_user_pool.this": "unproven"} == ran.verdicts


def test_stdin_stands_for_a_file(run, write):
    """`-` with a name that says what it is."""
    ran = run("check", "-", "--stdin-filename", "infra/t.yaml", "--format", "json", stdin=AUDIT.encode())
    assert 1 == ran.code
    assert ["infra/t.yaml"] == [pool["file"] for pool in json.loads(ran.out)["pools"]]
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


def test_plan_past_the_bound_of_size_is_unreadable_not_passed(run, write):
    """A plan that speaks of a pool and is too large to read is exit code 2."""
    write("plan.json", b'{"type": "aws_cognito_user_pool", "pad": "' + b"a" * (32 * 1024 * 1024) + b'"}')
    ran = run("check")
    assert 2 == ran.code
    assert "32 MiB" in ran.out


def test_same_input_same_bytes(run, write):
    """The JSON holds no time and no order of chance."""
    write("b/t.yaml", AUDIT)
    write("a/t.yaml", PARAMETER)
    assert run("check", "--format", "json").out == run("check", "--format", "json").out


def test_json_contract(run, write):
    """The keys of version 1."""
    write("t.yaml", AUDIT)
    document = json.loads(run("check", "--format", "json").out)
    assert ["version", "tool", "summary", "pools", "findings", "errors"] == list(document)
    assert {"name": "cognito-lint", "version": __version__} == document["tool"]
    (pool,) = document["pools"]
    assert {
        "address": "Pool",
        "kind": "cloudformation",
        "unit": "t.yaml",
        "file": "t.yaml",
        "line": 2,
        "column": 3,
        "verdict": "not-enforced",
        "modes": [{"value": "AUDIT", "unknown": None, "when": []}],
        "tier": None,
    } == {key: value for key, value in pool.items() if key != "trace"}
    assert [(6, 31, 6, 36, "decided here")] == [
        (s["line"], s["column"], s["end_line"], s["end_column"], s["text"]) for s in pool["trace"]
    ]
    (finding,) = document["findings"]
    assert ("COG001", "error", "Pool", None) == tuple(finding[k] for k in ("rule", "level", "address", "suppressed"))


def test_rules_are_selected_and_ignored(run, write):
    """By id or by name; COG900 cannot be left out."""
    write("t.yaml", AUDIT)
    assert 0 == run("check", "--ignore", "COG001").code
    assert 0 == run("check", "--select", "threat-protection-unproven").code
    write("bad.yaml", "AWS::Cognito::UserPool: [")
    assert 2 == run("check", "--ignore", "COG900", "bad.yaml").code


def test_color_follows_the_environment(run, write):
    """NO_COLOR wins over FORCE_COLOR; --color over both."""
    write("t.yaml", AUDIT)
    assert "\033[" not in run("check").out
    assert "\033[" in run("check", environment={"FORCE_COLOR": "1"}).out
    assert "\033[" not in run("check", environment={"FORCE_COLOR": "1", "NO_COLOR": "1"}).out
    assert "\033[" in run("check", "--color", "always", environment={"NO_COLOR": "1"}).out


def test_output_is_written_whole_or_not_at_all(run, write, tmp_path):
    """An unwritable target is wrong usage and leaves nothing behind."""
    write("t.yaml", AUDIT)
    assert 1 == run("check", "t.yaml", "--format", "json", "--output", "r.json").code
    assert 1 == json.loads((tmp_path / "r.json").read_text())["version"]
    assert 2 == run("check", "t.yaml", "--output", "no/such/folder/r.txt").code
    assert {"r.json", "t.yaml"} == set(os.listdir(tmp_path))


def test_show_files_quiet_and_verbose(run, write):
    """What is looked at, what each unit read, or nothing on stderr."""
    write("t.yaml", AUDIT)
    assert "t.yaml\n" == run("check", "--show-files").out
    assert "t.yaml (cloudformation): t.yaml" in run("check", "-v").err
    assert "" == run("check", "-q").err


def test_explain_and_rules(run):
    """Every rule has a page and a line."""
    assert "## What it finds" in run("explain", "COG001").out
    assert 2 == run("explain", "COG999").code
    listed = json.loads(run("rules", "--format", "json").out)["rules"]
    assert {"COG001", "COG002", "COG900", "COG901"} <= {rule["id"] for rule in listed}
    assert all(rule["id"] in run("rules").out for rule in listed)


def test_adapter_paths_are_folders(run):
    """Both hosts' folders can be printed."""
    for host, folder in (("cfn-lint", "cfn_rules"), ("checkov", "checkov_checks")):
        assert run("adapter-path", host).out.rstrip("\n").endswith(folder)


def test_version_imports_no_parser():
    """The command starts fast: no parser, no rule and no wing for --version."""
    code = (
        "import sys\nfrom cognito_lint.cli import main, Shell\n"
        "try: main(['--version'], Shell(sys.stdin.buffer, sys.stdout, sys.stderr, {}, None))\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in {'yaml', 'tree_sitter', 're2', 'hcl2'}"
        " or m.startswith(('cognito_lint.rules', 'cognito_lint.terraform', 'cognito_lint.cloudformation'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"cognito-lint {__version__}\n[]\n" == done.stdout


def test_closed_pipe_is_no_traceback(write, tmp_path):
    """`cognito-lint check | head -1` ends quietly."""
    for number in range(300):
        write(f"t{number}.yaml", AUDIT)
    command = f"{sys.executable} -m cognito_lint check -q | head -1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "" == done.stderr
    assert "COG001" in done.stdout


def test_paths_stand_between_options(run, write):
    """A path after an option that follows another path is checked as well."""
    write("a.yaml", AUDIT)
    write("b.yaml", AUDIT)
    ran = run("check", "a.yaml", "--strict", "b.yaml", "--format", "concise")
    assert ["a.yaml", "b.yaml"] == [line.split(":")[0] for line in ran.out.splitlines() if "COG001" in line]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "did you mean check?"),
        (["infra"], "write cognito-lint check infra"),
        (["check", "--formatt", "json"], "did you mean --format?"),
        (["check", "--format", "jsn"], "did you mean json?"),
        (["check", "--fail-on", "warn"], "did you mean warning?"),
        (["explain", "COG001", "COG002"], "'COG002' is one argument too many"),
    ],
)
def test_wrong_usage_names_what_is_near(run, capsys, arguments, said):
    """Wrong usage is one sentence with the nearest word, and where to read on; not the whole usage."""
    assert 2 == run(*arguments).code
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith(said)
    assert "--help" in second


def test_no_command_shows_the_help(run):
    """Without a command the help says what there is, as wrong usage."""
    ran = run()
    assert (2, "") == (ran.code, ran.out)
    assert "cognito-lint check" in ran.err


@pytest.mark.parametrize("rule", ["COG1", "cog01", "COG0001"])
def test_rule_with_other_zeros(run, rule):
    """A rule's number with too few or too many zeros leads to the rule."""
    ran = run("explain", rule)
    assert 2 == ran.code
    assert f"there is no rule {rule}; did you mean COG001?" in ran.err


def test_empty_path_is_wrong_usage(run, write):
    """An unset variable of a CI script does not stand for the working directory."""
    write("t.yaml", AUDIT)
    assert 2 == run("check", "").code


@pytest.mark.parametrize("code", [POOL_TF, '{"resource": {"aws_cognito_user_pool": {"a": {"name": "x"}}}}'])
def test_terraform_on_stdin_needs_a_name(run, code):
    """Terraform code on stdin is never passed over as a file of no kind: its name says how it is read."""
    ran = run("check", "-", stdin=code.encode())
    assert 2 == ran.code
    assert "--stdin-filename" in ran.err
    assert (
        1 == run("check", "-", "--stdin-filename", f"main.tf{'.json' * code.startswith('{')}", stdin=code.encode()).code
    )


def test_named_file_that_no_reader_takes_is_said(run, write):
    """A file that the user names and that speaks of Terraform's user pools is not left out in silence."""
    write("pool.hcl", POOL_TF)
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


def test_a_mistake_of_ours_is_exit_2(run, write, monkeypatch):
    """An error that nobody foresaw looks like no report: one line with its place, and not the exit code of findings."""

    def fail(*_arguments):
        raise KeyError("unforeseen")

    monkeypatch.setattr(pipeline, "units", fail)
    write("t.yaml", ENFORCED)
    answer = run("check")
    assert (2, "") == (answer.code, answer.out)
    assert answer.err.startswith(
        "cognito-lint: a mistake of its own stopped it (KeyError: 'unforeseen' at test_cli.py:"
    )
    assert 1 == answer.err.count("\n")
