"""Which directories are roots, and what a file given by name leads to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from terraform_projects import POOL, evaluate, write

import cognito_lint
from cognito_lint.model import Unit
from cognito_lint.rules.verdict import verdict

MODULE = 'variable "mode" {}\n' + POOL.replace("MODE", "var.mode")
CALL = 'module "auth" {\n  source = "../../modules/auth"\n  mode   = "ENFORCED"\n}\n'
PROJECT = {
    "modules/auth/main.tf": MODULE,
    "envs/dev/main.tf": CALL,
    "envs/prod/main.tf": CALL,
    "network/main.tf": 'resource "aws_vpc" "main" {}\n',
    "unrelated/main.tf": POOL.replace("MODE", '"OFF"'),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a module, two roots that call it, one more with a pool and one without."""
    write(tmp_path, {**PROJECT, ".git/HEAD": "ref: refs/heads/main\n"})
    return tmp_path


def _paths(found: tuple[Unit, ...]) -> list[str]:
    return sorted(unit.path for unit in found)


def test_a_module_that_a_scanned_one_calls_is_no_root(project: Path) -> None:
    """The called module is judged through its callers; a root without pools gives no unit."""
    assert ["envs/dev", "envs/prod", "unrelated"] == _paths(evaluate(project))


def test_a_module_whose_callers_are_not_scanned_is_a_root(project: Path) -> None:
    """Who asks for a module's directory alone gets it judged on its own."""
    assert ["modules/auth"] == _paths(evaluate(project, "modules"))


def test_a_scanned_root_follows_its_calls_out_of_the_scanned_paths(project: Path) -> None:
    """The call leads to a directory that is not below PATH."""
    (unit,) = evaluate(project, "envs/dev")
    assert ["module.auth.aws_cognito_user_pool.this"] == [pool.address for pool in unit.pools]
    assert {"modules/auth/", "modules/auth/main.tf", "envs/dev/", "envs/dev/terraform.tfvars"} <= unit.files


@pytest.mark.parametrize("file", ["modules/auth/main.tf", "modules/auth/deleted.tf"])
def test_a_named_file_loads_the_roots_that_use_its_module(project: Path, file: str) -> None:
    """Even one that was deleted."""
    found = evaluate(project, file)
    assert ["envs/dev", "envs/prod"] == _paths(found)
    assert all("modules/auth/" in unit.files for unit in found)


@pytest.mark.parametrize("file", ["envs/prod/terraform.tfvars", "envs/prod/deleted.auto.tfvars"])
def test_a_named_tfvars_file_loads_its_root(project: Path, file: str) -> None:
    """There or deleted."""
    assert ["envs/prod"] == _paths(evaluate(project, file))


def test_a_named_file_of_another_kind_loads_the_roots_that_mention_it(project: Path) -> None:
    """A JSON file that an expression reads is input like any other."""
    mode = 'jsondecode(file("${path.module}/settings.json")).mode'
    write(project, {"reads/main.tf": POOL.replace("MODE", mode), "reads/settings.json": '{"mode": "ENFORCED"}'})
    (unit,) = evaluate(project, "reads/settings.json")
    assert "reads" == unit.path
    assert "reads/settings.json" in unit.files


def test_a_commented_call_is_no_call(tmp_path: Path) -> None:
    """The module that only a comment calls is a root."""
    commented = "".join(f"# {line}\n" for line in CALL.splitlines())
    write(tmp_path, {"modules/auth/main.tf": MODULE, "envs/dev/main.tf": commented})
    assert ["modules/auth"] == _paths(evaluate(tmp_path))


@pytest.mark.parametrize("aside", ["examples", "test", "tests"])
def test_a_module_that_only_examples_call_is_judged_by_its_own_defaults_too(tmp_path: Path, aside: str) -> None:
    """A published module has callers that nobody scans."""
    call = CALL.replace("../../modules/auth", "../..")
    write(tmp_path, {"main.tf": MODULE, f"{aside}/basic/main.tf": call})
    assert [".", f"{aside}/basic"] == _paths(evaluate(tmp_path))


def test_a_circle_of_modules_is_said_once_and_ends(tmp_path: Path) -> None:
    """Two modules that call each other are no hang, and nobody's pools are lost."""
    first = 'module "b" {\n  source = "../b"\n}\n' + POOL.replace("MODE", '"ENFORCED"')
    second = 'module "a" {\n  source = "../a"\n}\n'
    write(tmp_path, {"a/main.tf": first, "b/main.tf": second})
    (unit,) = evaluate(tmp_path)
    assert ["aws_cognito_user_pool.this"] == [pool.address for pool in unit.pools]
    assert ["module.a contains itself: its source ../a leads back to a module around it"] == [
        problem.message for problem in unit.problems
    ]


def test_sources_outside_the_repository_are_not_read(tmp_path: Path) -> None:
    """A local source that leads out of the repository is as good as not there."""
    outside = CALL.replace("../../modules/auth", "../outside")
    write(tmp_path, {"outside/main.tf": MODULE, "inside/.git/HEAD": "", "inside/main.tf": outside})
    assert () == evaluate(tmp_path / "inside")


def test_no_parser_is_imported_for_files_that_never_speak_of_pools(tmp_path: Path) -> None:
    """The cheap test of bytes comes first."""
    write(tmp_path, {"main.tf": 'resource "aws_vpc" "main" {}\n'})
    code = (
        "import sys; from pathlib import Path; from cognito_lint.discover import discover;"
        "from cognito_lint.files import Repository; from cognito_lint.inputs import Inputs;"
        "from cognito_lint.terraform.units import units;"
        "repository = Repository(Path('.'), ['.']);"
        "found = units(discover(['.'], repository), repository, Inputs());"
        "print(found, 'tree_sitter' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(cognito_lint.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert "() False\n" == done.stdout


COMPUTED = {
    "main.tofu": 'locals {\n  where = "./m"\n}\nmodule "cognito" {\n  source = local.where\n  mode   = "AUDIT"\n}\n',
    "m/main.tofu": 'variable "mode" {\n  default = "ENFORCED"\n}\n' + POOL.replace("MODE", "var.mode"),
}


def test_a_computed_source_is_said_as_it_is_written(tmp_path: Path) -> None:
    """OpenTofu computes it before there are values; what it leads to is not known without `tofu init`."""
    write(tmp_path, COMPUTED)
    (root,) = [unit for unit in evaluate(tmp_path) if unit.path == "."]
    assert [("module.cognito", "local.where")] == [(one.address, one.source) for one in root.missing_modules]


def test_a_computed_source_is_where_init_has_found_it(tmp_path: Path) -> None:
    """With the arguments of the call, and not on its own."""
    manifest = {"Modules": [{"Key": "", "Dir": "."}, {"Key": "cognito", "Source": "./m", "Dir": "m"}]}
    write(tmp_path, {**COMPUTED, ".terraform/modules/modules.json": json.dumps(manifest)})
    (unit,) = evaluate(tmp_path)
    assert {"module.cognito.aws_cognito_user_pool.this": "not-enforced"} == {
        pool.address: verdict(pool) for pool in unit.pools
    }
