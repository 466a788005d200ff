"""Templates: our whole check beside PyYAML's C loader on the same files, and beside cfn-lint.

Our side reads, evaluates and judges in this process; so does PyYAML, which only builds dictionaries. cfn-lint and our
command run as processes of their own, started in turn, both with their modules compiled as pip compiles them; the best
of a few runs counts. It is given with the start of both, which is most of a small template's time, and without:
the second check of the same files in one process. `COGNITO_LINT_CFN_LINT` names a cfn-lint; else
`.venv-cfn-lint/bin/cfn-lint` is tried. Bounds: at most 2 times PyYAML, at least 20 times faster than cfn-lint.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import yaml

from cognito_lint.files import Repository
from cognito_lint.pipeline import Request, check

ROOT = Path(__file__).parent.parent
ROUNDS = 7
TURNS = 3
COMMAND = "from cognito_lint.cli import run; run()"  # what the installed script does
AGAIN = """
import sys, time
{prepare}
for _ in range(2):
    start = time.perf_counter()
    {check}
print(time.perf_counter() - start)
"""
CFN_LINT_AGAIN = AGAIN.format(
    prepare="from cfnlint.api import ManualArgs, lint_by_config",
    check='lint_by_config(ManualArgs(templates=sys.argv[1:], regions=["us-east-1"]))',
)
OURS_AGAIN = AGAIN.format(
    prepare=(
        "from pathlib import Path\nfrom cognito_lint.files import Repository\n"
        "from cognito_lint.pipeline import Request, check"
    ),
    check='check(Request(paths=tuple(sys.argv[1:])), Repository(Path("."), sys.argv[1:]))',
)


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, _data: object) -> bool:
        return True


def cdk() -> dict[str, object]:
    """Five pools among 500 functions, about a megabyte as CDK writes it."""
    resources: dict[str, object] = {
        f"R{i}": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": {"Fn::Sub": "assets-${AWS::Region}"}, "S3Key": "a" * 64},
                "Environment": {"Variables": {f"K{j}": {"Fn::GetAtt": [f"R{j}", "Arn"]} for j in range(20)}},
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Runtime": "python3.12",
            },
            "Metadata": {"aws:cdk:path": f"Stack/R{i}/Resource"},
        }
        for i in range(500)
    }
    resources["Role"] = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}}
    resources |= {f"P{i}": pool("ENFORCED") for i in range(5)}
    return {"Resources": resources}


def pool(mode: object) -> dict[str, object]:
    """A user pool."""
    return {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolAddOns": {"AdvancedSecurityMode": mode}}}


def conditions() -> dict[str, object]:
    """60 conditions over 20 parameters, five of them deciding a pool's mode."""
    parameters = {f"p{i}": {"Type": "String", "Default": "a", "AllowedValues": ["a", "b", "c"]} for i in range(20)}
    found: dict[str, object] = {}
    for i in range(60):
        other = {"Fn::Not": [{"Condition": f"c{i * 7 % 20}"}]}
        equals = {"Fn::Equals": [{"Ref": f"p{i % 20}"}, "ab"[i % 2]]}
        found[f"c{i}"] = equals if i < 20 else {"Fn::And": [{"Condition": f"c{i - 20}"}, other]}
    mode: object = "AUDIT"
    for i in (20, 33, 41, 52, 59):
        mode = {"Fn::If": [f"c{i}", "ENFORCED", mode]}
    return {"Parameters": parameters, "Conditions": found, "Resources": {"P": pool(mode)}}


