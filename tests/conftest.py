"""Settings for all tests."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import settings

# A slow or busy machine is not a failure: no test asserts how long an example takes.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def locked(monkeypatch):
    """A directory of this name refuses to be listed, whoever runs the tests."""
    scandir = os.scandir

    def refusing(path):
        if Path(path).name == "locked":
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
