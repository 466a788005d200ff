"""The two hosts, and a check that tells which pools Checkov sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from host_runs import PROBE, CfnLint, Checkov, executable


@pytest.fixture(scope="session")
def cfn_lint() -> CfnLint:
    return CfnLint(executable("COGNITO_LINT_CFN_LINT", ".venv-cfn-lint", "cfn-lint"))


@pytest.fixture(scope="session")
def checkov() -> Checkov:
    return Checkov(executable("COGNITO_LINT_CHECKOV", ".venv-checkov", "checkov"))


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a check that passes every pool that Checkov sees."""
    folder = tmp_path_factory.mktemp("probe")
    (folder / "__init__.py").touch()
    (folder / "probe_every_pool.py").write_text(PROBE)
    return folder
