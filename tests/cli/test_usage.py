"""The command line itself: the commands beside `check`, and wrong usage."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cognito_lint import __version__
from pool_samples import AUDIT


def test_explain_and_rules(run):
    """Every rule has a page and a line."""
    assert "## What it finds" in run("explain", "COG001").out
    assert 2 == run("explain", "COG999").code
    listed = run("rules", "--format", "json").report["rules"]
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
