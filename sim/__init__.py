"""What would another way of sharing the same schools money do to children, and where?

The names below are the whole public face; each is loaded when first used, so that importing the
package costs nothing.

>>> import sim
>>> print(*sim.__all__)
__version__ compare declared difference influences measure open_results pairwise ranking run
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import compare, open_results, run
    from sim.tabulate import declared, difference, influences, measure, pairwise, ranking

    __version__: str

__all__ = [
    "__version__",
    "compare",
    "declared",
    "difference",
    "influences",
    "measure",
    "open_results",
    "pairwise",
    "ranking",
    "run",
]

_HOME = {
    "compare": "sim.api",
    "declared": "sim.tabulate",
    "difference": "sim.tabulate",
    "influences": "sim.tabulate",
    "measure": "sim.tabulate",
    "open_results": "sim.api",
    "pairwise": "sim.tabulate",
    "ranking": "sim.tabulate",
    "run": "sim.api",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name == "__version__":
        value: Any = _version()
    elif name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names beside the modules loaded so far."""
    return sorted({*globals(), *__all__})


def _version() -> str:
    """Return the version of the installed distribution, ``0+unknown`` if it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("placematters")
    except PackageNotFoundError:
        return "0+unknown"
