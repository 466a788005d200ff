"""Which directories are evaluated as root modules: of what is scanned, and of what a named file belongs to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from terraform_projects import evaluate, write

from cognito_lint.discover import discover
from cognito_lint.files import Repository
from cognito_lint.pipeline import Request, check
from cognito_lint.terraform.configuration import Library
from cognito_lint.terraform.roots import Reach

POOL = 'resource "aws_cognito_user_pool" "this" {\n  name = "p"\n}\n'


def _call(source: str, name: str = "m") -> str:
    return f'module "{name}" {{\n  source = "{source}"\n}}\n'


def _roots(folder: Path, files: dict[str, str], *paths: str) -> list[str]:
    write(folder, files)
    repository = Repository(folder, paths or (".",))
    reach = Reach(discover(paths or (".",), repository), repository)
    return reach.roots(Library(repository, "tree-sitter"))


def test_only_what_leads_to_a_pool_is_a_root(tmp_path: Path) -> None:
    """A called module is judged through its callers; a directory without pools is none of our business."""
    files = {
        "live/main.tf": _call("../modules/auth"),
        "modules/auth/main.tf": POOL,
        "network/main.tf": 'resource "aws_vpc" "v" {}\n',
        "alone/main.tf": POOL,
    }
    assert _roots(tmp_path, files) == ["alone", "live"]


def test_the_working_directory_is_a_point(tmp_path: Path) -> None:
    """Paths stand as reports show them."""
    assert _roots(tmp_path, {"main.tf": _call("./auth"), "auth/main.tf": POOL}) == ["."]


def test_a_chain_of_modules_has_one_root(tmp_path: Path) -> None:
    """Reachability has no depth."""
    files = {f"m{i}/main.tf": _call(f"../m{i + 1}") for i in range(60)} | {"m60/main.tf": POOL}
    assert _roots(tmp_path, files) == ["m0"]


def test_sources_lead_out_of_the_scanned_path_but_not_out_of_the_repository(tmp_path: Path) -> None:
    """PATH says which roots are wanted, not which modules they may use."""
    files = {"live/main.tf": _call("../modules/auth"), "modules/auth/main.tf": POOL, "other/main.tf": POOL}
    assert _roots(tmp_path, files, "live") == ["live"]


def test_a_module_that_is_called_by_way_of_another_path_is_no_root(tmp_path: Path) -> None:
    """The way from root to module may leave the scanned path and come back."""
    files = {"a/live/main.tf": _call("../../b"), "b/main.tf": _call("../a/auth"), "a/auth/main.tf": POOL}
    assert _roots(tmp_path, files, "a") == ["a/live"]


@pytest.mark.parametrize("aside", ["examples", "test", "tests"])
def test_examples_and_tests_do_not_own_what_they_call(tmp_path: Path, aside: str) -> None:
    """A published module is judged by its own defaults too."""
    files = {f"{aside}/complete/main.tf": _call("../.."), "main.tf": POOL}
    assert _roots(tmp_path, files) == [".", f"{aside}/complete"]


def test_a_module_inside_an_example_belongs_to_it(tmp_path: Path) -> None:
    """Caller and called stand in the same example: nothing is published."""
    files = {"examples/one/main.tf": _call("./auth"), "examples/one/auth/main.tf": POOL}
    assert _roots(tmp_path, files) == ["examples/one"]


@pytest.mark.parametrize(
    "text",
    ["# " + '\n# '.join(_call("../auth").splitlines()) + "\n", "/*\n" + _call("../auth") + "*/\n"],
)  # fmt: skip
def test_a_commented_call_is_no_call(tmp_path: Path, text: str) -> None:
    """The bytes say that there may be a call; the parser has the last word."""
    assert "auth" in _roots(tmp_path, {"live/main.tf": text, "auth/main.tf": POOL})


def test_calls_in_json_and_tofu_count(tmp_path: Path) -> None:
    """Either engine may be the one that deploys."""
    files = {
        "one/main.tf.json": json.dumps({"module": {"m": {"source": "../a"}}}),
        "two/main.tofu": _call("../b"),
        "a/main.tf": POOL,
        "b/main.tf": POOL,
    }
    assert _roots(tmp_path, files) == ["one", "two"]


def test_a_source_written_with_escapes_is_followed(tmp_path: Path) -> None:
    """What bytes cannot tell is parsed."""
    escaped = '{"module": {"m": {"source": ".\\/..\\u002fmodules/a"}}}'
    files = {"live/x/main.tf.json": escaped, "live/modules/a/main.tf": POOL}
    assert _roots(tmp_path, files) == ["live/x"]


def test_a_remote_module_that_speaks_of_pools_makes_a_root(tmp_path: Path) -> None:
    """COG901 will name it; a remote module that speaks of something else does not matter."""
    files = {
        "a/main.tf": _call("terraform-aws-modules/vpc/aws", "vpc"),
        "b/main.tf": _call("lgallard/cognito-user-pool/aws", "users"),
        "c/main.tf": _call("git::https://example.com/x.git", "user_pool"),
    }
    assert _roots(tmp_path, files) == ["b", "c"]


@pytest.mark.parametrize(
    ("files", "roots"),
    [
        ({"a/main.tf": _call("../b"), "b/main.tf": _call("../a") + POOL}, ["a"]),
        ({"a/main.tf": POOL, "m/main.tf": _call("../n"), "n/main.tf": _call("../m") + _call("../a", "a")}, ["m"]),
        ({"a/main.tf": _call("../a") + POOL}, ["a"]),
    ],
)
def test_a_circle_that_nobody_calls_is_judged_once(tmp_path: Path, files: dict[str, str], roots: list[str]) -> None:
    """Its lexically first module stands for it, and what it calls is still judged through it."""
    assert _roots(tmp_path, files) == roots


def test_installed_modules_are_followed_and_not_scanned(tmp_path: Path) -> None:
    """`.terraform/modules/modules.json` says where `terraform init` put a remote module."""
    entry = {"Key": "m", "Source": "registry.terraform.io/x/y/aws", "Dir": ".terraform/modules/m"}
    files = {
        "main.tf": _call("x/y/aws"),
        ".terraform/modules/modules.json": json.dumps({"Modules": [entry]}),
        ".terraform/modules/m/main.tf": POOL,
    }
    assert _roots(tmp_path, files) == ["."]


TREE = {
    "live/dev/main.tf": _call("../../modules/auth"),
    "live/prod/main.tf": _call("../../modules/auth"),
    "live/net/main.tf": 'resource "aws_vpc" "v" {}\n',
    "modules/auth/main.tf": POOL,
    "modules/auth/variables.tf": "",
    "alone/main.tf": POOL,
    "live/dev/terraform.tfvars": "",
    "envs/prod.tfvars": "",
}


@pytest.mark.parametrize(
    ("name", "roots"),
    [
        ("modules/auth/main.tf", ["live/dev", "live/prod"]),
        ("modules/auth/variables.tf", ["live/dev", "live/prod"]),
        ("modules/auth/deleted.tf", ["live/dev", "live/prod"]),
        ("live/dev/terraform.tfvars", ["live/dev"]),
        ("live/net/main.tf", []),
        ("alone/main.tf", ["alone"]),
        ("envs/prod.tfvars", []),
    ],
)
def test_a_named_file_brings_the_roots_that_use_it(tmp_path: Path, name: str, roots: list[str]) -> None:
    """As pre-commit names files, there or deleted: every root in the repository that reads its directory."""
    (tmp_path / ".git").mkdir()
    assert _roots(tmp_path, TREE, name) == roots


def test_a_named_file_of_a_helper_module_brings_the_pools_beside_it(tmp_path: Path) -> None:
    """The helper declares no pool; the root that calls it and a pool's module may depend on it."""
    files = {
        "live/main.tf": _call("../settings", "s") + _call("../auth", "a"),
        "settings/main.tf": 'output "mode" { value = "OFF" }\n',
        "auth/main.tf": POOL,
    }
    assert _roots(tmp_path, files, "settings/main.tf") == ["live"]


