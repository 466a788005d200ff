"""One answer on every surface: the command, cfn-lint and Checkov on the same files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from host_runs import PROJECT, Record

pytestmark = [pytest.mark.hosts]

FIXTURES = PROJECT / "tests" / "fixtures"
SHARED = PROJECT.parent / "shared" / "corpus"
COMMAND_ALONE = {"COG091", "COG092"}
ABSENT_HERE = "the corpus is only in the workplace"
FRAMEWORKS = ("--framework", "terraform", "terraform_json", "terraform_plan", "cloudformation", "serverless")


def _command(folder: Path, *paths: str) -> Any:
    """The report of the command itself, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    done = subprocess.run(
        [sys.executable, "-m", "cognito_lint", "check", "--format", "json", "--quiet", "--isolated", *paths],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout)


def _copy(origin: Path, tmp_path: Path) -> Path:
    """A copy outside every repository, so that neither the command nor a host looks further than the files."""
    folder = tmp_path / "cases"
    shutil.copytree(origin, folder, symlinks=True, ignore=shutil.ignore_patterns(".terraform"))
    return folder


def _templates(folder: Path) -> list[str]:
    mentions = (
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".yaml", ".yml", ".json", ".template") and path.is_file()
    )
    return [
        path.relative_to(folder).as_posix()
        for path in mentions
        if re.search(rb"AWS::Cognito::UserPool\b", path.read_bytes())
    ]


def _levelled(finding: Any) -> str:
    return {"error": "E", "warning": "W", "note": "I"}[finding["level"]] + finding["rule"]


def _expected(folder: Path, file: str) -> set[tuple[str, str]]:
    """What the command says of one template that is given alone, as far as it is about this template."""
    report = _in_process(folder, file)
    here = {pool["address"] for pool in report["pools"] if file in (pool["file"], pool["unit"])}
    declared = {pool["address"] for pool in report["pools"] if pool["file"] == file}  # elsewhere: the nested stack
    return {
        (_levelled(finding), (finding["address"] or "").split("/")[-1 if finding["address"] in declared else 0])
        for finding in report["findings"]
        if not finding["suppressed"] and finding["rule"] not in COMMAND_ALONE
        if finding["address"] in here or (finding["address"] is None and file in (finding["file"], finding["unit"]))
    }


def _in_process(folder: Path, file: str) -> Any:
    from cognito_lint import pipeline
    from cognito_lint.files import Repository
    from cognito_lint.report import json_report
    from cognito_lint.suppressions import Policy

    repository = Repository(folder, (file,))
    request = pipeline.Request((file,), policy=Policy(today=datetime.now(timezone.utc).date()))
    return json.loads(json_report.render(pipeline.check(request, repository)))


def _cfn_lint_agrees(cfn_lint: Any, folder: Path) -> None:
    files = _templates(folder)
    assert files
    run = cfn_lint.run("--include-checks", "I", "--format", "json", "--", *files, cwd=folder)
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    blocked = set()
    for match in run.json:
        rule, path = match["Rule"]["Id"], match["Location"]["Path"] or []
        assert rule != "E0002", match
        if "COG" in rule:
            found[match["Filename"]].add((rule, path[1] if len(path) > 1 else ""))
        elif rule in ("E0000", "E0001"):
            blocked.add(match["Filename"])
    differences = {
        file: (expected, found[file])
        for file in files
        if file not in blocked and (expected := _expected(folder, file)) != found[file]
    }
    assert {} == differences
    assert len(blocked) < len(files)


@pytest.mark.xdist_group("cfn-lint")
def test_cfn_lint_agrees_on_every_fixture(cfn_lint: Any, tmp_path: Path) -> None:
    """Rule by rule and pool by pool, on every template that cfn-lint can read at all."""
    _cfn_lint_agrees(cfn_lint, _copy(FIXTURES, tmp_path))


