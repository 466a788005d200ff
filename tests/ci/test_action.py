"""The GitHub Action: its steps, run as the runner runs them."""

from __future__ import annotations

import ast
import json
import subprocess
from pathlib import Path

import pytest
from action_runner import ACTION, Runner, stub
from ci_samples import AUDIT, ENFORCED, EXIT_CODES, HOSTILE, UNREADABLE

BY_PARAMETER = 'Parameters: {Mode: {Type: String, Default: "AUDIT"}}\n' + ENFORCED.replace("ENFORCED", "!Ref Mode")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner with an empty workspace, and this checkout as the installed command."""
    workspace, elsewhere = tmp_path / "the workspace", tmp_path / "runner's temp"
    workspace.mkdir()
    elsewhere.mkdir()
    return Runner(workspace, elsewhere, stub(tmp_path))


def said(runner: Runner) -> list[str]:
    """The arguments that the command got."""
    return ast.literal_eval((runner.command.parent / "arguments.txt").read_text())


def test_enforced_pool_passes(runner):
    """Without findings the step succeeds, and says so in its outputs and its summary."""
    (runner.workspace / "template.yaml").write_text(ENFORCED)
    run = runner.use()
    assert (0, "0") == (run.exit_code, run.outputs["exit-code"]), run.log
    assert "## cognito-lint" in run.summary
    assert [] == run.used


def test_findings_fail_the_step_and_are_still_published(runner):
    """The log, annotations, summary and SARIF hold the finding, and SARIF is uploaded although the step failed."""
    (runner.workspace / "template.yaml").write_text(AUDIT)
    run = runner.use(upload_sarif="true", sarif_category="infra")
    assert (1, "1") == (run.exit_code, run.outputs["exit-code"])
    assert "error[COG001]" in run.log
    assert ["error"] == [name for name, _ in run.commands()]
    assert "COG001" in run.summary
    results = json.loads(Path(run.outputs["sarif-file"]).read_text())["runs"][0]["results"]
    assert ["COG001"] == [result["ruleId"] for result in results]
    (action, given), *others = run.used
    assert action.startswith("github/codeql-action/upload-sarif@")
    assert {"sarif_file": run.outputs["sarif-file"], "category": "infra"} == given
    assert [] == others


def test_places_are_those_of_the_repository(runner):
    """In a working directory of its own, annotations and SARIF name files as seen from the workspace."""
    (runner.workspace / "infra stack").mkdir()
    (runner.workspace / "infra stack" / "template.yaml").write_text(AUDIT)
    run = runner.use(working_directory="infra stack")
    assert "file=infra stack/template.yaml" in run.log
    assert "infra%20stack/template.yaml" in Path(run.outputs["sarif-file"]).read_text()


@pytest.mark.parametrize(("text", "inputs", "expected"), EXIT_CODES)
def test_exit_code_is_the_command_s(runner, text, inputs, expected):
    """0 to 3 are the step's exit code and its output."""
    (runner.workspace / "template.yaml").write_text(text)
    run = runner.use(**inputs)
    assert (expected, str(expected)) == (run.exit_code, run.outputs["exit-code"]), run.log


def test_unreadable_input_is_published_too(runner):
    """What could not be read stands in the SARIF that is uploaded and in the summary."""
    (runner.workspace / "template.yaml").write_text(UNREADABLE)
    run = runner.use(upload_sarif="true")
    assert 1 == len(run.used)
    assert "COG900" in Path(run.outputs["sarif-file"]).read_text()
    assert "COG900" in run.summary


def test_after_wrong_usage_there_is_nothing_to_upload(runner):
    """Without a report, the output is empty and the upload is left out: it would fail and hide the reason."""
    run = runner.use(args="--no-such-option", upload_sarif="true")
    assert "there is no option --no-such-option" in run.log
    assert ("", []) == (run.outputs["sarif-file"], run.used)


@pytest.mark.parametrize("name", sorted(ACTION["inputs"].keys() - {"python"}))
def test_nothing_in_an_input_is_run(runner, name):
    """Quotes, blanks, `$()`, backticks and line ends in any input stay text."""
    (runner.workspace / "template.yaml").write_text(ENFORCED)
    runner.use(**{name.replace("-", "_"): f"{HOSTILE}\n{HOSTILE}"})
    assert [] == list(runner.workspace.parent.rglob("pwned"))


def test_python_is_a_program_and_no_script(runner):
    """A `python` that is none is not found, and is not read by the shell."""
    run = runner.use(python=HOSTILE)
    assert 127 == run.exit_code
    assert [] == list(runner.workspace.parent.rglob("pwned"))


def test_lines_are_arguments(runner):
    """Each line is one argument, whatever is in it; blanks around it and empty lines are none."""
    run = runner.use(
        paths=f"{HOSTILE}\r\n\n  -v  \n--fail-on=never\n",
        var_files="prod.tfvars\n$(touch pwned).tfvars",
        variables='mode = "A B"',
        parameters="Mode=-x",
        parameter_files="p.json",
        args="--exclude\nout dir/**",
        strict="true",
        select="COG001,COG002",
        ignore="COG003",
        fail_on="warning",
        format="concise\njson=my report.json",
        summary="false",
        annotations="false",
    )
    assert [
        "check",
        "--fail-on=warning",
        "--select=COG001,COG002",
        "--ignore=COG003",
        "--format=concise",
        "--format=json=my report.json",
        "--format=sarif=…",
        "--var-file=prod.tfvars",
        "--var-file=$(touch pwned).tfvars",
        '--var=mode = "A B"',
        "--parameters=p.json",
        "--parameter=Mode=-x",
        "--strict",
        "--exclude",
        "out dir/**",
        "--",
        HOSTILE,
        "-v",
        "--fail-on=never",
    ] == [word if "sarif=" not in word else "--format=sarif=…" for word in said(runner)]
    assert 2 == run.exit_code


