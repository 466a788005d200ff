"""Whether cfn-lint and Checkov really run our rules: both can skip them without a word, so each is tried on a sample.

No stage of a scan: the hosts are run as their users run them, on our own samples alone.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cognito_lint.adapters.folders import HOSTS, Host, folder

_SECONDS = 300
_TEMPLATE = """\
Resources:
  Bad:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: AUDIT}}
  Good:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}
"""
# The empty block tells our evaluation of the files from Checkov's rendering, which shows it as if it were there.
_MODULE = """\
variable "protect" { default = false }

resource "aws_cognito_user_pool" "bad" {
  name = "bad"
  dynamic "user_pool_add_ons" {
    for_each = var.protect ? [1] : []
    content { advanced_security_mode = "ENFORCED" }
  }
}

resource "aws_cognito_user_pool" "good" {
  name = "good"
  user_pool_add_ons { advanced_security_mode = "ENFORCED" }
}
"""
_CLASH = (
    "python-hcl2 and Checkov's fork of it (bc-python-hcl2) are both installed in {where}: they overwrite each other's "
    "files, so Checkov or python-hcl2 fails there. Keep cognito-lint[python-hcl2] in an environment of its own, and "
    "mend this one: {python} -m pip uninstall python-hcl2, then {python} -m pip install --force-reinstall "
    "--no-deps bc-python-hcl2"
)
_BOTH_INSTALLED = (
    "import importlib.metadata as m, json; "
    "print(json.dumps(sorted({d.metadata['Name'] for d in m.distributions()} & {'python-hcl2', 'bc-python-hcl2'})))"
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found out about one host or environment: well or not, one sentence, and what to do if not."""

    subject: str
    well: bool
    sentence: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class _Run:
    code: int
    stdout: str
    stderr: str


class UnknownCommandError(Exception):
    """A command was given that names neither cfn-lint nor Checkov."""


def examine(commands: Sequence[str], environment: Mapping[str, str]) -> tuple[Diagnosis, ...]:
    """Try each host. `commands` are those that the user gave; none means whatever PATH has.

    Raises UnknownCommandError for a command that names no host.
    """
    found = _given(commands) if commands else _on_path(environment)
    diagnoses = [diagnosis for host, command in found for diagnosis in _try(host, command, environment)]
    if not commands:
        missing = [host for host in HOSTS if host not in dict(found)]
        diagnoses += [_not_found(host, alone=not found) for host in missing]
    return (*diagnoses, *_clash([sys.executable], environment))


def _given(commands: Iterable[str]) -> list[tuple[Host, list[str]]]:
    found: list[tuple[Host, list[str]]] = []
    for text in commands:
        words = shlex.split(text) if os.sep == "/" else text.split()
        squeezed = " ".join(Path(word).name for word in words).lower().replace("-", "").replace("_", "")
        host: Host | None = "cfn-lint" if "cfnlint" in squeezed else "checkov" if "checkov" in squeezed else None
        if host is None or not words:
            raise UnknownCommandError(f"--command: {text!r} names neither cfn-lint nor checkov")
        found.append((host, [_absolute(words[0]), *words[1:]]))
    return found


def _absolute(command: str) -> str:
    """The trial runs in a directory of its own: a relative path would lead nowhere there."""
    place = shutil.which(command)
    return str(Path(place).absolute()) if place else command


def _on_path(environment: Mapping[str, str]) -> list[tuple[Host, list[str]]]:
    places = [(host, shutil.which(host, path=environment.get("PATH"))) for host in HOSTS]
    return [(host, [place]) for host, place in places if place is not None]


def _not_found(host: Host, *, alone: bool) -> Diagnosis:
    return Diagnosis(host, not alone, "not found on PATH", f"pipx install {host}, or say where it is with --command")


def _try(host: Host, command: list[str], environment: Mapping[str, str]) -> list[Diagnosis]:
    subject = f"{host} ({shlex.join(command)})"
    version = _run([*command, "--version"], environment)
    number = re.search(r"\d+\.\d+[\w.]*", version.stdout)
    if version.code != 0 or number is None:
        told = "cannot import name" in version.stderr and "hcl2" in version.stderr
        advice = _CLASH.format(where="its environment", python="python") if told else _last_line(version)
        return [Diagnosis(subject, False, "it does not start", advice)]
    subject = f"{host} {number[0]} ({shlex.join(command)})"
    try:
        rules = str(folder(host))
    except FileNotFoundError as error:
        return [Diagnosis(subject, False, str(error))]
    with tempfile.TemporaryDirectory(prefix="cognito-lint-doctor-") as directory:
        (Path(directory) / "template.yaml").write_text(_TEMPLATE, encoding="utf-8")
        (Path(directory) / "main.tf").write_text(_MODULE, encoding="utf-8")
        diagnoses = [_TRIALS[host](subject, command, rules, directory, environment)]
    return diagnoses + (_clash(_interpreter(command[0]), environment) if host == "checkov" else [])


