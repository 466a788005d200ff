"""How `check` ends: the exit code, and what is said besides."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cognito_lint import pipeline
from pool_samples import AUDIT, ENFORCED, PARAMETER


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


def test_unreadable_input_is_exit_2_and_the_rest_is_reported(check, write):
    """A broken file that mentions a pool is COG900 with its position; the good one is judged all the same."""
    write("good.yaml", ENFORCED)
    write("bad.yaml", "Resources:\n  Pool: {Type: AWS::Cognito::UserPool\n")
    ran = check()
    document = ran.report
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


def test_plan_past_the_bound_of_size_is_unreadable_not_passed(run, write):
    """A plan that speaks of a pool and is too large to read is exit code 2."""
    write("plan.json", b'{"type": "aws_cognito_user_pool", "pad": "' + b"a" * (32 * 1024 * 1024) + b'"}')
    ran = run("check")
    assert 2 == ran.code
    assert "32 MiB" in ran.out


def test_file_without_a_pool_is_silence(run, write):
    """A broken file of a unit without pools is none of our business."""
    write("broken.yaml", "a: [")
    write("broken.tf", 'resource "aws_s3_bucket" {{{')
    write("image.json", b"\x89PNG\xff\xfe")
    ran = run("check")
    assert (0, "") == (ran.code, ran.out)


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


def test_closed_pipe_is_no_traceback(write, tmp_path):
    """`cognito-lint check | head -1` ends quietly."""
    for number in range(300):
        write(f"t{number}.yaml", AUDIT)
    command = f"{sys.executable} -m cognito_lint check -q | head -1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "" == done.stderr
    assert "COG001" in done.stdout


def test_a_mistake_of_ours_is_exit_2(run, write, monkeypatch):
    """An error that nobody foresaw looks like no report: one line with its place, and not the exit code of findings."""

    def fail(*_arguments):
        raise KeyError("unforeseen")

    monkeypatch.setattr(pipeline, "units", fail)
    write("t.yaml", ENFORCED)
    answer = run("check")
    assert (2, "") == (answer.code, answer.out)
    assert answer.err.startswith(
        "cognito-lint: a mistake of its own stopped it (KeyError: 'unforeseen' at test_exit_codes.py:"
    )
    assert 1 == answer.err.count("\n")
