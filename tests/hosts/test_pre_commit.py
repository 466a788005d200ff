"""The two hooks in a real pre-commit, in a repository of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
pytestmark = [
    pytest.mark.hosts,
    pytest.mark.xdist_group("pre-commit"),
    pytest.mark.skipif(not PRE_COMMIT.exists(), reason="pre-commit is not installed beside this Python"),
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the hooks are installed from a git checkout"),
]
MODULE = """\
variable "mode" {
  default = "ENFORCED"
}
resource "aws_cognito_user_pool" "this" {
  name           = "x"
  user_pool_tier = "PLUS"
  user_pool_add_ons {
    advanced_security_mode = var.mode
  }
}
"""
UNPROVEN = """\
Resources:
  Imported:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns: {AdvancedSecurityMode: !ImportValue mode}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Where pre-commit keeps the hooks' environment: made once for all tests here."""
    return tmp_path_factory.mktemp("pre-commit-home")


@pytest.fixture
def scratch(tmp_path, home):
    """A git repository with the hooks, and what runs them."""
    environment = {**os.environ, "PRE_COMMIT_HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull}
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        environment.pop(name, None)

    def call(*command):
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    revision = call("git", "-C", str(ROOT), "rev-parse", "HEAD").stdout.strip()
    (tmp_path / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {ROOT.as_uri()}\n    rev: {revision}\n    hooks:\n      - id: cognito-lint\n"
        "      - id: cognito-lint-all\n        stages: [manual]\n"
    )
    call("git", "init", "-q", ".")
    call("git", "config", "user.email", "a@b.example")
    call("git", "config", "user.name", "A")

    def run(*arguments):
        call("git", "add", "-A")
        return call(str(PRE_COMMIT), "run", *arguments)

    run.path, run.git = tmp_path, call
    return run


def test_changed_tfvars_fails_the_commit(scratch):
    """A tfvars file alone is changed, and the module that it spoils is reported."""
    (scratch.path / "main.tf").write_text(MODULE)
    ran = scratch()
    assert 0 == ran.returncode, ran.stdout + ran.stderr
    scratch.git("git", "commit", "-qm", "good", "--no-verify")
    (scratch.path / "terraform.tfvars").write_text('mode = "AUDIT"\n')
    ran = scratch()
    assert 1 == ran.returncode
    assert "terraform.tfvars:1:8" in ran.stdout
    assert "COG001" in ran.stdout


def test_file_named_like_an_option(scratch):
    """A file's name cannot say what is deployed."""
    template = "Parameters: {Mode: {Type: String, Default: AUDIT}}\n" + UNPROVEN.replace(
        "!ImportValue mode", "!Ref Mode"
    )
    (scratch.path / "template.yaml").write_text(template)
    (scratch.path / "p.json").write_text('{"Mode": "ENFORCED"}')
    (scratch.path / "--parameters=p.json").write_text("")
    ran = scratch()
    assert 1 == ran.returncode, ran.stdout + ran.stderr
    assert "COG001" in ran.stdout


def test_warning_is_seen_at_exit_0(scratch):
    """pre-commit hides what a passing hook prints, unless the hook is verbose."""
    (scratch.path / "template.yaml").write_text(UNPROVEN)
    ran = scratch()
    assert 0 == ran.returncode, ran.stdout + ran.stderr
    assert "warning[COG002]" in ran.stdout


def test_whole_repository(scratch):
    """cognito-lint-all looks at files that the commit does not change."""
    (scratch.path / "template.yaml").write_text(UNPROVEN.replace("!ImportValue mode", "AUDIT"))
    scratch.git("git", "add", "-A")
    scratch.git("git", "commit", "-qm", "bad", "--no-verify")
    (scratch.path / "README.md").write_text("changed\n")
    assert 0 == scratch().returncode
    ran = scratch("cognito-lint-all", "--hook-stage", "manual")
    assert 1 == ran.returncode
    assert "template.yaml" in ran.stdout
