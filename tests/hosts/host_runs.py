"""Running the two hosts as their users do: real executables, in environments of their own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CFN_RULES = PROJECT / "cfn_rules"
CHECKOV_CHECKS = PROJECT / "checkov_checks"

# A check that passes every pool: what Checkov sees at all.
PROBE = """
from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck as CloudFormationCheck
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck as TerraformCheck


def see(check, *_):
    return CheckResult.PASSED


for base, kind in ((TerraformCheck, "aws_cognito_user_pool"), (CloudFormationCheck, "AWS::Cognito::UserPool")):
    probe = type("Probe", (base,), {"scan_entity_conf": see, "scan_resource_conf": see})
    probe(name="seen", id="CKV_PROBE_1", categories=[CheckCategories.IAM], supported_resources=[kind])
"""


def executable(variable: str, environment: str, name: str) -> str:
    place = os.environ.get(variable) or str(PROJECT / environment / "bin" / name)
    if not os.access(place, os.X_OK):
        pytest.skip(f"there is no {name} at {place}; `make hosts` installs it, or {variable} names another")
    return place


def _environment(**more: str) -> dict[str, str]:
    """The environment without what would help a host to find our package in another way than its users have."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "TF_", "VIRTUAL_ENV"))}
    offline = {"BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "TRUE", "LOG_LEVEL": "ERROR"}
    return {**kept, **offline, **more}


@dataclass(frozen=True)
class Run:
    """What a host answered."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


@dataclass(frozen=True)
class CfnLint:
    executable: str

    def run(self, *arguments: str, cwd: Path, rules: str | None = str(CFN_RULES), stdin: str | None = None) -> Run:
        append = ["--append-rules", rules] if rules else []
        return _run([self.executable, *append, *arguments], cwd, stdin)

    def ours(self, *arguments: str, cwd: Path, **more: Any) -> list[tuple[str, str, tuple[Any, ...]]]:
        """Our own matches: file, id and path."""
        run = self.run("--format", "json", *arguments, cwd=cwd, **more)
        return sorted(
            (match["Filename"], match["Rule"]["Id"], tuple(match["Location"]["Path"] or ()))
            for match in run.json
            if "COG" in match["Rule"]["Id"] or match["Rule"]["Id"] == "E0002"
        )


@dataclass(frozen=True)
class Record:
    """One line of Checkov's report."""

    check: str
    resource: str
    file: str
    result: str
    details: tuple[str, ...] = field(compare=False, default=())


@dataclass(frozen=True)
class Checkov:
    executable: str

    def run(self, *arguments: str, cwd: Path, checks: Path | None = CHECKOV_CHECKS, **environment: str) -> Run:
        external = ["--external-checks-dir", str(checks)] if checks else []
        command = [self.executable, *external, "--skip-download", "--compact", *arguments]
        return _run(command, cwd, None, **environment)

    def records(self, *arguments: str, cwd: Path, **more: Any) -> list[Record]:
        """Every record about one of our checks or the probe."""
        return records(self.run("--output", "json", *arguments, cwd=cwd, **more).json)


def records(report: Any) -> list[Record]:
    """The records of a report in JSON about one of our checks or the probe."""
    reports = report if isinstance(report, list) else [report]
    found = [
        Record(
            check=line["check_id"],
            resource=line["resource"],
            file=line["file_path"],
            result=line["check_result"]["result"],
            details=tuple(line["check_result"].get("details", ())),
        )
        for one in reports
        for kind in ("passed_checks", "failed_checks", "skipped_checks")
        for line in one.get("results", {}).get(kind, ())
    ]
    return sorted((line for line in found if line.check.startswith(("COG", "CKV_PROBE"))), key=str)


def _run(command: list[str], cwd: Path, stdin: str | None, **environment: str) -> Run:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=_environment(**environment),
        timeout=300,
        check=False,
        **({"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}),
    )
    return Run(done.returncode, done.stdout, done.stderr)
