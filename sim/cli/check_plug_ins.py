"""Rules and measures of other distributions: are they sound? Each is tried on made-up figures."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.cli.check_results import Finding, looked
from sim.record import flag_variables, money_variables
from sim.registry import MEASURES, RULES, Registry

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plug_ins"]

_SCHOOLS = 12
_YEARS = range(-5, 23)


def plug_ins() -> Iterator[Finding]:
    """Yield one finding a plug-in: its name, its distribution and version, sound or why not."""
    any_there = False
    for registry, tried in ((RULES, _try_rule), (MEASURES, _try_measure)):
        for name, owner in _strangers(registry):
            any_there = True
            finding = looked(f"{registry.kind} {name}", partial(_told, tried, name))
            title = f"{owner.name} {owner.version}".strip()
            yield finding._replace(title=f"{title}: {finding.title}")
        for fault in registry.faults():
            any_there = True
            title = f"{fault.owner.name} {fault.owner.version}".strip()
            yield Finding(f"{fault.kind} {fault.name}", False, f"{title}: {fault.problem}")
    if not any_there:
        yield Finding(
            "plug-ins",
            True,
            "none, which is fine: rules and measures of other packages would stand here",
        )


def _strangers(registry: Registry[Any]) -> Iterator[tuple[str, Any]]:
    for name in registry.names():
        owner = registry.owner(name)
        if owner is not None:
            yield name, owner


def _told(tried: Callable[[str], None], name: str) -> str:
    with warnings.catch_warnings(), redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore")
        tried(name)
    return "sound on made-up figures"


def _try_rule(name: str) -> None:
    """Pay a dozen schools, primary and secondary, large and small, one of them closed."""
    import numpy as np

    from sim.config.models import Funding
    from sim.data.rates import nff_rates
    from sim.funding.census import Census
    from sim.funding.checks import lines_of

    row = np.arange(_SCHOOLS, dtype=np.int64)
    phase = row % 2
    pupils = (row > 0) * (60 + 90 * row)
    census = replace(
        Census.blank(_SCHOOLS),
        phase=phase,
        pupils=pupils,
        open=pupils > 0,
        ks3=phase * (3 * pupils // 5),
        ks4=phase * (pupils - 3 * pupils // 5),
        fsm=pupils // (2 + row),
        ever6=pupils // (1 + row),
        low_prior=pupils // 4,
        idaci=np.repeat((pupils // 20)[:, None], 6, axis=1),
        eal3=pupils // 9,
        mobile=pupils // 30,
        miles=500 * row,
        area_cost=10_000 + 100 * row,
        multiplicity=1 + row % 3,
    )
    lines_of(census, nff_rates(), Funding(rule=name))


def _try_measure(name: str) -> None:
    """Compare two made-up scenarios by each breakdown that the measure knows."""
    from sim.tabulate import describe, differences, variables_for

    one = describe(name)
    results = _made_up(variables_for([name]))
    for by in one.by:
        differences(results, [name], by)


def _made_up(needs: tuple[str, ...]) -> xr.Dataset:
    """Return four cells that hold these variables: plain numbers above 0, of the right shapes."""
    import numpy as np
    import xarray as xr

    from sim.record.adult_variables import LABELS
    from sim.record.variables import BINS, GROUPS, PHASES, QUARTERS, STAGES, VARIABLES

    named = LABELS | flag_variables.LABELS | money_variables.LABELS
    fixed: dict[str, Any] = {
        "group": list(GROUPS),
        "quarter": range(QUARTERS),
        "stage": list(STAGES),
        "bin": range(BINS),
        "phase": list(PHASES),
        "year": list(_YEARS),
        **{label: list(values) for label, (values, *_) in named.items()},
    }
    row = np.arange(10)
    area = {
        "area": [f"E{n:08d}" for n in row],
        "area_name": [f"Area {n}" for n in row],
        "region": [f"Region {n % 3}" for n in row],
        "area_type": [f"type {n % 2}" for n in row],
        "affluence": row % 5 + 1,
        "isolation": row // 2 + 1,
        "weight": row % 2 + 1,
    }
    sizes = {name: len(values) for name, values in fixed.items()}
    sizes |= {"cell": 4, "area": row.size, "school": 8, "child": 9, "clause": 3}
    data = {}
    for need in needs:
        dims = ("cell", *VARIABLES[need].dims)
        count = int(np.prod([sizes[dim] for dim in dims]))
        plain = (100 + np.arange(count) % 7).reshape([sizes[dim] for dim in dims])
        data[need] = (dims, plain.astype(VARIABLES[need].dtype))
    cells = {
        "scenario": ["baseline", "baseline", "other", "other"],
        "draw": [0] * 4,
        "replicate": [0, 1, 0, 1],
    }
    coords: dict[str, Any] = {
        **{name: list(values) for name, values in fixed.items()},
        **{name: ("area", values) for name, values in area.items()},
        **{name: ("cell", values) for name, values in cells.items()},
    }
    return xr.Dataset(data, coords=coords, attrs={"need_weight": 1.5})