@pytest.mark.shared
@pytest.mark.xdist_group("cfn-lint")
@pytest.mark.skipif(not SHARED.is_dir(), reason=ABSENT_HERE)
def test_cfn_lint_agrees_on_the_corpus(cfn_lint: Any, tmp_path: Path) -> None:
    """The public templates."""
    _cfn_lint_agrees(cfn_lint, _copy(SHARED / "cases", tmp_path))


def _word(results: dict[str, str]) -> str:
    if "FAILED" in (results.get("COG001"), results.get("COG002")):
        return "not-enforced" if results.get("COG001") == "FAILED" else "unproven"
    return "enforced" if results.get("COG001") == results.get("COG002") == "PASSED" else "silent"


def _words(report: Any) -> dict[tuple[str, str], set[str]]:
    """The command's verdicts in the words that Checkov's two checks have, by file and plain address."""
    findings = {(f["unit"], f["address"], f["rule"]) for f in report["findings"]}
    muted = {(f["unit"], f["address"]) for f in report["findings"] if f["suppressed"]}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for pool in report["pools"]:
        word = pool["verdict"]
        if word == "conditional":
            word = "unproven"
        if (pool["unit"], pool["address"]) in muted:
            word = "silent"
        elif word == "not-deployed":
            word = "unproven" if (pool["unit"], pool["address"], "COG002") in findings else "silent"
        for name in _names(pool["address"]):
            found[pool["file"], name].add(word)
    return found


def _names(address: str) -> set[str]:
    """An address without instance keys, as it is seen from each module on its way, and its last part alone: Checkov's
    own spelling differs by framework, and the caller of a module that it cannot read is not there for it."""
    bare = _bare(address)
    ends = (bare.split(".", 2 * calls)[-1] for calls in range(bare.count("module.") + 1))
    return {*ends, _last(bare)}


def _bare(address: str) -> str:
    return re.sub(r'\["(?:[^"\\]|\\.)*"\]|\[[^\]]*\]', "", address)


def _last(bare: str) -> str:
    return bare.split("/")[-1].split(".")[-1]


def _plain(resource: str) -> str:
    bare = _bare(resource)
    return bare if bare.startswith(("module.", "aws_")) else _last(bare)


def _seen(lines: Iterable[Record]) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    grouped: dict[tuple[str, str, int], dict[str, str]] = {}
    counted: dict[tuple[str, str, str], int] = defaultdict(int)
    for line in lines:
        turn = counted[line.file, line.resource, line.check]
        counted[line.file, line.resource, line.check] += 1
        grouped.setdefault((line.file, line.resource, turn), {})[line.check] = line.result
    for (file, resource, _), results in grouped.items():
        yield (file.lstrip("/"), _plain(resource)), results


def _checkov_agrees(checkov: Any, probe: Path, folder: Path) -> None:
    expected = _words(_command(folder, "."))
    lines = checkov.records("-d", ".", *FRAMEWORKS, "--external-checks-dir", str(probe), cwd=folder)
    differences = {}
    compared = 0
    for where, results in _seen(lines):
        words = expected.get(where)
        if "CKV_PROBE_1" not in results or words is None:
            continue
        compared += 1
        word = _word(results)
        if word not in words:
            differences[where] = (word, words)
    assert {} == differences
    assert compared


@pytest.mark.xdist_group("checkov")
def test_checkov_agrees_on_every_fixture(checkov: Any, probe: Path, tmp_path: Path) -> None:
    """Every pool that Checkov sees has the command's verdict there."""
    _checkov_agrees(checkov, probe, _copy(FIXTURES, tmp_path))


@pytest.mark.shared
@pytest.mark.xdist_group("checkov")
@pytest.mark.skipif(not SHARED.is_dir(), reason=ABSENT_HERE)
def test_checkov_agrees_on_the_corpus(checkov: Any, probe: Path, tmp_path: Path) -> None:
    """The public templates and modules."""
    _checkov_agrees(checkov, probe, _copy(SHARED / "cases", tmp_path))