def _run(command: Sequence[str], environment: Mapping[str, str], directory: str | None = None) -> _Run:
    offline = {"BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "TRUE"}
    try:
        done = subprocess.run(  # noqa: S603 - the hosts that the user has, on our own samples
            list(command),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            cwd=directory,
            env={**environment, **offline},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _Run(-1, "", f"no answer within {_SECONDS} seconds")
    except OSError as error:
        return _Run(-1, "", f"it cannot be run: {(error.strerror or str(error)).lower()}")
    return _Run(done.returncode, done.stdout, done.stderr)


def _cfn_lint(
    subject: str, command: list[str], rules: str, directory: str, environment: Mapping[str, str]
) -> Diagnosis:
    run = _run([*command, "--append-rules", rules, "--format", "json", "--", "template.yaml"], environment, directory)
    try:
        matches = json.loads(run.stdout or "[]")
        fired = {(match["Rule"]["Id"], (match["Location"]["Path"] or ["", ""])[1]) for match in matches}
    except (ValueError, TypeError, KeyError, IndexError):
        matches, fired = [], set()
    if run.code in (-1, 1):  # its own codes for matches are 2, 4, 8 and their sums
        return Diagnosis(subject, False, "it does not load our rules", _last_line(run))
    broken = [match["Message"] for match in matches if match["Rule"]["Id"] == "E0002"]
    if broken:
        return Diagnosis(subject, False, "our rules fail in it", broken[0])
    if ("ECOG001", "Bad") in fired and not any("Good" in pair for pair in fired if "COG" in pair[0]):
        return Diagnosis(subject, True, "our rules load, report a bad pool and pass a good one")
    return Diagnosis(subject, False, "it ran without our rules", f"cfn-lint --append-rules {rules} -- template.yaml")


def _checkov(subject: str, command: list[str], rules: str, directory: str, environment: Mapping[str, str]) -> Diagnosis:
    frameworks = ["--framework", "terraform", "cloudformation"]
    options = ["-o", "json", "--compact", "--quiet", "--skip-download"]
    run = _run([*command, "-d", ".", "--external-checks-dir", rules, *frameworks, *options], environment, directory)
    failed = _failed_checks(run)
    if failed is None:
        return Diagnosis(subject, False, "it does not load our checks", _last_line(run))
    if {("COG001", "AWS::Cognito::UserPool.Bad"), ("COG001", "aws_cognito_user_pool.bad")} <= failed:
        if any(resource.lower().endswith("good") for _, resource in failed):
            return Diagnosis(subject, False, "our checks fail a good pool", _last_line(run))
        return Diagnosis(subject, True, "our checks load, report bad pools and pass good ones")
    if {("COG001", "AWS::Cognito::UserPool.Bad"), ("COG002", "aws_cognito_user_pool.bad")} <= failed:
        advice = f"{_interpreter(command[0], 'python')[0]} -m pip install tree-sitter tree-sitter-hcl google-re2"
        sentence = "our checks load, but judge Terraform by Checkov's rendering: tree-sitter-hcl is not beside it"
        return Diagnosis(subject, False, sentence, advice)
    return Diagnosis(subject, False, "it ran without our checks", f"checkov --external-checks-dir {rules} -d DIRECTORY")


_TRIALS: dict[Host, Callable[[str, list[str], str, str, Mapping[str, str]], Diagnosis]] = {
    "cfn-lint": _cfn_lint,
    "checkov": _checkov,
}


def _failed_checks(run: _Run) -> set[tuple[str, str]] | None:
    """Our checks that failed, by id and resource; None if what Checkov printed is no report."""
    try:
        reports: Any = json.loads(run.stdout)
        reports = reports if isinstance(reports, list) else [reports]
        records = [record for report in reports for record in report.get("results", {}).get("failed_checks", ())]
        return {(record["check_id"], record["resource"]) for record in records if record["check_id"].startswith("COG")}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _last_line(run: _Run) -> str:
    lines = [line.strip() for line in (run.stderr or run.stdout).splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {run.code} and nothing said"


def _interpreter(executable: str, otherwise: str = "") -> list[str]:
    """The Python that a command's first line names."""
    try:
        with Path(shutil.which(executable) or executable).open("rb") as stream:
            first = stream.readline(500).decode("utf-8", "replace")
    except OSError:
        first = ""
    words = shlex.split(first[2:]) if first.startswith("#!") else []
    if words and Path(words[0]).name == "env":
        words = words[1:]
    return words[:1] if words and "python" in Path(words[0]).name else [otherwise] if otherwise else []


def _clash(interpreter: Sequence[str], environment: Mapping[str, str]) -> list[Diagnosis]:
    if not interpreter:
        return []
    run = _run([*interpreter, "-c", _BOTH_INSTALLED], environment)
    if run.code != 0 or run.stdout.strip() != '["bc-python-hcl2", "python-hcl2"]':
        return []
    where = f"the environment of {interpreter[0]}"
    return [Diagnosis("hcl2", False, _CLASH.format(where=where, python=interpreter[0]))]
