"""A repository with unprotected pools."""

import pytest
from past_projects import call, template

from command_runs import write
from pool_samples import MODULE


@pytest.fixture
def project(tmp_path):
    """Two roots that call one module, and a template: all unprotected."""
    root = tmp_path / "project"
    write(root, {"modules/auth/main.tf": MODULE})
    write(root, {"dev/main.tf": call("OFF")})
    write(root, {"prod/main.tf": call("AUDIT")})
    write(root, {"web/template.yaml": template("OFF", "Customers")})
    (root / ".git").mkdir()
    return root
