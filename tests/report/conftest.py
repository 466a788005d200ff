"""Reports built by hand: the formats are tested without any engine."""

from __future__ import annotations

import pytest
from report_samples import FILES


@pytest.fixture
def source():
    """The text of a sample file by its path."""
    return FILES.get
