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

    def refuse(function):
        real = getattr(os, function)

        def refusing(path):
            if Path(path).name == "locked":
                raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
            return real(path)

        monkeypatch.setattr(os, function, refusing)

    refuse("scandir")
    refuse("listdir")
