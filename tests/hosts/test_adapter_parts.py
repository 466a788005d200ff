"""What the two adapters are made of, without the hosts."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from host_runs import CFN_RULES, CHECKOV_CHECKS

from cognito_lint.adapters.addresses import compare, compare_end
from cognito_lint.adapters.layout import MAX_DEPTH, lay_out
from cognito_lint.adapters.places import Place
from cognito_lint.adapters.rendered import answer
from cognito_lint.rules import RULES
from cognito_lint.rules.rule import Rule

# two speak of Terraform alone; of a duplicate key cfn-lint itself says E0000 before any rule is asked
NOT_IN_CFN_LINT = {"COG006", "COG901", "COG902"}
COMMAND_ALONE = {"COG091", "COG092"}  # what is wrong with a suppression is no pool's business
LETTERS = {"error": "E", "warning": "W", "note": "I"}
BY_ID = {rule.id: rule for rule in RULES}


def _text(folder: Path) -> str:
    return "\n".join(path.read_text() for path in sorted(folder.glob("[a-z]*.py")))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.id not in COMMAND_ALONE], ids=lambda rule: rule.id)
def test_every_rule_has_a_file_for_each_host(rule: Rule) -> None:
    """A rule that applies to templates has one for each level in cfn_rules/, and one in checkov_checks/ unless it only
    ever notes something: Checkov has no levels."""
    if rule.id not in NOT_IN_CFN_LINT:
        for level in rule.levels:
            assert f'id = "{LETTERS[level]}{rule.id}"' in _text(CFN_RULES)
    if set(rule.levels) != {"note"}:
        assert f'register("{rule.id}"' in _text(CHECKOV_CHECKS)


def test_no_file_is_named_like_a_module_that_a_host_imports() -> None:
    """Checkov stores each file in sys.modules under its stem: one named like another module would replace it."""
    stems = [path.stem for folder in (CFN_RULES, CHECKOV_CHECKS) for path in folder.glob("*.py")]
    assert not set(stems) & set(sys.stdlib_module_names)
    assert all("_" in stem for stem in stems)
    assert (CHECKOV_CHECKS / "__init__.py").is_file()
    assert not (CFN_RULES / "__init__.py").exists()


@pytest.mark.parametrize(
    ("theirs", "ours", "expected"),
    [
        ("aws_cognito_user_pool.p", "aws_cognito_user_pool.p", "same"),
        ('module.a["x"].aws_cognito_user_pool.p', 'module.a["x"].aws_cognito_user_pool.p', "same"),
        ("aws_cognito_user_pool.p[x]", 'aws_cognito_user_pool.p["x"]', "same"),
        ('aws_cognito_user_pool.p["a.b"]', 'aws_cognito_user_pool.p["a.b"]', "same"),
        ("aws_cognito_user_pool.p", 'aws_cognito_user_pool.p["x"]', "perhaps"),
        ("aws_cognito_user_pool.p[0]", "aws_cognito_user_pool.p[*]", "perhaps"),
        ("aws_cognito_user_pool.p[0]", "aws_cognito_user_pool.p[1]", "other instance"),
        ("module.a[0].aws_cognito_user_pool.p", "module.a[1].aws_cognito_user_pool.p", "other instance"),
        ("aws_cognito_user_pool.p", "aws_cognito_user_pool.q", "other resource"),
        ("module.a.aws_cognito_user_pool.p", "aws_cognito_user_pool.p", "other resource"),
        ("", "aws_cognito_user_pool.p", "other resource"),
        ("p[", "q[", "other resource"),
    ],
)
def test_addresses_are_compared_part_by_part(theirs: str, ours: str, expected: str) -> None:
    """A missing or unknown key may stand for any instance; a different one is another instance."""
    assert expected == compare(theirs, ours)


def test_an_address_may_begin_at_a_module_that_others_call() -> None:
    """The end of ours is compared, part by part."""
    ours = 'module.a["x.y"].module.b.aws_cognito_user_pool.p[0]'
    assert "perhaps" == compare_end("aws_cognito_user_pool.p", ours)
    assert "same" == compare_end("module.b.aws_cognito_user_pool.p[0]", ours)
    assert "other instance" == compare_end("aws_cognito_user_pool.p[1]", ours)
    assert "other resource" == compare_end("module.c.aws_cognito_user_pool.p[0]", ours)


def test_a_laid_out_template_is_the_same_template() -> None:
    """JSON text again, each line of which leads to what begins there."""
    template = {"Resources": {"P": {"A": [1, True, None, "x", {}, [], {"B": 1.5}]}}, "Empty": {}}
    text, layout = lay_out(template)
    assert template == json.loads(text)
    line = next(number for number, line in enumerate(text.splitlines(), 1) if '"B"' in line)
    assert ["Resources", "P", "A", 6, "B"] == layout.path_at(line)
    assert [] == layout.path_at(0)


def test_a_template_past_the_bound_is_refused() -> None:
    """A bound well below Python's own, named in the error."""
    deep: object = "x"
    for _ in range(MAX_DEPTH + 2):
        deep = [deep]
    with pytest.raises(ValueError, match=str(MAX_DEPTH)):
        lay_out(deep)


