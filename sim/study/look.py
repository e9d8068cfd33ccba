"""A look at a comparison while it runs: progress, and results as soon as a set of them is whole."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.results import Asked, Store, open_results

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Look", "Watch"]

Read = Callable[[], "xr.Dataset"] | None
"""What reads the results so far, where they are worth a look."""
Watch = Callable[[int, int, "float | None", Read], None]
"""Called with cells done, cells planned, seconds left, and a way to results or None."""


class Look:
    """Passes progress on, with a way to results when there is a balanced set more to show.

    A set is one pair of draw and replicate in which every scenario, the baseline among them, is
    there: workers finish cells of several pairs side by side, and halves of two are not a whole.
    """

    def __init__(
        self,
        store: Store,
        sets: Sequence[Sequence[Asked]],
        watch: Watch | None,
        names: Collection[str] | None = None,
    ):
        """Look at sets of cells in a store; of each only the variables named are read."""
        self.store, self.sets, self.watch, self.names = store, sets, watch, names
        self.shown = 0

    def __call__(self, done: list[str], planned: int, left: float | None) -> None:
        """Report cells done; offer a table when another set of scenarios is whole."""
        if self.watch is None:
            return
        there = frozenset(done)
        whole = [one for one in self.sets if there.issuperset(asked.digest for asked in one)]
        fresh = len(whole) > self.shown and len(done) < planned
        self.shown = max(self.shown, len(whole))
        # All that is there is read anew each time, so only who wants to look pays for it.
        results = partial(self._read, whole) if fresh else None
        self.watch(len(done), planned, left, results)

    def _read(self, whole: Sequence[Sequence[Asked]]) -> xr.Dataset:
        asked = [asked for one in whole for asked in one]
        return open_results(asked, self.names, store=self.store.root)
