"""The container image: its build stage, run as `docker build` would, with the files that the build sees alone."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from action_runner import ROOT

TEXT = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", "")
STEPS = [tuple(line.split(maxsplit=1)) for line in TEXT.splitlines() if line]
STAGES = [position for position, (name, _) in enumerate(STEPS) if name == "FROM"]


def stage(name: str) -> list[tuple[str, str]]:
    """The steps of one stage, the last if the name is empty."""
    for start, end in zip(STAGES, [*STAGES[1:], len(STEPS)], strict=True):
        if STEPS[start][1].partition(" AS ")[2] == name:
            return STEPS[start + 1 : end]
    raise AssertionError(f"no stage {name!r}")


def test_the_build_sees_what_it_copies_and_no_more():
    """A file that .dockerignore hides cannot be copied; what is not copied need not be sent."""
    copied = {word for name, words in stage("build") if name == "COPY" for word in words.split()[:-1]}
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert copied == {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert "*" == next(line for line in lines if not line.startswith("#"))


@pytest.mark.hosts
def test_the_build_stage_builds(tmp_path):
    """The files that are copied are enough for the package, its adapters among them, and the command runs."""
    build, opt = tmp_path / "build", tmp_path / "opt/cognito-lint"
    for name, words in stage("build"):
        if name == "COPY":
            *sources, target = words.split()
            (build / target).mkdir(parents=True, exist_ok=True)
            for source in sources:
                if (ROOT / source).is_dir():
                    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
                    shutil.copytree(ROOT / source, build / target, dirs_exist_ok=True, ignore=ignore)
                else:
                    shutil.copy(ROOT / source, build / target)
        elif name == "RUN":
            script = words.replace("/opt/cognito-lint", str(opt)).replace("python -m", f"{sys.executable} -m")
            subprocess.run(["sh", "-ec", script], cwd=build, check=True, capture_output=True)
    shutil.rmtree(build)
    template = {"Resources": {"Pool": {"Type": "AWS::Cognito::UserPool"}}}
    (tmp_path / "template.json").write_text(json.dumps(template))
    # no HOME, no TMPDIR: nothing is written
    done = subprocess.run(
        [*entrypoint(opt), *json.loads(dict(stage(""))["CMD"])],
        cwd=tmp_path,
        env={"PATH": f"{opt}/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 1 == done.returncode, done.stderr
    assert "error[COG001]" in done.stdout
    for host in ("cfn-lint", "checkov"):
        subprocess.run([*entrypoint(opt), "adapter-path", host], check=True, capture_output=True)


def entrypoint(opt: Path) -> list[str]:
    """The image's entry point, found on the image's PATH."""
    (command,) = json.loads(dict(stage(""))["ENTRYPOINT"])
    return [str(opt / "bin" / command)]


def test_the_image_runs_as_nobody_on_a_pinned_base():
    """No step after USER needs root, the user is a number as Kubernetes asks, and the base is a digest."""
    last = stage("")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", dict(last)["USER"])
    names = [name for name, _ in last]
    assert not {"RUN", "COPY"} & set(names[names.index("USER") :])
    assert "/src" == dict(last)["WORKDIR"]
    assert "PYTHONDONTWRITEBYTECODE=1" in shlex.split(dict(last)["ENV"])
    bases = [STEPS[position][1].split()[0] for position in STAGES]
    assert [] == [base for base in bases[1:] if base != "base"]
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+@sha256:[0-9a-f]{64}", bases[0])
