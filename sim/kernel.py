"""The one decorator that turns a plain function into a compiled kernel.

A kernel takes arrays and numbers and gives back arrays and numbers; it knows nothing of pupils,
schools or settings. Compiled code is kept between runs (see `sim.cache`), runs without holding
the interpreter lock, and divides as numpy does: by zero gives infinity, not an exception.
Fast-math is never on, because it lets results depend on the machine.

>>> @kernel
... def double(number: int) -> int:
...     return 2 * number
>>> double(21)
42
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from sim.cache import prepare_kernel_cache

_LOG = logging.getLogger("sim")
Function = TypeVar("Function", bound=Callable[..., Any])

# Numba reads the folder when a function is decorated, so this must come before any kernel.
CACHE_FOLDER = prepare_kernel_cache()


def inlined(function: Function) -> Function:
    """Make ``function`` part of every kernel that calls it, before the compiler sees either.

    For short arithmetic in the middle of a loop: what does not change in the loop is then worked
    out once, what is not used is left out, and the loop becomes wide instructions.
    """
    return cast(Function, numba.njit(function, inline="always", error_model="numpy"))


def kernel(function: Function) -> Function:
    """Compile ``function`` on first call for the types it is called with.

    The result is called like the function it replaces and keeps its type for type checkers.
    A kernel may call other kernels; the compiler inlines small ones by itself.
    """
    # Numba forgets the folder when a NUMBA_ variable of the environment changes on the way.
    numba.config.CACHE_DIR = str(CACHE_FOLDER)  # type: ignore[attr-defined]
    # A function typed at a prompt or in a doctest has no file, and only files can be cached.
    in_file = Path(function.__code__.co_filename).is_file()
    compiled = numba.njit(function, cache=in_file, nogil=True, error_model="numpy")
    if in_file:
        _forgive(compiled._cache)
    return cast(Function, compiled)


def _forgive(cache: Any) -> None:
    """Make a file of compiled code that cannot be read, or written, cost time and nothing else.

    Numba lets a truncated or empty file end the program, and the next one, and the next.
    """
    load, save = cache.load_overload, cache.save_overload

    def load_overload(*given: object) -> Any:
        try:
            return load(*given)
        except Exception as error:
            _LOG.debug("%s: compiled anew: %s: %s", cache, type(error).__name__, error)
            with contextlib.suppress(Exception):
                cache.flush()
            return None

    def save_overload(*given: object) -> None:
        try:
            save(*given)
        except Exception as error:
            _LOG.debug("%s: not kept: %s: %s", cache, type(error).__name__, error)

    cache.load_overload, cache.save_overload = load_overload, save_overload
