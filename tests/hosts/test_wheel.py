"""The installed form: the built wheel beside each host, in an environment that knows nothing of the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from host_runs import PROJECT, _environment

pytestmark = [pytest.mark.hosts]

TEMPLATE = """\
Resources:
  Good:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolTier: PLUS, UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}
  Bad: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {AdvancedSecurityMode: AUDIT}}}
"""
MODULE = """\
variable "mode" {{ default = "{0}" }}
resource "aws_cognito_user_pool" "p" {{
  dynamic "user_pool_add_ons" {{
    for_each = [var.mode]
    content {{ advanced_security_mode = user_pool_add_ons.value }}
  }}
}}
"""


def _run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env=_environment(**environment),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(PROJECT))
    done = _run(*build, cwd=folder)
    if done.returncode:
        pytest.skip(f"the wheel cannot be built here (no index?): {done.stderr.strip()[-200:]}")
    (found,) = folder.glob("*.whl")
    return found


def _installed(host: str, wheel: Path, folder: Path) -> tuple[Path, dict[str, str]]:
    """The wheel's packages in a folder of their own, seen by the host's Python as if they were in its environment."""
    python = Path(host).parent / "python"
    install = (str(python), "-m", "pip", "install", "--quiet", "--target", str(folder), str(wheel))
    done = _run(*install, cwd=folder)
    if done.returncode:
        pytest.skip(f"the wheel cannot be installed here (no index?): {done.stderr.strip()[-200:]}")
    return python, {"PYTHONPATH": str(folder)}


def _command(python: Path, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return _run(str(python), "-m", "cognito_lint", *arguments, cwd=cwd, **environment)


@pytest.mark.xdist_group("cfn-lint")
def test_cfn_lint_loads_the_installed_rules(cfn_lint: Any, wheel: Path, tmp_path: Path) -> None:
    """`-a cognito_lint.cfn` and the folder that `adapter-path` names give the same matches."""
    site, code = tmp_path / "site", tmp_path / "code"
    site.mkdir()
    code.mkdir()
    (code / "t.yaml").write_text(TEMPLATE)
    python, environment = _installed(cfn_lint.executable, wheel, site)
    folder = _command(python, "adapter-path", "cfn-lint", cwd=code, **environment).stdout.strip()
    assert Path(folder).is_relative_to(site)
    for rules in ("cognito_lint.cfn", folder):
        run = _run(cfn_lint.executable, "-a", rules, "--format", "json", "--", "t.yaml", cwd=code, **environment)
        ours = [match for match in json.loads(run.stdout) if "COG" in match["Rule"]["Id"]]
        assert [("ECOG001", ["Resources", "Bad"])] == [
            (match["Rule"]["Id"], match["Location"]["Path"][:2]) for match in ours
        ]
        assert 2 == run.returncode & 2


@pytest.mark.xdist_group("checkov")
def test_checkov_loads_the_installed_checks(checkov: Any, wheel: Path, tmp_path: Path) -> None:
    """The folder that `adapter-path` names judges Terraform by the reader that came with the wheel."""
    site, code = tmp_path / "site", tmp_path / "code"
    site.mkdir()
    (code / "good").mkdir(parents=True)
    (code / "bad").mkdir()
    (code / "good" / "main.tf").write_text(MODULE.format("ENFORCED"))
    (code / "bad" / "main.tf").write_text(MODULE.format("AUDIT"))
    (code / "t.yaml").write_text(TEMPLATE)
    python, environment = _installed(checkov.executable, wheel, site)
    folder = _command(python, "adapter-path", "checkov", cwd=code, **environment).stdout.strip()
    assert Path(folder).is_relative_to(site)
    scan = ("-d", ".", "--framework", "terraform", "cloudformation", "--check", "COG001", "--output", "json")
    arguments = (checkov.executable, *scan, "--skip-download", "--external-checks-dir", folder)
    run = _run(*arguments, cwd=code, **environment)
    results = {
        (line["file_path"], line["resource"]): line["check_result"]["result"]
        for report in json.loads(run.stdout)
        for kind in ("passed_checks", "failed_checks")
        for line in report["results"][kind]
    }
    assert {
        ("/good/main.tf", "aws_cognito_user_pool.p"): "PASSED",
        ("/bad/main.tf", "aws_cognito_user_pool.p"): "FAILED",
        ("/t.yaml", "AWS::Cognito::UserPool.Good"): "PASSED",
        ("/t.yaml", "AWS::Cognito::UserPool.Bad"): "FAILED",
    } == results
