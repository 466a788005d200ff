"""Every command line of ours that README.md and docs/ show is run by a shell, in a project that has what it names.

The project is well protected, so a command exits with 0 unless ANSWERS says otherwise. Other programs are stood in for
by scripts that give what they would: a plan, a snapshot. The hosts themselves are run in tests/hosts.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys

import pytest
from pages import PAGES, ROOT, blocks, prose, shell_lines

from cognito_lint.cli.arguments import parser
from command_runs import write

# no such program is there, and the doctor says so
ANSWERS = {
    "cognito-lint doctor --command ~/venvs/checkov/bin/checkov": 1,
}

MODULE = """\
variable "mode" {
  default = "ENFORCED"
}

resource "aws_cognito_user_pool" "customers" {
  name           = "customers"
  user_pool_tier = "PLUS"

  user_pool_add_ons {
    advanced_security_mode = var.mode
  }
}
"""
TEMPLATE = """\
Parameters:
  Mode: {Type: String, Default: ENFORCED}
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      UserPoolAddOns: {AdvancedSecurityMode: !Ref Mode}
"""
ADD_ONS = {"advanced_security_mode": "ENFORCED", "advanced_security_additional_flows": []}
CREATED = {"name": "customers", "user_pool_tier": "PLUS", "user_pool_add_ons": [ADD_ONS]}
PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "resource_changes": [
        {
            "address": "aws_cognito_user_pool.customers",
            "mode": "managed",
            "type": "aws_cognito_user_pool",
            "name": "customers",
            "change": {"actions": ["create"], "before": None, "after": CREATED, "after_unknown": {}},
        }
    ],
}
ADD_ONS_SNAPSHOT = {"AdvancedSecurityMode": "ENFORCED"}
SNAPSHOT = {"UserPool": {"Id": "eu-west-1_a", "Name": "x", "UserPoolTier": "PLUS", "UserPoolAddOns": ADD_ONS_SNAPSHOT}}
PROJECT = {
    "infra/main.tf": MODULE,
    "infra/prod.tfvars": 'mode = "ENFORCED"\n',
    "template.yaml": TEMPLATE,
    "plan.tfplan": "",
    "plan.json": json.dumps(PLAN),
    "pool.json": json.dumps(SNAPSHOT),
}
STAND_INS = {
    "aws": f"echo '{json.dumps(SNAPSHOT)}'",
    "terraform": f"echo '{json.dumps(PLAN)}'",
    "cfn-lint": "true",
    "checkov": "true",
    "cognito-lint": f'{shlex.quote(sys.executable)} -m cognito_lint "$@"; code=$?; echo $code >> "$CODES"; exit $code',
}


def of_ours(line):
    """Whether a command line runs our command, alone, in a pipe or in a substitution."""
    return re.search(r"(^|[|(] *)cognito-lint ", line) is not None


def runnable(line):
    """Whether every word that stands where a program does is one that the project has."""
    return set(re.findall(r"(?:^|[|(]) *([a-z][\w.-]*)", plain(line))) <= set(STAND_INS)


def plain(line):
    """A command without its comment and its spaces."""
    return " ".join(line.partition(" #")[0].split())


SCRIPTS = {
    f"{page}:{number}": list(shell_lines(block.text))
    for page in PAGES
    for number, block in enumerate(blocks(page), 1)
    if block.language == "console"
}
COMMANDS = [(name.partition(":")[0], line) for name, lines in SCRIPTS.items() for line in lines if of_ours(line)]
INLINE = [(page, code) for page in PAGES for code in re.findall(r"`(cognito-lint [a-z][^`]*)`", prose(page))]


@pytest.fixture
def shell(tmp_path):
    """Runs a command line in the project: the exit codes of our commands in it, and what was printed."""
    project, programs, codes = tmp_path / "project", tmp_path / "programs", tmp_path / "codes"
    write(project, PROJECT)
    for folder in ("cfn_rules", "checkov_checks"):
        shutil.copytree(ROOT / folder, project / folder, ignore=shutil.ignore_patterns("__pycache__"))
    programs.mkdir()
    for name, script in STAND_INS.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (programs / name).chmod(stat.S_IRWXU)
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "HOME": str(tmp_path),
        "CODES": str(codes),
    }

    def run(line):
        codes.write_text("", encoding="utf-8")
        done = subprocess.run(
            ["/bin/sh", "-c", line], cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        return [int(code) for code in codes.read_text().split()], done.stdout + done.stderr

    return run


@pytest.mark.skipif(not os.access("/bin/sh", os.X_OK), reason="no /bin/sh")
@pytest.mark.parametrize("name", SCRIPTS)
def test_shown_commands_work(name, shell):
    """Whoever copies the lines of a block from a page, one after the other, sees them work."""
    for line in filter(runnable, SCRIPTS[name]):
        codes, printed = shell(line)
        assert (plain(line), [ANSWERS.get(plain(line), 0)] * of_ours(line)) == (plain(line), codes), printed


def test_every_shown_command_of_ours_is_run():
    """No line of ours is left out because another program stands in it that has no stand-in."""
    assert [] == [line for _, line in COMMANDS if not runnable(line)]


def test_commands_are_found_on_the_pages_that_show_them():
    """The search for commands finds them where we know that they are."""
    assert {"README.md", "docs/hosts.md", "docs/command.md"} <= {page for page, _ in COMMANDS}
    assert len(INLINE) > 5


def test_no_answer_is_left_for_a_command_that_no_page_shows():
    """An exception that nothing needs hides the next fault."""
    assert set(ANSWERS) <= {plain(line) for _, line in COMMANDS}


@pytest.mark.parametrize(("page", "code"), sorted(set(INLINE)))
def test_a_command_in_a_sentence_is_one_that_can_be_written(page, code):
    """The parser takes it: the command and each option exist."""
    try:
        assert parser().parse_args(shlex.split(code)[1:]).command
    except SystemExit as end:
        assert end.code == 0  # --help ends there, and nothing else that can be written does


def test_a_command_that_cannot_be_written_is_seen(shell):
    """The two checks above can fail: on an option, a file and a command that are not there."""
    assert [2] == shell("cognito-lint check --no-such-option")[0]
    assert [3] == shell("cognito-lint check nowhere.yaml")[0]
    with pytest.raises(SystemExit):
        parser().parse_args(["chek"])
