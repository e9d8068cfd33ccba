"""What holds for all tests."""

from hypothesis import settings

# How long an example takes is no promise: the first may compile, and machines differ.
settings.register_profile("no_clock", deadline=None)
settings.load_profile("no_clock")
