"""Running the command on files that a test writes."""

from functools import partial

import pytest

import command_runs


@pytest.fixture
def run(tmp_path):
    """`cognito-lint` with these arguments."""
    return partial(command_runs.run, tmp_path)


@pytest.fixture
def check(tmp_path):
    """`cognito-lint check --format json` with these arguments."""
    return partial(command_runs.check, tmp_path)


@pytest.fixture
def write(tmp_path):
    """Write a file, text or bytes by its path."""
    return lambda name, content: command_runs.write(tmp_path, {name: content})
