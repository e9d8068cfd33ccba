"""Results: what a cell holds, how it is stored, how many are read at once.

Nothing heavy is loaded here: xarray and netCDF4 come in when a function first needs them.
"""

from __future__ import annotations

from sim.record.variables import SCHEMA, VARIABLES, Variable
from sim.results.dataset import content_digest, to_dataset
from sim.results.index import Asked, write_index
from sim.results.reading import open_results, open_rows
from sim.results.shapes import as_cells, as_grid, stack_cells
from sim.results.store import Store, read_results, results_bytes, results_content, write_results

__all__ = [
    "SCHEMA",
    "VARIABLES",
    "Asked",
    "Store",
    "Variable",
    "as_cells",
    "as_grid",
    "content_digest",
    "open_results",
    "open_rows",
    "read_results",
    "results_bytes",
    "results_content",
    "stack_cells",
    "to_dataset",
    "write_index",
    "write_results",
]
