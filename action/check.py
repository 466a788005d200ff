"""The Action's second step: its inputs become arguments of `cognito-lint check`, whose exit code is the step's.

Inputs come by the environment and no shell sees them. What is printed is partly text of the checked files, so the
runner's workflow commands are stopped meanwhile:
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

USAGE, SIGNALLED = 2, 128


class InputError(Exception):
    """An input that cannot be meant: one sentence for a person."""


def text_of(name: str) -> str:
    """An input's text without blanks around it; empty if the Action was not given it."""
    return os.environ.get("INPUT_" + name.upper().replace("-", "_"), "").strip()


def lines_of(name: str) -> list[str]:
    """An input's lines, without those that are empty."""
    return [line.strip() for line in text_of(name).split("\n") if line.strip()]


def is_true(name: str) -> bool:
    """Whether an input says true. Raises InputError if it says neither true nor false."""
    said = text_of(name).lower()
    if said not in ("true", "false"):
        raise InputError(f"{name}: {text_of(name)!r} is neither true nor false")
    return said == "true"


def working_directory() -> str:
    """The directory to run in. Raises InputError if it is not there."""
    directory = text_of("working-directory") or "."
    if not Path(directory).is_dir():
        raise InputError(f"working-directory: there is no directory {directory!r}")
    return directory


def report_files(directory: Path) -> dict[str, Path]:
    """The reports to write beside what the log shows, by format."""
    files = {"sarif": directory / "cognito-lint.sarif"}
    if is_true("annotations") or "github" in lines_of("format"):
        files["github"] = directory / "annotations.txt"
    if is_true("summary"):
        files["markdown"] = directory / "summary.md"
    return files


def arguments(files: Mapping[str, Path]) -> list[str]:
    """What follows `cognito-lint`. Joined by `=`, no value is taken for an option, whatever it begins with."""
    shown = [form for form in lines_of("format") or ["text"] if form != "github"]  # annotations are printed apart
    single = {option: text_of(option) for option in ("fail-on", "select", "ignore")}
    repeated = {
        "format": [*shown, *(f"{form}={file}" for form, file in files.items())],
        "var-file": lines_of("var-files"),
        "var": lines_of("variables"),
        "parameters": lines_of("parameter-files"),
        "parameter": lines_of("parameters"),
    }
    said = [f"--{option}={value}" for option, value in single.items() if value]
    said += [f"--{option}={value}" for option, values in repeated.items() for value in values]
    said += ["--strict"] if is_true("strict") else []
    return ["check", *said, *lines_of("args"), "--", *lines_of("paths")]


def check(command: str, said: list[str], directory: str) -> int:
    """Run the command there and return its exit code. Its stderr goes to stdout: the runner keeps no order of two."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    try:
        done = subprocess.run(
            [command, *said],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
        )
    finally:
        print(f"\n::{token}::", flush=True)
    return done.returncode if done.returncode >= 0 else SIGNALLED - done.returncode


def publish(code: int, files: Mapping[str, Path]) -> None:
    """Hand on what was written: annotations to the runner, the summary to the run's page, outputs to later steps."""
    written = {form: file for form, file in files.items() if file.exists()}
    outputs = f"exit-code={code}\n"
    if "sarif" in written:
        outputs += f"sarif-file={written['sarif']}\n"
    _append("GITHUB_OUTPUT", outputs)
    if "markdown" in written:
        _append("GITHUB_STEP_SUMMARY", written["markdown"].read_text(encoding="utf-8"))
    if "github" in written:
        sys.stdout.buffer.write(written["github"].read_bytes())


def _append(variable: str, text: str) -> None:
    if os.environ.get(variable):
        with Path(os.environ[variable]).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)


def main() -> int:
    """The step. Exit code 2 for wrong inputs, else that of `cognito-lint check`."""
    reports = Path(tempfile.mkdtemp(prefix="cognito-lint-reports-", dir=os.environ.get("RUNNER_TEMP")))
    try:
        files = report_files(reports)
        said = arguments(files)
        directory = working_directory()
        is_true("upload-sarif")  # said wrongly, it would only be no upload
    except InputError as error:
        print(f"cognito-lint: {error}")
        publish(USAGE, {})
        return USAGE
    code = check(os.environ["COGNITO_LINT"], said, directory)
    publish(code, files)
    return code


if __name__ == "__main__":
    sys.exit(main())