def test_settings_decide_what_no_input_says(runner):
    """Without inputs nothing is said of paths, rules and levels, which the repository's settings may name."""
    runner.use(annotations="false", summary="false")
    assert ["check", "--format=text", "--format=sarif=…", "--"] == [
        word if "sarif=" not in word else "--format=sarif=…" for word in said(runner)
    ]


def test_a_path_is_never_an_option(runner):
    """A file of the checked repository cannot lower the fail level by its name."""
    (runner.workspace / "--fail-on=never").mkdir()
    (runner.workspace / "--fail-on=never" / "template.yaml").write_text(AUDIT)
    run = runner.use(paths="--fail-on=never")
    assert 1 == run.exit_code, run.log


def test_nothing_is_read_from_the_runner(runner):
    """The path - is stdin, and a step has none."""
    run = runner.use(paths="-")
    assert "Stray" not in run.log + run.summary


def test_only_what_a_pull_request_touches(runner):
    """`--changed-since` goes through `args`, and reports what the change reads alone."""
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@b.example"]
    (runner.workspace / "old.yaml").write_text(AUDIT)
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message=old"]):
        subprocess.run([*git, *command], cwd=runner.workspace, check=True)
    (runner.workspace / "new.yaml").write_text(ENFORCED)
    assert 0 == runner.use(args="--changed-since=HEAD").exit_code
    (runner.workspace / "new.yaml").write_text(AUDIT)
    run = runner.use(args="--changed-since=HEAD")
    assert 1 == run.exit_code, run.log
    assert ("new.yaml" in run.log, "old.yaml" in run.log) == (True, False)


def test_parameters_override_files(runner):
    """What the workflow says of a deployment is what is judged."""
    (runner.workspace / "template.yaml").write_text(BY_PARAMETER)
    (runner.workspace / "p.json").write_text('{"Mode": "OFF"}')
    assert 1 == runner.use(parameter_files="p.json").exit_code
    run = runner.use(parameter_files="p.json", parameters="Mode=ENFORCED")
    assert 0 == run.exit_code, run.log


def test_checked_text_gives_the_runner_no_commands(runner):
    """A template that holds workflow commands is shown, and none of them is obeyed."""
    lines = "\n::add-mask::x\n##[add-matcher]evil.json\n      "
    (runner.workspace / "template.yaml").write_text(f"{AUDIT}    # ##[add-matcher]evil.json\n")
    (runner.workspace / "##[add-matcher]evil.json.yaml").write_text(
        AUDIT.replace("AUDIT", '"##[add-matcher]evil.json"')
    )
    (runner.workspace / "lines.json").write_text(
        json.dumps({"Resources": {lines: {"Type": "AWS::Cognito::UserPool", "Properties": {}}}})
    )
    run = runner.use(format="text")
    assert 1 == run.exit_code
    assert "##[add-matcher]" in run.log
    assert {"error"} == {name for name, _ in run.commands()}
    assert 3 == len(run.commands())
    assert "" == run.beside


def test_github_is_a_format_like_others(runner):
    """`format: github` gives annotations alone, also where `annotations` says false."""
    (runner.workspace / "template.yaml").write_text(AUDIT)
    run = runner.use(format="github", annotations="false")
    assert ["error"] == [name for name, _ in run.commands()]
    assert "error[COG001]" not in run.log


def test_annotations_and_summary_can_be_left_out(runner):
    """What is not asked for is not written; a finding still fails the step."""
    (runner.workspace / "template.yaml").write_text(AUDIT)
    run = runner.use(annotations="false", summary="false")
    assert ([], "", 1) == (run.commands(), run.summary, run.exit_code)
    assert "error[COG001]" in run.log


@pytest.mark.parametrize("name", ["strict", "annotations", "summary", "upload-sarif"])
def test_neither_true_nor_false(runner, name):
    """A mistyped switch is said, for as text it would quietly be off."""
    run = runner.use(**{name.replace("-", "_"): "yes"})
    assert (2, "2") == (run.exit_code, run.outputs["exit-code"])
    assert f"cognito-lint: {name}: 'yes' is neither true nor false" in run.log


def test_missing_working_directory(runner):
    """A directory that is not there is said by its name."""
    run = runner.use(working_directory="gone")
    assert 2 == run.exit_code
    assert "working-directory: there is no directory 'gone'" in run.log


def test_every_input_reaches_a_script(runner):
    """No input is documented and forgotten, and every step's script gets only what action.yml names."""
    text = json.dumps(ACTION["runs"])
    assert [] == [name for name in ACTION["inputs"] if f"inputs.{name} " not in text]
    assert [] == [step["name"] for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")]


@pytest.mark.parametrize("version", ["1.0 --index-url=x", "@ file:///x", "latest", HOSTILE])
def test_version_is_a_version(runner, version):
    """Nothing but a number can be asked of the package index."""
    runner.command = None
    run = runner.use(version=version)
    assert 2 == run.exit_code
    assert "is no version; write one as 1.2.3" in run.log


@pytest.mark.hosts
def test_installs_its_own_checkout(runner):
    """The action's own files are what runs, in an environment of its own, and no module of the workspace is run."""
    runner.command = None
    for module in ("venv", "pip", "subprocess", "sitecustomize", "cognito_lint", "yaml"):
        (runner.workspace / f"{module}.py").write_text("open('pwned', 'w'); raise SystemExit(0)\n")
    (runner.workspace / "template.yaml").write_text(AUDIT)
    run = runner.use()
    assert 1 == run.exit_code, run.log
    assert "error[COG001]" in run.log
    assert [] == list(runner.workspace.parent.rglob("pwned"))
