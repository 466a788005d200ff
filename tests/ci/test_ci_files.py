"""What CI services read, held against the linters and schemas that others wrote for it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from action_runner import ACTION, ROOT
from test_gitlab_template import job

WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").glob("*.yml")}
STEPS = [
    (f"{name}: {step.get('name') or step.get('uses') or step['run']}", step)
    for name, workflow in WORKFLOWS.items()
    for each in workflow["jobs"].values()
    for step in each["steps"]
] + [(f"action: {step['name']}", step) for step in ACTION["runs"]["steps"]]


linter = pytest.mark.hosts  # once is enough, not on every Python


def lint(name: str, *arguments: str, text: str | None = None) -> None:
    """Run a linter beside this Python or on PATH, which must have nothing to say."""
    beside = Path(sys.executable).with_name(name)
    tool = str(beside) if beside.exists() else shutil.which(name)
    if tool is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([tool, *arguments], cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr


@linter
@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("github-actions", "action.yml"),
        ("github-workflows", ".github/workflows/ci.yml"),
        ("github-workflows", ".github/workflows/release.yml"),
        ("dependabot", ".github/dependabot.yml"),
    ],
)
def test_published_schema(schema, path):
    """Each file is what its service says that it reads."""
    lint("check-jsonschema", "--builtin-schema", f"vendor.{schema}", path)


@linter
def test_gitlab_schema(tmp_path):
    """The template with its inputs put in is a pipeline; its header is one of inputs."""
    name, found = job()
    (tmp_path / "pipeline.json").write_text(json.dumps({name: found}))
    lint("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(tmp_path / "pipeline.json"))
    header, _ = yaml.safe_load_all((ROOT / "templates/cognito-lint.yml").read_text())
    (tmp_path / "header.json").write_text(json.dumps(header))
    lint("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(tmp_path / "header.json"))


@linter
def test_the_schema_finds_mistakes(tmp_path):
    """The GitLab schema is one that refuses what is none of GitLab's."""
    name, found = job()
    (tmp_path / "pipeline.json").write_text(json.dumps({name: found | {"artifacts": {"reports": {"code": "x.json"}}}}))
    with pytest.raises(AssertionError):
        lint("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(tmp_path / "pipeline.json"))


@linter
def test_workflows_are_safe():
    """zizmor knows how workflows and actions are attacked; nothing of it is left out."""
    lint("zizmor", "--offline", "--persona", "auditor", "action.yml", ".github")


@linter
def test_dockerfile():
    """hadolint knows how images are built well."""
    lint("hadolint", "Dockerfile")


@linter
def test_pre_commit_manifest():
    """pre-commit reads the hooks."""
    lint("pre-commit", "validate-manifest", ".pre-commit-hooks.yaml")


@linter
def test_shell_files():
    """shellcheck, over the scripts that are files."""
    lint("shellcheck", ".ci/run")


@linter
@pytest.mark.parametrize(
    ("title", "step"), [pair for pair in STEPS if "run" in pair[1]], ids=lambda each: str(each)[:60]
)
def test_shell_of_steps(title, step):
    """shellcheck, over every step of the workflows and of the action; none has an expression in its shell."""
    assert "${{" not in step["run"]
    assigned = "".join(f"export {name}=x\n" for name in step.get("env", {}))
    lint("shellcheck", "--shell=bash", "-", text=f"{assigned}{step['run']}\n")


@linter
def test_shell_of_the_gitlab_job():
    """shellcheck, over the whole script of the job, as the POSIX shell that small images have."""
    _, found = job()
    assigned = "".join(f"export {name}=x\n" for name in found["variables"])
    script = "\n".join([assigned, *found["before_script"], *found["script"]])
    lint("shellcheck", "--shell=sh", "-", text=f"{script}\n")


@pytest.mark.parametrize(
    ("title", "step"), [pair for pair in STEPS if "uses" in pair[1]], ids=lambda each: str(each)[:60]
)
def test_actions_are_pinned(title, step):
    """Every action of somebody else is a commit, with its version beside it for people and dependabot."""
    if step["uses"] == "./":
        return
    path = ROOT / "action.yml" if title.startswith("action") else ROOT / f".github/workflows/{title.split(':')[0]}.yml"
    assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])
    lines = [line for line in path.read_text().splitlines() if step["uses"] in line]
    assert [] == [line for line in lines if not re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)]


def test_one_commit_a_version():
    """An action is used at one commit everywhere."""
    pairs = {tuple(step["uses"].split("@")) for _, step in STEPS if "@" in step.get("uses", "")}
    assert len(pairs) == len(dict(pairs))


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_least_permissions(name):
    """A workflow may do nothing unless a job says so, and only the release's last jobs write."""
    workflow = WORKFLOWS[name]
    assert {} == workflow["permissions"]
    writing = {
        each: sorted(scope for scope, level in found["permissions"].items() if level != "read")
        for each, found in workflow["jobs"].items()
    }
    expected = {"publish": ["attestations", "id-token"], "announce": ["contents"]} if name == "release" else {}
    assert expected == {each: scopes for each, scopes in writing.items() if scopes}


def test_ci_runs_every_python_of_the_package():
    """The Pythons of the classifiers are those that CI and the release test."""
    text = (ROOT / "pyproject.toml").read_text()
    pythons = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', text)
    assert pythons == WORKFLOWS["ci"]["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert pythons == WORKFLOWS["release"]["jobs"]["test"]["strategy"]["matrix"]["python"]
