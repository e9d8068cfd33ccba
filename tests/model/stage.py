"""A tiny nation just before a process of its first policy year, and what the process changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from sim.columns import Table
from sim.model import ORDER
from sim.model.model import Process
from sim.nation import Nation
from tests.laws import worlds


@contextmanager
def before(
    process: Callable[..., object], *, scenario: str = "baseline", without: str = ""
) -> Iterator[Nation]:
    """The nation when everything that comes before a process has happened this year.

    What is not part of the order of the year finds the whole year lived. A switch is turned off
    as the year begins, so that all tests branch from one past.
    """
    model = worlds.model(scenario)
    if without:
        terms = model.terms
        model.nation.terms = replace(terms, on=terms.on.model_copy(update={without: False}))
    try:
        for earlier in ORDER:
            if earlier is process:
                break
            earlier(model.nation, model.year)
        yield model.nation
    finally:
        model.close()


def tables(nation: Nation) -> dict[str, Table]:
    """Every table that changes, by name; cohorts by their year of birth, in the order of ids."""
    world, after = nation.world, nation.after
    found: dict[str, Table] = {
        "schools": world.schools.copy(),
        "areas": world.areas.copy(),
        "small": world.small.copy(),
        "universities": after.universities.copy(),
        "employers": after.employers.copy(),
    }
    for kind, blocks in (("pupils", world.cohorts), ("adults", after.adults)):
        for year, block in blocks.items():
            found[f"{kind} {year}"] = ordered = block.copy()
            order = np.argsort(block.id)
            ordered.data = {name: values[order] for name, values in block.data.items()}
    return found


def written(nation: Nation, process: Process) -> set[str]:
    """Let a process happen; return the columns that it changed, such as ``schools.budget``.

    A cohort that comes or goes is ``pupils`` or ``adults``.
    """
    was = tables(nation)
    process(nation, nation.year)
    now = tables(nation)
    found = {name.split()[0] for name in was.keys() ^ now.keys()}
    for name in was.keys() & now.keys():
        for column, values in now[name].data.items():
            if not np.array_equal(was[name].data[column], values, values.dtype.kind == "f"):
                found.add(f"{name.split()[0]}.{column}")
    return found


def columns(kind: str, names: str) -> set[str]:
    """Columns of one table, from a list of words."""
    return {f"{kind}.{name}" for name in names.split()}
