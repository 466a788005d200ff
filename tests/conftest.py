"""Settings for all tests."""

from hypothesis import settings

# A slow or busy machine is not a failure: no test asserts how long an example takes.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
