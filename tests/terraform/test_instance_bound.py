"""A root of more instances than anybody deploys ends, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from terraform_projects import POOL, evaluate, write

from cognito_lint.terraform import evaluation


def test_more_instances_than_the_bound_are_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts multiply from module to module: past the bound nothing more is visited, and the bound is named."""
    monkeypatch.setattr(evaluation, "MAX_INSTANCES", 20)
    outer = 'module "outer" {\n  source = "./outer"\n  count  = 30\n}\n'
    inner = 'module "inner" {\n  source = "../inner"\n  count  = 30\n}\n'
    write(tmp_path, {"main.tf": outer, "outer/main.tf": inner, "inner/main.tf": POOL.replace("MODE", '"ENFORCED"')})
    (unit,) = evaluate(tmp_path)
    assert len(unit.pools) < 20
    assert {problem.message for problem in unit.problems} == {
        "the root has more instances of modules and pools than the bound of 20"
    }
