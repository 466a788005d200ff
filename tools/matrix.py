"""Run the unit tests on every Python from 3.10 to 3.13 that this machine has, each in an environment of its own.

What needs another program (a host, terraform) is tested once, by `make unit`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSIONS = ("3.10", "3.11", "3.12", "3.13")
ROOT = Path(__file__).resolve().parent.parent
ELSEWHERE = "not hosts and not terraform and not shared"


def interpreters() -> dict[str, str]:
    """The interpreters by version: on PATH, or where pyenv and uv keep theirs."""
    found = {}
    for version in VERSIONS:
        for candidate in _candidates(version):
            if _works(candidate, version):
                found[version] = candidate
                break
    return found


def _candidates(version: str) -> list[str]:
    on_path = shutil.which(f"python{version}")
    homes = [
        Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions",
        Path.home() / ".local/share/uv/python",
    ]
    kept = [str(path) for home in homes for path in sorted(home.glob(f"*{version}.*/bin/python{version}"))]
    return [on_path, *kept] if on_path else kept


def _works(interpreter: str, version: str) -> bool:
    probe = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([interpreter, "-c", probe], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == version


def run(version: str, interpreter: str) -> bool:
    """Whether the unit tests pass on this interpreter."""
    environment = ROOT / f".venv-py{version}"
    python = environment / "bin/python"
    ready = environment / ".ready"
    if not ready.exists() or ready.stat().st_mtime < (ROOT / "pyproject.toml").stat().st_mtime:
        subprocess.run([interpreter, "-m", "venv", environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip>=25.1"], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--editable", ".[python-hcl2]", "--group", "test"]
        subprocess.run(install, check=True, cwd=ROOT)
        ready.touch()
    print(f"== unit tests on Python {version}", flush=True)
    jobs = os.environ.get("JOBS", "2")
    tests = [python, "-m", "pytest", "-q", "-n", jobs, "-m", ELSEWHERE, "-p", "no:cacheprovider"]
    return subprocess.run(tests, cwd=ROOT, check=False).returncode == 0


def main() -> int:
    """Exit code 0 if every interpreter that was found passes."""
    mine = "{}.{}".format(*sys.version_info[:2])
    found = interpreters()
    others = {version: path for version, path in found.items() if version != mine}
    absent = [version for version in VERSIONS if version not in found and version != mine]
    passed = {version: run(version, path) for version, path in others.items()}
    print(f"unit tests ran on Python {', '.join(passed) or 'no other version'} (and run on {mine} with `make unit`)")
    print(f"not on this machine: {', '.join(absent) or 'none'}")
    return 0 if all(passed.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