def small() -> dict[str, object]:
    """A pool among ten buckets."""
    buckets = {f"B{i}": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": f"b{i}"}} for i in range(10)}
    return {"Resources": {"P": pool("ENFORCED"), **buckets}}


def cases() -> dict[str, Mapping[str, str]]:
    """The files of each case."""
    written = yaml.dump(small(), Dumper=_Dumper)
    return {
        "CDK, 1 MB, JSON": {"cdk.template.json": json.dumps(cdk(), indent=1)},
        "CDK, 1 MB, YAML": {"cdk.yaml": yaml.dump(cdk(), Dumper=_Dumper)},
        "60 conditions, 20 parameters": {"conditions.yaml": yaml.dump(conditions(), Dumper=_Dumper)},
        "1,000 small templates": {f"t{i:04}.yaml": written for i in range(1_000)},
    }


def best(*actions: Callable[[], object]) -> list[float]:
    """The shortest time of each action, in seconds of this process, the actions taking turns."""
    times = [float("inf")] * len(actions)
    for _ in range(ROUNDS):
        for number, action in enumerate(actions):
            start = time.process_time()
            action()
            times[number] = min(times[number], time.process_time() - start)
    return times


def beside_pyyaml() -> None:
    """Print one line for each case."""
    print(f"{'':32}{'PyYAML':>10}{'ours':>10}{'ratio':>8}")
    for name, files in cases().items():
        with tempfile.TemporaryDirectory() as place:
            directory = Path(place)
            for file, text in files.items():
                (directory / file).write_text(text, encoding="utf-8")
            theirs, ours = best(partial(load, directory, files), partial(scan, directory))
        print(f"{name:32}{theirs * 1000:7.1f} ms{ours * 1000:7.1f} ms{ours / theirs:8.2f}")


def load(directory: Path, files: Mapping[str, str]) -> None:
    """What PyYAML does alone."""
    for file in files:
        yaml.load((directory / file).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def scan(directory: Path) -> None:
    """What we do: from paths to findings."""
    check(Request(paths=(".",)), Repository(directory, ["."]))


def beside_cfn_lint() -> None:
    """Print one line for each case that both accept, as processes of their own."""
    host = os.environ.get("COGNITO_LINT_CFN_LINT") or str(ROOT / ".venv-cfn-lint" / "bin" / "cfn-lint")
    if not Path(host).is_file():
        print(f"\nno cfn-lint at {host}: not compared (set COGNITO_LINT_CFN_LINT)")
        return
    print(f"\n{'':32}{'cfn-lint':>10}{'ours':>10}{'times faster':>14}{'without the start':>24}")
    for name, files in cases().items():
        some = dict(list(files.items())[:50])  # cfn-lint takes minutes for a thousand
        with tempfile.TemporaryDirectory() as place:
            for file, text in some.items():
                (Path(place) / file).write_text(text, encoding="utf-8")
            whole = processes([host, *some], [sys.executable, "-c", COMMAND, "check", *some], place)
            python = str(Path(host).with_name("python"))
            again = processes(
                [python, "-c", CFN_LINT_AGAIN, *some], [sys.executable, "-c", OURS_AGAIN, *some], place, said
            )
        label = f"{len(some)} small templates" if len(some) > 1 else name
        print(f"{label:32}{whole[0]:8.2f} s{whole[1]:8.2f} s{whole[0] / whole[1]:14.1f}", end="")
        print(f"{again[0]:8.3f} s{again[1]:8.3f} s{again[0] / again[1]:6.0f}")


def elapsed(command: list[str], directory: str, environment: Mapping[str, str]) -> float:
    """The wall time of a process."""
    start = time.perf_counter()
    subprocess.run(command, cwd=directory, capture_output=True, check=False, env=environment)
    return time.perf_counter() - start


def said(command: list[str], directory: str, environment: Mapping[str, str]) -> float:
    """The time that a process measured itself."""
    done = subprocess.run(command, cwd=directory, capture_output=True, check=True, env=environment)
    return float(done.stdout)


def processes(
    theirs: list[str],
    ours: list[str],
    directory: str,
    measured: Callable[[list[str], str, Mapping[str, str]], float] = elapsed,
) -> tuple[float, float]:
    """The shortest time of both commands, taking turns."""
    common = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    with tempfile.TemporaryDirectory() as compiled:
        environment = common | {"PYTHONPATH": str(ROOT / "src"), "PYTHONPYCACHEPREFIX": compiled}
        elapsed(ours, directory, environment)
        pairs = [(measured(theirs, directory, common), measured(ours, directory, environment)) for _ in range(TURNS)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def main() -> None:
    """Both comparisons."""
    beside_pyyaml()
    beside_cfn_lint()


if __name__ == "__main__":
    main()
