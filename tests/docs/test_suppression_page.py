"""What the page about suppression shows does what it says."""

from __future__ import annotations

import pytest
from pages import blocks

from command_runs import check

SHOWN = [block for block in blocks("docs/suppression.md") if block.language in ("hcl", "yaml", "json")]
FILES = {"hcl": "main.tf", "yaml": "template.yaml"}


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: block.text[:20])
def test_every_shown_suppression_holds(block, tmp_path):
    """Every pool has a finding, all are suppressed, and nothing is wrong or needless about it."""
    name = FILES.get(block.language, "main.tf.json" if '"resource"' in block.text else "template.json")
    (tmp_path / name).write_text(block.text, encoding="utf-8")
    ran = check(tmp_path)
    report = ran.report
    assert (0, len(report["pools"])) == (ran.code, report["summary"]["suppressed"])
    assert {"COG001"} == {finding["rule"] for finding in report["findings"]}


def test_every_kind_of_file_is_shown():
    """Terraform, YAML, JSON and Terraform's JSON."""
    assert 4 == len(SHOWN)
