"""Show scenarios under the short names that their files give them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["labelled", "labels"]


def labels(results: xr.Dataset) -> dict[str, str]:
    """Return the labels that results carry, by the name of a scenario."""
    told = results.attrs.get("labels")
    found = json.loads(told) if isinstance(told, str) and told else {}
    return {str(name): str(label) for name, label in found.items()}


def labelled(results: xr.Dataset) -> xr.Dataset:
    """Return results with labels in the place of names, for what people look at."""
    known = labels(results)
    if not known or "scenario" not in results.coords:
        return results
    scenario = results["scenario"]
    names = [known.get(str(name), str(name)) for name in scenario.values.ravel()]
    shown = np.array(names, dtype=object).reshape(scenario.shape)
    told = results.assign_coords(scenario=(scenario.dims, shown.astype(str)))
    against = results.attrs.get("against")
    return told.assign_attrs(against=known.get(against, against)) if against else told
