"""`--format`: one or several, each to its place."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from report_samples import EMPTY, FILES, FULL

import command_runs
from cognito_lint.report import formats
from cognito_lint.report.destinations import FORMATS

POOL = '{"UserPool": {"Id": "eu-west-1_x", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}}'


@pytest.fixture
def check(tmp_path):
    """Run `cognito-lint check` on a snapshot in a folder of its own: exit code, stdout, stderr."""
    (tmp_path / ".git").mkdir()
    here = tmp_path / "infra"
    here.mkdir()
    (here / "pool.json").write_text(POOL)

    def run(*arguments, **environment):
        return command_runs.run(here, "check", *arguments, environment=environment)

    run.here = here
    return run


def test_every_format_that_can_be_asked_for_is_there():
    """What the command line offers and what is rendered are the same."""
    assert set(FORMATS) == set(formats.RENDERERS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_a_function_of_the_report(name):
    """Same input, same bytes, ending in a line feed if there are any; no two reports share state."""
    options = formats.Options(project="sub", exit_code=2)
    once = formats.render(name, FULL, FILES.get, options)
    formats.render(name, EMPTY, FILES.get, options)
    assert once == formats.render(name, FULL, FILES.get, options)
    assert once.endswith("\n")


@pytest.mark.parametrize("name", FORMATS)
def test_only_the_format_that_is_asked_for_is_imported(name):
    """The command starts fast: no format brings the others along (Markdown shows what text shows)."""
    code = (
        "import sys; from cognito_lint.report import formats; from cognito_lint.report.report import Report; "
        f"formats.render({name!r}, Report(), lambda path: None, formats.Options()); "
        "print(*sorted(m.rpartition('.')[2] for m in sys.modules if m.endswith('_report')))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    expected = ["markdown_report", "text_report"] if name == "markdown" else [f"{name}_report"]
    assert expected == answer.stdout.split()


def test_several_formats_at_once(check):
    """Each to its file, one to stdout, and the exit code of any of them alone."""
    code, out, _ = check("--format", "concise", "--format", "sarif=o.sarif", "--format", "json=o.json")
    assert (1, True) == (code, out.startswith("pool.json:1:"))
    run = json.loads((check.here / "o.sarif").read_text())["runs"][0]
    assert 1 == run["invocations"][0]["exitCode"]
    assert 1 == json.loads((check.here / "o.json").read_text())["version"]


def test_output_names_the_file_of_a_single_format(check):
    """Nothing goes to stdout then."""
    assert (1, "") == check("--format", "json", "--output", "o.json")[:2]
    assert (1, "") == check("--output", "o.txt")[:2]
    assert "error[COG001]" in (check.here / "o.txt").read_text()


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("there is no format 'jsno'; did you mean json?", ["--format", "jsno"]),
        ("there is no format 'x9'; choose from text, concise, json", ["--format", "x9=o"]),
        ("write json=FILE, or json alone for stdout", ["--format", "json="]),
        ("only one format can go to stdout", ["--format", "json", "--format", "text"]),
        ("--output goes with a single format", ["--format", "json=a", "--output", "b"]),
        ("--output goes with a single format", ["--format", "json", "--format", "text=a", "--output", "b"]),
        ("two formats cannot go to one file: a", ["--format", "json=a", "--format", "text=./a"]),
        ("gone/a cannot be written: no such file or directory", ["--format", "json=gone/a"]),
        ("gone/a cannot be written: no such file or directory", ["--format", "json", "--output", "gone/a"]),
        (". cannot be written: it is a directory", ["--format", "json=o.json", "--format", "html=."]),
    ],
)
def test_wrong_usage_is_exit_code_2_and_one_clear_sentence(check, message, arguments, capsys):
    """Nothing is written then, to stdout or to a file."""
    code, out, err = check(*arguments)
    assert (2, "") == (code, out)
    assert message in err + capsys.readouterr().err  # argparse writes to the process's own
    assert ["pool.json"] == [path.name for path in check.here.iterdir()]


@pytest.mark.parametrize(
    ("expected", "environment"),
    [
        ("infra/pool.json", {}),
        ("infra/pool.json", {"CI_PROJECT_DIR": ".."}),
        ("pool.json", {"CI_PROJECT_DIR": "."}),
        ("infra/pool.json", {"CI_PROJECT_DIR": "elsewhere"}),
        ("infra/pool.json", {"GITHUB_WORKSPACE": "."}),
    ],
)
def test_paths_are_those_of_the_checkout_that_the_server_shows(check, expected, environment):
    """GitLab's project directory if the run is inside it, else git's top level."""
    absolute = {name: str(check.here / path) for name, path in environment.items()}
    _, out, _ = check("--format", "gitlab", **absolute)
    assert expected == json.loads(out)[0]["location"]["path"]


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_github_has_its_workspace(check, form):
    """A run in a folder of the checkout, and one in its top."""
    assert "infra/pool.json" in check("--format", form, GITHUB_WORKSPACE=str(check.here.parent))[1]
    assert "infra/pool.json" not in check("--format", form, GITHUB_WORKSPACE=str(check.here))[1]


def test_a_file_gets_colours_only_when_they_are_asked_for(check):
    """FORCE_COLOR is about terminals and logs."""
    check("--output", "o.txt", FORCE_COLOR="1")
    assert "\033" not in (check.here / "o.txt").read_text()
    check("--output", "o.txt", "--color", "always")
    assert "\033" in (check.here / "o.txt").read_text()
    assert "\033" in check(FORCE_COLOR="1")[1]
    assert "\033" not in check(FORCE_COLOR="1", NO_COLOR="1")[1]
