"""The GitLab template: its job, with its script run as GitLab's runner runs it."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from action_runner import ROOT, stub
from ci_samples import AUDIT, EXIT_CODES, HOSTILE
from junitparser import JUnitXml

HEADER, TEMPLATE = yaml.safe_load_all((ROOT / "templates/cognito-lint.yml").read_text())
INPUTS = HEADER["spec"]["inputs"]
# `python3 -I -m venv DIR` makes an environment with this checkout, whose `python -I -m pip install` is written down
VENV = """\
#!/bin/sh
test "$1 $2 $3" = "-I -m venv" && mkdir "$4/bin" && cp "{tools}/cognito-lint" "{tools}/python" "$4/bin"
"""
PIP = """\
#!/bin/sh
test "$1 $2 $3 $4" = "-I -m pip install" && printf '%s' "$*" > "{tools}/installed.txt"
"""


def job(**inputs: str) -> tuple[str, dict]:
    """The one job and its name, with inputs (`_` for `-`) put in."""
    said = {name: given["default"] for name, given in INPUTS.items()}
    said |= {name.replace("_", "-"): value for name, value in inputs.items()}
    assert said.keys() == INPUTS.keys()

    def interpolated(node):
        if isinstance(node, dict):
            return {interpolated(name): interpolated(value) for name, value in node.items()}
        if isinstance(node, list):
            return [interpolated(item) for item in node]
        return re.sub(r"\$\[\[ inputs\.(\S+) \]\]", lambda found: said[found[1]], node)

    ((name, found),) = interpolated(TEMPLATE).items()
    return name, found


@pytest.fixture(params=["bash", "sh"])
def run(tmp_path: Path, request):
    """Runs the job in a project, by each of the shells that images have."""
    shell = shutil.which(request.param)
    if shell is None:
        pytest.skip(f"no {request.param} on this machine")
    project, tools, temporary = tmp_path / "the project", tmp_path / "tools", tmp_path / "temporary"
    for directory in (project, tools, temporary):
        directory.mkdir()
    stub(tools)
    for name, text in (("python3", VENV), ("python", PIP)):
        (tools / name).write_text(text.format(tools=tools))
        (tools / name).chmod(0o755)

    def call(**inputs: str) -> subprocess.CompletedProcess[str]:
        _, found = job(**inputs)
        environment = {
            **os.environ,
            **found["variables"],
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "TMPDIR": str(temporary),
            "CI_PROJECT_DIR": str(project),
        }
        script = "\n".join(["set -e", *found["before_script"], *found["script"]])
        return subprocess.run(
            [shell, "-c", script], cwd=project, env=environment, capture_output=True, text=True, check=False
        )

    call.project, call.tools = project, tools
    return call


def arguments(run) -> list[str]:
    """What the command was called with."""
    return ast.literal_eval((run.tools / "arguments.txt").read_text())


@pytest.mark.parametrize(("text", "inputs", "expected"), EXIT_CODES)
def test_exit_code_is_the_command_s(run, text, inputs, expected):
    """0 to 3 are the job's."""
    (run.project / "template.yaml").write_text(text)
    ran = run(**inputs)
    assert expected == ran.returncode, ran.stdout + ran.stderr


def test_findings_are_in_the_artifacts(run):
    """The log shows the finding, and the reports that GitLab collects hold it although the job fails."""
    (run.project / "template.yaml").write_text(AUDIT)
    ran = run()
    assert "error[COG001]" in ran.stdout
    artifacts = job()[1]["artifacts"]
    assert "always" == artifacts["when"]
    (issue,) = json.loads((run.project / artifacts["reports"]["codequality"]).read_text())
    assert ("COG001", "template.yaml") == (issue["check_name"], issue["location"]["path"])
    assert 1 == JUnitXml.fromfile(str(run.project / artifacts["reports"]["junit"])).failures


def test_lines_are_arguments(run):
    """Each line is one argument, whatever is in it, and nothing in it is run; no path is an option."""
    run(args=f"--exclude\n  out dir/**  \n\n{HOSTILE}", paths=f"{HOSTILE}\n--fail-on=never\n", fail_on="warning")
    assert [
        "check",
        "--format=text",
        "--format=gitlab=gl-code-quality-report.json",
        "--format=junit=cognito-lint.junit.xml",
        "--fail-on=warning",
        "--exclude",
        "out dir/**",
        HOSTILE,
        "--",
        HOSTILE,
        "--fail-on=never",
    ] == arguments(run)
    assert [] == list(run.project.parent.rglob("pwned"))


@pytest.mark.parametrize("name", sorted(INPUTS.keys() - {"image", "stage", "job-name"}))
def test_nothing_in_an_input_is_run(run, name):
    """Quotes, blanks, `$()`, backticks and line ends in any input stay text."""
    run(**{name.replace("-", "_"): f"{HOSTILE}\n{HOSTILE}"})
    assert [] == list(run.project.parent.rglob("pwned"))


def test_settings_decide_what_no_input_says(run):
    """Without inputs nothing is said of paths and levels, which the project's settings may name."""
    run()
    assert ["check", "--format=text"] == arguments(run)[:2]
    assert ["--format=junit=cognito-lint.junit.xml", "--"] == arguments(run)[3:]


def test_the_version_is_installed(run):
    """One release, by its number."""
    run(version="1.2.3")
    installed = (run.tools / "installed.txt").read_text()
    assert "-I -m pip install --quiet --disable-pip-version-check cognito-lint==1.2.3" == installed


@pytest.mark.parametrize("version", ["1.0 --index-url=x", "1.0,<2", "@ file:///x", HOSTILE, ""])
def test_version_is_a_version(version):
    """GitLab refuses what is no version, before a job is made."""
    assert not re.search(INPUTS["version"]["regex"], version)
    assert re.search(INPUTS["version"]["regex"], INPUTS["version"]["default"])


def test_inputs_stay_out_of_the_script():
    """An input's text in a script line would be run."""
    ((_, found),) = TEMPLATE.items()
    assert "inputs." not in "".join([*found["before_script"], *found["script"]])
    assert [] == [
        name for name in INPUTS if f"$[[ inputs.{name} ]]" not in (ROOT / "templates/cognito-lint.yml").read_text()
    ]


def test_two_jobs_of_one_template():
    """A project that includes it twice names the jobs."""
    assert "cognito-lint" == job()[0]
    name, found = job(job_name="cognito-lint eu", stage="lint", image="python:3.12")
    assert ("cognito-lint eu", "lint", "python:3.12") == (name, found["stage"], found["image"])
