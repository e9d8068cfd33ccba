"""Show scenarios under the short names that their files give them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from sim.config.marks import FORMULA, SHARING, TARGETING
from sim.show.money_told import formulae_of, sharing_of
from sim.show.sums import targeting_of, with_sums

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["labelled", "labels", "shown_names"]


def labels(results: xr.Dataset) -> dict[str, str]:
    """Return the labels that results carry, by the name of a scenario."""
    told = results.attrs.get("labels")
    found = json.loads(told) if isinstance(told, str) and told else {}
    return {str(name): str(label) for name, label in found.items()}


def shown_names(results: xr.Dataset) -> dict[str, str]:
    """Return the names that are shown in the place of others: labels, and sums where they differ.

    A policy of which there is nothing of the kind to say keeps its name and is not among them.
    """
    here = results["scenario"].values.astype(str).ravel().tolist()
    known = labels(results)
    names = {name: known.get(name, name) for name in dict.fromkeys(here)}
    shown = with_sums(names, results.attrs)
    return {**known, **{name: text for name, text in shown.items() if text != name}}


def labelled(results: xr.Dataset) -> xr.Dataset:
    """Return results with labels in the place of names, for what people look at."""
    known = shown_names(results) if "scenario" in results.coords else {}
    if not known:
        return results
    scenario = results["scenario"]
    names = [known.get(str(name), str(name)) for name in scenario.values.ravel()]
    shown = np.array(names, dtype=object).reshape(scenario.shape)
    told = results.assign_coords(scenario=(scenario.dims, shown.astype(str)))
    if aims := targeting_of(results.attrs):
        named = {known.get(n, n): {"scenario": n, **one} for n, one in aims.items()}
        told = told.assign_attrs({TARGETING: json.dumps(named)})
    for key, of in ((FORMULA, formulae_of), (SHARING, sharing_of)):
        if found := of(results.attrs):
            renamed = {known.get(n, n): one for n, one in found.items()}
            told = told.assign_attrs({key: json.dumps(renamed)})
    against = results.attrs.get("against")
    return told.assign_attrs(against=known.get(against, against)) if against else told
