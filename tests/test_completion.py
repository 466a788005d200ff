"""`cognito-lint completion`: what each shell offers when Tab is pressed, asked of the shell itself."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest

from cognito_lint.cli.arguments import FAIL_ON, SHELLS
from cognito_lint.report.destinations import FORMATS
from cognito_lint.rules import RULES
from command_runs import run

OFFERS = [
    ("", {"check", "explain", "rules", "adapter-path", "doctor", "completion"}),
    ("check --fo", {"--format"}),
    ("check infra --var-f", {"--var-file"}),
    ("check --fail-on ", set(FAIL_ON)),
    ("check --format ", set(FORMATS)),
    ("check --var-file pr", {"prod.tfvars"}),
    ("check in", {"infra"}),
    ("explain COG00", {rule.id for rule in RULES if rule.id.startswith("COG00")}),
    ("check --select COG90", {rule.id for rule in RULES if rule.id.startswith("COG90")}),
    ("adapter-path ", {"cfn-lint", "checkov"}),
    ("completion ", set(SHELLS)),
    ("doctor --comm", {"--command"}),
    ("check --no-such", set()),
]

# bash calls the function with the words of the line; what it leaves in COMPREPLY is offered
BASH = """\
eval "$1"
COMP_WORDS=($2) COMP_CWORD=$3
[ "$3" = "${#COMP_WORDS[@]}" ] && COMP_WORDS+=("")
_shtab_cognito_lint 2>&1
printf '%s\\n' "${COMPREPLY[@]}"
"""


def shell_or_skip(name):
    """The shell's executable; a machine may lack it."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def script(shell, directory):
    """The completion script."""
    ran = run(directory, "completion", shell)
    assert 0 == ran.code
    return ran.out


@pytest.fixture
def project(tmp_path):
    """A directory with paths to complete."""
    (tmp_path / "infra").mkdir()
    (tmp_path / "prod.tfvars").touch()
    return tmp_path


@pytest.mark.parametrize(("typed", "offered"), OFFERS)
def test_bash_offers(typed, offered, project):
    """In bash: exactly the commands, options and values that fit."""
    bash = shell_or_skip("bash")
    line = f"cognito-lint {typed}"
    words = len(shlex.split(line))
    position = str(words if line.endswith(" ") else words - 1)
    done = subprocess.run(
        [bash, "-c", BASH, "bash", script("bash", project), line, position],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (sorted(offered), "") == (sorted(done.stdout.split()), done.stderr)


@pytest.mark.parametrize(("typed", "offered"), OFFERS)
def test_fish_offers(typed, offered, project):
    """In fish: the same; it adds a description to each after a tab, and marks directories."""
    fish = shell_or_skip("fish")
    (project / "c.fish").write_text(script("fish", project), encoding="utf-8")
    ask = f"source c.fish; complete -C {shlex.quote('cognito-lint ' + typed)}"
    done = subprocess.run(
        [fish, "--no-config", "-c", ask], cwd=project, capture_output=True, text=True, check=True,
        env={"HOME": str(project), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    found = {line.partition("\t")[0].rstrip("/") for line in done.stdout.splitlines()}
    assert (offered, "") == (found, done.stderr)


def test_zsh_takes_the_script(project):
    """zsh's completion system knows the command once the script is evaluated."""
    zsh = shell_or_skip("zsh")
    ask = 'autoload -Uz compinit; compinit -D -u; eval "$1"; print -- $_comps[cognito-lint]'
    done = subprocess.run(
        [zsh, "-f", "-c", ask, "zsh", script("zsh", project)], cwd=project, capture_output=True, text=True, check=True,
        env={"HOME": str(project), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert ("_shtab_cognito_lint\n", "") == (done.stdout, done.stderr)


@pytest.mark.parametrize("shell", SHELLS)
def test_every_option_of_check_is_in_the_script(shell, project):
    """No option lacks because the script was forgotten: it is made from the parser."""
    from cognito_lint.cli.arguments import parser

    (commands,) = (action for action in parser()._actions if action.dest == "command")
    options = {name for action in commands.choices["check"]._actions for name in action.option_strings}
    text = script(shell, project)
    bare = {name.lstrip("-") if shell == "fish" else name for name in options}
    assert set() == {name for name in bare if name not in text}
