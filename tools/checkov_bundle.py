"""The Checkov checks with the package beside them in one archive: what a branch for --external-checks-git must hold.

Checkov runs every Python package of the repository that it clones and takes every YAML and JSON file there for a policy
of its own, so it cannot be given this repository: python tools/checkov_bundle.py DIRECTORY writes what it can.
"""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = PROJECT / "src" / "cognito_lint"


def bundle(target: Path) -> None:
    """Write the bundle into a directory that is not there yet. The same sources give the same bytes."""
    shutil.copytree(PROJECT / "checkov_checks", target, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "LICENSE", target)
    with zipfile.ZipFile(target / "cognito_lint.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(PACKAGE.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                name = file.relative_to(PACKAGE.parent).as_posix()
                archive.writestr(zipfile.ZipInfo(name), file.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    bundle(Path(sys.argv[1]))