def test_a_deleted_module_brings_its_callers(tmp_path: Path) -> None:
    """Nothing is left of the directory; the callers lost what it gave them."""
    files = {"live/main.tf": _call("../settings", "s") + POOL}
    assert _roots(tmp_path, files, "settings/main.tf") == ["live"]


def test_a_linked_module_directory_is_the_module_it_links_to(tmp_path: Path) -> None:
    """The module is called under another name, but called."""
    (tmp_path / "live/modules").mkdir(parents=True)
    (tmp_path / "live/modules/auth").symlink_to("../../shared/auth")
    files = {"live/main.tf": _call("./modules/auth"), "shared/auth/main.tf": POOL}
    assert _roots(tmp_path, files) == ["live"]
    assert _roots(tmp_path, files, "shared/auth/main.tf") == ["live"]


def test_a_directory_that_links_to_itself_contains_itself(tmp_path: Path) -> None:
    """However many names the links give it."""
    files = {"main.tf": _call("./auth"), "auth/main.tf": POOL + _call("./again")}
    roots = _roots(tmp_path, files)
    (tmp_path / "auth/again").symlink_to(tmp_path / "auth")
    (unit,) = evaluate(tmp_path)
    assert ["."] == roots
    assert ["module.m.aws_cognito_user_pool.this"] == [pool.address for pool in unit.pools]
    assert ["contains itself" in problem.message for problem in unit.problems] == [True]


