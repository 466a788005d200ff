"""Terraform: our whole check beside tfparse (Trivy's evaluator) and Checkov, and what a root's other resources cost.

tfparse evaluates and hands over every block, we read, evaluate and judge: both over the same modules, each as a process
of its own, and again in a process that has done it once: the start is mostly Python's imports.
`COGNITO_LINT_TFPARSE` names a Python that can import tfparse (else this one is tried), `COGNITO_LINT_CHECKOV` a checkov
(else `.venv-checkov/bin/checkov`). What is missing is skipped with the reason.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROUNDS = 5
BYTECODE = Path(tempfile.gettempdir()) / "cognito-lint-benchmark-bytecode"
MODULES = 200
OURS = (sys.executable, "-m", "cognito_lint", "check", ".")
AGAIN = """
import gc, sys, time
{prepare}
for _ in range(2):
    gc.collect()
    start = time.perf_counter()
    {check}
print(time.perf_counter() - start)
"""
THEIRS_AGAIN = AGAIN.format(
    prepare="from tfparse import load_from_path",
    check="for path in sys.argv[1:]: load_from_path(path)",
)
OURS_AGAIN = AGAIN.format(
    prepare="""
from pathlib import Path
from cognito_lint import pipeline
from cognito_lint.cli.jobs import jobs
from cognito_lint.discover import discover
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
from cognito_lint.work import Work
gc.set_threshold(200_000)  # as the command has it
work = Work(jobs(int(sys.argv[1]) if sys.argv[1:] else None))
def check(repository):
    units = pipeline.units(discover(["."], repository), repository, Inputs(), work)
    return pipeline.judge(units, repository, pipeline.Selection())
""",
    check='check(Repository(Path("."), ["."]))',
)
THEIRS = "import sys\nfrom tfparse import load_from_path\nfor path in sys.argv[1:]:\n    load_from_path(path)\n"
POOL = """\
resource "aws_cognito_user_pool" "pool" {
  name           = "${local.name}-users"
  user_pool_tier = "PLUS"

  dynamic "user_pool_add_ons" {
    for_each = local.protected ? [local.modes[var.stage]] : []
    content {
      advanced_security_mode = user_pool_add_ons.value
    }
  }
}
"""
MODULE = (
    """\
variable "stage" {
  type    = string
  default = "prod"
}

variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  name      = join("-", compact(["app", NUMBER, lookup(var.tags, "team", "")]))
  modes     = merge({ prod = "ENFORCED", dev = "AUDIT" }, { test = upper("off") })
  protected = contains(keys(local.modes), var.stage) && length(local.name) > 2
}

"""
    + POOL
)
OTHERS = """\
resource "aws_sqs_queue" "queue_NUMBER" {
  name                       = "${var.prefix}-NUMBER"
  visibility_timeout_seconds = NUMBER % 2 == 0 ? 30 : 60
  tags                       = merge(local.tags, { number = "NUMBER" })
}
"""
SHARED = 'variable "prefix" {\n  default = "x"\n}\nlocals {\n  tags = { team = var.prefix }\n}\n'


def modules(count: int) -> dict[str, str]:
    """Directories with one module each, as people write them."""
    return {f"m{number:03}/main.tf": MODULE.replace("NUMBER", str(number)) for number in range(count)}


def slice_of_pools() -> dict[str, str]:
    """A root that calls a hundred modules, each with a pool."""
    calls = "".join(f'module "m{number}" {{\n  source = "./m{number:03}"\n}}\n' for number in range(100))
    return {**modules(100), "main.tf": SHARED + calls}


def whole_root() -> dict[str, str]:
    """The same root with 2,000 resources that have nothing to do with pools."""
    others = {
        f"queues{part}.tf": "".join(OTHERS.replace("NUMBER", str(part * 100 + number)) for number in range(100))
        for part in range(20)
    }
    return {**slice_of_pools(), **others}


def write(directory: str, files: Mapping[str, str]) -> None:
    """Write the files below the directory."""
    for name, text in files.items():
        path = Path(directory) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def best(
    directory: str,
    *commands: Sequence[str],
    measure: Callable[[subprocess.CompletedProcess[bytes], float], float] = lambda _, elapsed: elapsed,
) -> list[float]:
    """The shortest time of each command, in seconds, the commands taking turns: wall time, or what `measure` makes of
    the finished process."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
        "BC_SKIP_MAPPING": "TRUE",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    times = [float("inf")] * len(commands)
    for _ in range(ROUNDS):
        for number, command in enumerate(commands):
            start = time.perf_counter()
            done = subprocess.run(command, cwd=directory, capture_output=True, check=False, env=environment)
            elapsed = time.perf_counter() - start
            if done.returncode not in (0, 1):
                raise SystemExit(f"{command[0]} failed: {done.stderr.decode()[-300:]}")
            times[number] = min(times[number], measure(done, elapsed))
    return times


def said(done: subprocess.CompletedProcess[bytes], _elapsed: float) -> float:
    """The time that a process measured itself."""
    return float(done.stdout)


def beside_tfparse() -> None:
    """Many modules, with the start and without."""
    python = os.environ.get("COGNITO_LINT_TFPARSE", sys.executable)
    found = subprocess.run([python, "-c", "import tfparse"], capture_output=True, check=False)
    if found.returncode:
        print(f"tfparse is not installed for {python}: not compared (set COGNITO_LINT_TFPARSE)")
        return
    with tempfile.TemporaryDirectory() as directory:
        write(directory, modules(MODULES))
        names = sorted(path.name for path in Path(directory).iterdir())
        theirs, ours = best(directory, [python, "-c", THEIRS, *names], OURS)
        commands = ([python, "-c", THEIRS_AGAIN, *names], [sys.executable, "-c", OURS_AGAIN])
        their_second, our_second, alone = best(directory, *commands, [*commands[1], "1"], measure=said)
    show(f"{MODULES} modules, whole process", "tfparse", theirs, ours)
    show("the same again in one process", "tfparse", their_second, our_second)
    show("that with --jobs 1", "tfparse", their_second, alone)


def beside_checkov() -> None:
    """One module, each tool a whole process, Checkov with one check."""
    host = os.environ.get("COGNITO_LINT_CHECKOV") or str(ROOT / ".venv-checkov" / "bin" / "checkov")
    if not Path(host).is_file():
        print(f"no checkov at {host}: not compared (set COGNITO_LINT_CHECKOV)")
        return
    with tempfile.TemporaryDirectory() as directory:
        write(directory, modules(1))
        checkov = [host, "-d", ".", "--framework", "terraform", "-c", "CKV_AWS_41", "--quiet", "--skip-download"]
        theirs, ours = best(directory, checkov, OURS)
    show("one module, whole process", "checkov", theirs, ours)


def beside_our_own_slice() -> None:
    """A root with many other resources, and the same root with the pools alone."""
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        write(small, slice_of_pools())
        write(large, whole_root())
        (alone,) = best(small, OURS)
        (together,) = best(large, OURS)
    print(f"100 modules alone {alone:.2f} s, with 2,000 other resources {together:.2f} s: {together / alone:.2f} times")


def show(what: str, name: str, theirs: float, ours: float) -> None:
    """Print one comparison."""
    print(f"{what}: {name} {theirs:.2f} s, ours {ours:.2f} s: {ours / theirs:.2f} of its time")


def main() -> None:
    """All comparisons."""
    beside_tfparse()
    beside_checkov()
    beside_our_own_slice()


if __name__ == "__main__":
    main()
