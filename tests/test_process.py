"""The command as a process: pipes that close, streams that are not there, Ctrl-C at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import cognito_lint

TEMPLATE = "Resources: {Pool: {Type: 'AWS::Cognito::UserPool', Properties: {UserPoolTier: PLUS}}}\n"
ENFORCED = TEMPLATE.replace("UserPoolTier: PLUS", "UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}")
MODULE = 'resource "aws_cognito_user_pool" "this" {\n  name = "x"\n}\n'
SOURCE = str(Path(cognito_lint.__file__).parents[1])
# sends itself a real SIGINT at one moment, and would then go on for a minute
STRUCK = """
import importlib, os, signal, sys, time

signal.signal(signal.SIGINT, signal.default_int_handler)
moment = sys.argv.pop(1)


def strike(*arguments, **named):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)


class Finder:
    def find_spec(self, name, *rest):
        if name == moment:
            strike()


if ":" in moment:
    module, _, name = moment.partition(":")
    *owner, name = name.split(".")
    target = importlib.import_module(module)
    setattr(getattr(target, owner[0]) if owner else target, name, strike)
else:
    sys.meta_path.insert(0, Finder())
from cognito_lint.__main__ import run

run()
"""
# says when it reads stdin
WAITING = """
import sys, types
from cognito_lint.__main__ import run


class Input:
    def read(self):
        print("ready", flush=True)
        return stdin.read()


stdin, sys.stdin = sys.stdin.buffer, types.SimpleNamespace(buffer=Input())
run()
"""


@pytest.fixture
def start(tmp_path):
    """Start `python -m cognito_lint` in tmp_path."""

    def process(*arguments, command=("-m", "cognito_lint"), environment=None, **settings):
        settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | settings
        variables = os.environ | {"PYTHONPATH": SOURCE} | (environment or {})
        return subprocess.Popen([sys.executable, *command, *arguments], cwd=tmp_path, env=variables, **settings)

    return process


def shell(tmp_path, line, **variables):
    """Run a line of sh where $LINT is the command. Returns exit code, stdout, stderr."""
    variables = {"LINT": f"{sys.executable} -m cognito_lint", "PYTHONPATH": SOURCE} | variables
    done = subprocess.run(
        ["sh", "-c", line], check=False, cwd=tmp_path, env=os.environ | variables, capture_output=True, timeout=60
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(("text", "code"), [(TEMPLATE, 1), (ENFORCED, 0)])
def test_a_reader_that_leaves_changes_neither_exit_code_nor_summary(tmp_path, start, text, code):
    """`| head`: no traceback; the exit code is the verdict's, so that `pipefail` fails on findings alone."""
    (tmp_path / "t.yaml").write_text(text)
    reading, writing = os.pipe()
    os.close(reading)
    process = start("check", "--format", "json", stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (code, True) == (process.returncode, err.decode().startswith("1 user pool in 1 file: "))


@pytest.mark.parametrize("arguments", ["explain", "rules", "--help", "--version", "check --show-files"])
def test_every_command_bears_a_closed_pipe(tmp_path, start, arguments):
    """Help and version are written by argparse: they end in peace too."""
    reading, writing = os.pipe()
    os.close(reading)
    process = start(*arguments.split(), stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (0, b"") == (process.returncode, err)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_said(tmp_path):
    """A report that could not be written is exit code 2, on stdout and in files; a log is not worth it."""
    (tmp_path / "t.yaml").write_text(ENFORCED)
    asked = "$LINT check --format json"
    assert (2, "", "cognito-lint: stdout cannot be written: no space left on device\n") == shell(
        tmp_path, f"{asked} > /dev/full"
    )
    code, _, err = shell(tmp_path, f"{asked}=a.json --format html=/dev/full")
    assert (2, "cognito-lint: /dev/full cannot be written: no space left on device\n") == (code, err)
    assert ["t.yaml"] == [path.name for path in tmp_path.iterdir()]
    assert 0 == shell(tmp_path, f"{asked} 2> /dev/full")[0]


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_streams_that_were_closed_are_no_error(tmp_path, closed):
    """The verdict is the exit code, whoever listens."""
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    code, _, err = shell(tmp_path, f"$LINT check {closed}")
    assert (1, False) == (code, "Traceback" in err)


def test_a_closed_stdin_is_no_empty_template(tmp_path):
    """`-` asks for input: none to be had is wrong usage, not a pass."""
    assert (2, "", "cognito-lint: stdin cannot be read: it is closed\n") == shell(tmp_path, "$LINT check - <&-")


def test_a_report_goes_into_a_named_pipe(tmp_path):
    """A FIFO is written as it is, not replaced by a file."""
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    code, out, _ = shell(tmp_path, "mkfifo f; $LINT check --format concise --output f t.yaml & cat f; wait $!")
    assert (1, True) == (code, "COG001" in out)
    assert (tmp_path / "f").is_fifo()


def test_any_locale_and_interpreter_option_will_do(tmp_path):
    """What is no ASCII stays UTF-8 where the locale is C; the file name may be no text at all."""
    (tmp_path / os.fsdecode(b"\xff.yaml")).write_text(TEMPLATE)
    (tmp_path / "ü.yaml").write_text(TEMPLATE)
    variables = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONSAFEPATH": "1"}
    line = f"{sys.executable} -O -m cognito_lint check --format concise"
    code, out, err = shell(tmp_path, line, **variables)
    assert (1, 2, True) == (code, out.count("COG001"), err.startswith("2 user pools in 2 files: 2 not enforced ("))


def test_a_working_directory_that_is_gone_is_said(tmp_path):
    """One sentence instead of a traceback."""
    code, _, err = shell(tmp_path, 'mkdir d; cd d; rmdir "$PWD"; $LINT check')
    assert (2, "cognito-lint: the working directory is not there any more\n") == (code, err)


MOMENTS = {
    "while the command is imported": "cognito_lint.cli.arguments",
    "while a parser is imported": "cognito_lint.cloudformation.scan",
    "while files are searched": "cognito_lint.cli.check:discover",
    "while a template is evaluated": "cognito_lint.cloudformation.nested:evaluate",
    "while a root is evaluated, on a stack of its own": "cognito_lint.terraform.evaluation:evaluate",
    "while rules are asked": "cognito_lint.pipeline:verdict_of",
    "while a report is rendered": "cognito_lint.report.json_report:render",
    "while a report is written": "pathlib:Path.replace",
}


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())
def test_an_interrupt_ends_it_at_once_whenever_it_comes(tmp_path, start, moment):
    """Exit code 130, no traceback, no report and none half-written."""
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    (tmp_path / "main.tf").write_text(MODULE)
    (tmp_path / "out.json").write_text("old")
    before = sorted(path.name for path in tmp_path.iterdir())
    arguments = ("check", "--format", "json=out.json", "--format", "text")
    process = start(moment, *arguments, command=("-c", STRUCK))
    assert (b"", b"") == process.communicate(timeout=30)
    assert (130, before) == (process.returncode, sorted(path.name for path in tmp_path.iterdir()))
    assert "old" == (tmp_path / "out.json").read_text()


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_an_interrupt_from_outside_while_stdin_is_awaited(start):
    """The signal of another process, as a terminal sends it."""
    reset = lambda: signal.signal(signal.SIGINT, signal.default_int_handler)  # noqa: E731 - a background job ignores it
    process = start("check", "-", command=("-c", WAITING), stdin=subprocess.PIPE, preexec_fn=reset)
    assert b"ready\n" == process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert ((b"", b""), 130) == (process.communicate(timeout=30), process.returncode)
