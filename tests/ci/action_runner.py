"""What GitHub's runner does with a composite action, as far as action.yml uses it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
STDIN = '{"Resources": {"Stray": {"Type": "AWS::Cognito::UserPool"}}}'
_COMMAND_V2 = re.compile(r"\s*::([a-z-]+|[0-9a-f]{32})(?: [^:]*)?::(.*)")
_COMMAND_V1 = re.compile(r"##\[([a-z-]+)[^\]]*\](.*)")


@dataclass
class Run:
    """What one use of the action did."""

    exit_code: int = 0
    log: str = ""
    beside: str = ""  # stderr: the runner reads it apart from the log, so in no order
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def commands(self) -> list[tuple[str, str]]:
        """The workflow commands that the runner obeys: none between stop-commands and its token."""
        obeyed, token = [], None
        for line in self.log.splitlines():
            found = _COMMAND_V2.fullmatch(line) or (_COMMAND_V1.search(line) if token is None else None)
            if not found:
                continue
            name, data = found.groups()
            if token is not None:
                token = None if name == token else token
            elif name == "stop-commands":
                token = data
            else:
                obeyed.append((name, data))
        assert token is None, "commands were never started again"
        return obeyed


class Runner:
    """Runs the action's steps in a workspace, with the files that GitHub gives a step."""

    def __init__(self, workspace: Path, elsewhere: Path, command: Path | None) -> None:
        """With a `command` that stands for the installed one, the install step is left out."""
        self.workspace, self.elsewhere, self.command = workspace, elsewhere, command

    def use(self, **inputs: str) -> Run:
        """The action with these inputs (`_` for `-`), as a workflow's `uses` and `with`."""
        said = {name: str(given.get("default", "")) for name, given in ACTION["inputs"].items()}
        said["python"] = sys.executable  # python3 may be older here than what the action asks for
        said |= {name.replace("_", "-"): value for name, value in inputs.items()}
        assert said.keys() == ACTION["inputs"].keys()
        context: dict[str, Any] = {f"inputs.{name}": value for name, value in said.items()}
        run = Run()
        for step in ACTION["runs"]["steps"]:
            if self.command and step.get("id") == "install":
                context["steps.install.outputs.command"] = str(self.command)
            elif self._due(step.get("if", "success()"), context, run):
                self._step(step, context, run)
        run.outputs = {name: evaluate(given["value"], context) for name, given in ACTION["outputs"].items()}
        return run

    def _due(self, condition: str, context: dict[str, Any], run: Run) -> bool:
        terms = condition.split(" && ")
        for term in terms:
            comparison = re.fullmatch(r"(\S+) (==|!=) '(.*)'", term)
            if comparison:
                name, operator, text = comparison.groups()
                # GitHub's comparison of strings ignores case
                if (context.get(name, "").lower() == text.lower()) != (operator == "=="):
                    return False
            else:
                assert term in ("always()", "success()")
        return "always()" in terms or run.exit_code == 0

    def _step(self, step: dict[str, Any], context: dict[str, Any], run: Run) -> None:
        if "uses" in step:
            run.used.append((step["uses"], {name: evaluate(value, context) for name, value in step["with"].items()}))
            return
        assert step["shell"] == "bash"
        files = {name: self.elsewhere / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        script = self.elsewhere / "step.sh"
        script.write_text(evaluate(step["run"], context))
        environment = {
            **os.environ,
            "RUNNER_TEMP": str(self.elsewhere),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_ACTION_PATH": str(ROOT),
            **{name: str(file) for name, file in files.items()},
            **{name: evaluate(value, context) for name, value in step["env"].items()},
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env=environment,
            input=STDIN,
            capture_output=True,
            text=True,
            check=False,
        )
        run.log += done.stdout
        run.beside += done.stderr
        run.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        run.exit_code = run.exit_code or done.returncode
        for line in files["GITHUB_OUTPUT"].read_text().splitlines():
            name, _, value = line.partition("=")
            context[f"steps.{step['id']}.outputs.{name}"] = value


def evaluate(text: str, context: dict[str, Any]) -> str:
    """A text with `${{ }}` replaced; an output that was not set is empty."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        assert name.startswith(("inputs.", "steps."))
        return context[name] if name.startswith("inputs.") else context.get(name, "")

    return _EXPRESSION.sub(value, str(text))


def stub(directory: Path) -> Path:
    """A `cognito-lint` that is this checkout, and writes the arguments it got to arguments.txt beside it."""
    command = directory / "cognito-lint"
    command.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        f"open({str(directory / 'arguments.txt')!r}, 'w').write(repr(sys.argv[1:]))\n"
        f"sys.path.insert(0, {str(ROOT / 'src')!r})\n"
        "from cognito_lint.__main__ import run\n"
        "run()\n"
    )
    command.chmod(0o755)
    return command
