"""What holds for all tests."""

import os

from hypothesis import settings

# The processes that run tests side by side are told a width of their own; a terminal, or what a
# test sets, has the say here.
for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)

# How long an example takes is no promise: the first may compile, and machines differ.
settings.register_profile("no_clock", deadline=None)
settings.load_profile("no_clock")