@pytest.mark.parametrize(
    ("source", "version", "entry", "there"),
    [
        ("x/auth/aws", "1.2.3", {"Source": "registry.terraform.io/x/auth/aws", "Version": "1.2.3"}, True),
        ("x/auth/aws", "~> 1.2, != 1.2.4", {"Source": "registry.terraform.io/x/auth/aws", "Version": "1.9.0"}, True),
        ("x/auth/aws", "~> 1.2.0", {"Source": "registry.terraform.io/x/auth/aws", "Version": "1.3.0"}, False),
        ("x/auth/aws", ">= 2", {"Source": "registry.terraform.io/x/auth/aws", "Version": "1.9.0"}, False),
        ("x/auth/aws", None, {"Source": "registry.terraform.io/y/auth/aws", "Version": "1.2.3"}, False),
        ("github.com/x/auth?ref=v1", None, {"Source": "git::https://github.com/x/auth.git?ref=v1"}, True),
        ("git@github.com:x/auth.git", None, {"Source": "git::ssh://git@github.com/x/auth.git"}, True),
        ("github.com/x/auth?ref=v2", None, {"Source": "git::https://github.com/x/auth.git?ref=v1"}, False),
        ("x/auth/aws", "1.0.0", {}, True),
    ],
)
def test_an_installed_module_is_used_as_long_as_it_is_what_the_call_asks_for(
    tmp_path: Path, source: str, version: str | None, entry: dict[str, str], there: bool
) -> None:
    """Terraform wants another init where the source or the version has changed since."""
    wanted = f'  version = "{version}"\n' if version else ""
    manifest = {"Modules": [{"Key": "m", "Dir": ".terraform/modules/m", **entry}]}
    write(
        tmp_path,
        {
            "main.tf": _call(source).replace("}", wanted + "}"),
            ".terraform/modules/modules.json": json.dumps(manifest),
            ".terraform/modules/m/main.tf": POOL,
        },
    )
    (unit,) = evaluate(tmp_path)
    assert there == bool(unit.pools)
    assert there != any(module.concerns_pools for module in unit.missing_modules)


@pytest.mark.parametrize(
    ("text", "column", "odd"),
    [
        ("{", 2, "the file is not JSON"),
        ("[]", 1, "the manifest is no object"),
        ('{"Modules": 3}', 13, '"Modules" is no list'),
        ('{"Modules": [4]}', 14, 'an entry of "Modules" is no object'),
        ('{"Modules": [{"Key": 3, "Dir": "m"}]}', 22, '"Key" is no string'),
        ('{"Modules": [{"Key": "m", "Dir": ["m"]}]}', 34, '"Dir" is no string'),
        ('{"Modules": [{"Key": "m", "Dir": "m", "Version": 1}]}', 50, '"Version" is no string'),
    ],
)
def test_a_manifest_that_is_odd_is_a_problem(tmp_path: Path, text: str, column: int, odd: str) -> None:
    """Terraform would not plan with it either. The pools beside it are judged."""
    write(tmp_path, {"main.tf": _call("x/y/aws") + POOL, ".terraform/modules/modules.json": text})
    (unit,) = evaluate(tmp_path)
    (problem,) = unit.problems
    assert (".terraform/modules/modules.json", 1, column) == (
        problem.span.file,
        problem.span.line,
        problem.span.column,
    )
    assert odd in problem.message
    assert ["aws_cognito_user_pool.this"] == [pool.address for pool in unit.pools]


@pytest.mark.parametrize("directory", ["a\0b/c", "\ud800/c"])
def test_a_manifest_that_names_what_no_directory_can_be_called(tmp_path: Path, directory: str) -> None:
    """Nothing is installed there."""
    manifest = {"Modules": [{"Key": "users", "Source": "x/y/aws", "Dir": directory}]}
    text = _call("x/y/aws", "users") + POOL
    write(tmp_path, {"main.tf": text, ".terraform/modules/modules.json": json.dumps(manifest)})
    (unit,) = evaluate(tmp_path)
    assert ["module.users"] == [module.address for module in unit.missing_modules]


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize("path", [".", "live"])
def test_a_called_module_that_cannot_be_listed_is_said_once(tmp_path: Path, path: str) -> None:
    """Inside of the scanned path and outside: there may be a pool in it."""
    write(tmp_path, {"live/main.tf": _call("../locked"), "locked/main.tf": POOL})
    report = check(Request((path,)), Repository(tmp_path, [path]))
    assert [("locked", "the directory cannot be read: permission denied")] == [
        (problem.span.file, problem.message) for problem in report.errors
    ]
    assert ["COG900"] == [finding.rule for finding in report.findings]