def _rendered(tmp_path: Path, block: str, conf: dict[str, object]) -> tuple[str, str]:
    source = f'resource "aws_cognito_user_pool" "p" {{\n{block}\n}}\n'
    (tmp_path / "main.tf").write_text(source)
    at = Place("terraform", str(tmp_path / "main.tf"), "aws_cognito_user_pool.p", (str(tmp_path),), str(tmp_path),
               lines=(1, source.count("\n")))  # fmt: skip
    return answer(BY_ID["COG001"], at, conf).result, answer(BY_ID["COG002"], at, conf).result


def _add_ons(mode: object) -> dict[str, object]:
    return {"user_pool_add_ons": [{"advanced_security_mode": [mode]}]}


@pytest.mark.parametrize(
    ("block", "conf", "expected"),
    [
        ('user_pool_add_ons {\n  advanced_security_mode = "ENFORCED"\n}', _add_ons("ENFORCED"), ("passed", "passed")),
        ('user_pool_add_ons { advanced_security_mode = "ENFORCED" }', _add_ons("ENFORCED"), ("passed", "passed")),
        ('user_pool_add_ons { advanced_security_mode = "OFF" }', _add_ons("OFF"), ("failed", "unknown")),
        ("", {}, ("failed", "unknown")),
        ("user_pool_add_ons { advanced_security_mode = var.x }", _add_ons("ENFORCED"), ("unknown", "failed")),
        ("user_pool_add_ons { advanced_security_mode = var.x }", _add_ons("var.x"), ("unknown", "failed")),
        (
            '# advanced_security_mode = "ENFORCED"\nuser_pool_add_ons { advanced_security_mode = var.x }',
            _add_ons("ENFORCED"),
            ("unknown", "failed"),
        ),
        (
            'dynamic "user_pool_add_ons" {\n for_each = []\n content {\n advanced_security_mode = "ENFORCED"\n}\n}',
            {**_add_ons("ENFORCED"), "dynamic": [{"user_pool_add_ons": {}}]},
            ("unknown", "failed"),
        ),
        (
            'dynamic "user_pool_add_ons" {\n for_each = []\n content {\n advanced_security_mode = "ENFORCED"\n}\n}',
            _add_ons("ENFORCED"),
            ("unknown", "failed"),
        ),
    ],
)
def test_a_rendered_pool_passes_only_if_it_is_certain(
    tmp_path: Path, block: str, conf: dict[str, object], expected: tuple[str, str]
) -> None:
    """Without our evaluation only a literal in the pool's own block, rendered as it is written, decides."""
    assert expected == _rendered(tmp_path, block, conf)


def test_an_override_file_leaves_nothing_certain(tmp_path: Path) -> None:
    """It may say otherwise than the block."""
    (tmp_path / "main_override.tf").touch()
    block = 'user_pool_add_ons { advanced_security_mode = "ENFORCED" }'
    assert ("unknown", "failed") == _rendered(tmp_path, block, _add_ons("ENFORCED"))


def test_a_rendered_pool_without_a_file_is_unproven() -> None:
    """A definition that was never on disk proves nothing."""
    at = Place("terraform", "nowhere/main.tf", "aws_cognito_user_pool.p", ("nowhere",), "nowhere")
    assert "failed" == answer(BY_ID["COG002"], at, _add_ons("ENFORCED")).result
    assert "unknown" == answer(BY_ID["COG001"], at, _add_ons("ENFORCED")).result
