"""Which swept keys a result follows most: rank correlations over the settings of a sweep.

The rule is that of `sim.tabulate.doubt`, with settings in the place of draws: of many keys one
follows any result closely by luck alone, so that a correlation counts only beyond the largest that
luck would give.

References:
    Bonett and Wright (2000), *Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations*, Psychometrika 65, 23-28 (the interval of a rank correlation).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING

import xarray as xr

from sim.errors import BadRequest
from sim.tabulate.doubt import correlated
from sim.tabulate.intervals import LEVEL

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FALLS", "RISES", "influences", "interval_of_rank", "not_told", "numbers_of", "words_of"]

RISES, FALLS = "rises with it", "falls with it"
_LABELS = {"setting", "scenario", "place", "place_name", "group", "draws", "replicates", "year"}
_TABLE = re.compile(r"\[\s*-?[0-9][-0-9.eE+,\s]*\]")
"""A belief with several numbers, as text."""


def influences(table: xr.Dataset) -> pd.DataFrame:
    """Rank the keys that a sweep varied by how closely a difference follows them.

    With ten points and fifty beliefs one of them follows any result by luck alone, so a key is
    named only where its correlation is beyond what luck gives the largest of all that were looked
    at: choose one place and group before, and vary few beliefs or many points.

    Args:
        table: from `sim.difference`, of the results of a sweep: sampled, or a grid of values.

    Returns:
        One row a policy and key (and place and group, if the table has several), the closest
        first: ``rho``, Spearman's rank correlation over settings; ``low`` and ``high``, its 90 %
        interval; ``by_luck``, what the largest size of all passes in one of ten studies by luck
        alone; ``verdict`` (rises or falls with it, or "cannot be told with 16 points"); and
        ``points``, how many settings it rests on. A belief that is a table counts once: a sample
        moves its numbers up or down together, and the first of them that differs between
        settings stands for all. Keys that are words are left out (``attrs["left_out"]`` of what
        is returned names them), and so is one that has a single value. Empty where no number is
        there to follow.

    Raises:
        BadRequest: the table is not of a sweep with keys that are numbers.

    Example:
        import subprocess, sys

        words = "scenarios=baseline,flat draws=0 replicates=1 world=tiny years=4"
        words = f"sweep some_money {words} --vary money --points 8".split()
        subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, check=True)
        results = sim.open_results("outputs/studies/some_money", ["attainment8"])
        table = sim.difference(results, "attainment8", groups="disadvantaged", years=4)
        print(sim.influences(table)[["key", "rho", "verdict"]])
    """
    import pandas as pd

    keys = numbers_of(table)
    if "value" not in table or keys.empty:
        raise BadRequest(
            "influences: this table has no settings that differ in a number. Give it what "
            "sim.difference makes of the results of a sweep."
        )
    value = table["value"]
    across = [str(d) for d in value.dims if d != "setting"]
    found = value.stack(which=across, create_index=False).transpose("setting", "which")
    rows = correlated(pd.DataFrame(found.values, index=keys.index), keys)
    which = rows["scenario"].to_numpy(dtype=int)  # number of the column, for now
    rows = rows.assign(**{name: found[name].values[which] for name in across})
    ends = [interval_of_rank(r, n) for r, n in zip(rows["rho"], rows["draws"], strict=True)]
    rows["low"], rows["high"] = [low for low, _ in ends], [high for _, high in ends]
    rows["verdict"] = [
        not_told(points) if told == "no" else RISES if rho > 0 else FALLS
        for rho, told, points in zip(rows["rho"], rows["beyond_luck"], rows["draws"], strict=True)
    ]
    rows = rows.rename(columns={"belief": "key", "draws": "points"})
    columns = ["key", "rho", "low", "high", "by_luck", "verdict", "points"]
    told = rows[[*across, *columns]]
    told.attrs["left_out"] = words_of(table)
    return told


def numbers_of(table: xr.Dataset) -> pd.DataFrame:
    """Return the swept keys that are numbers, a row a setting; those that differ.

    Of a table of numbers the first that differs is taken.
    """
    import pandas as pd

    found = {name: _numbers(values) for name, values in _swept(table).items()}
    keys = pd.DataFrame(found, dtype=float).dropna(axis="columns")
    return keys.loc[:, keys.nunique() > 1]


def words_of(table: xr.Dataset) -> list[str]:
    """Return the swept keys that differ and are no numbers, and so follow nothing."""
    ranked = set(numbers_of(table).columns)
    swept = _swept(table).items()
    return [name for name, values in swept if name not in ranked and len(set(values)) > 1]


def _swept(table: xr.Dataset) -> dict[str, list[object]]:
    return {
        str(name): label.values.tolist()
        for name, label in table.coords.items()
        if label.dims == ("setting",) and name not in _LABELS
    }


def _numbers(values: Sequence[object]) -> list[float]:
    """Return a number a setting, of tables the first that differs; NaN for words.

    >>> _numbers(["[0,1.5]", "[0,2.5]"]), _numbers([1, 2.5])
    ([1.5, 2.5], [1.0, 2.5])
    """
    rows = [_entries(value) for value in values]
    if len({len(row) for row in rows}) != 1:
        return [math.nan] * len(rows)
    columns = list(zip(*rows, strict=True))
    return list(next((column for column in columns if len(set(column)) > 1), columns[0]))


def _entries(value: object) -> list[float]:
    """Return a number, or all of a table of them; NaN for words."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [float(value)]
    text = str(value)
    if not _TABLE.fullmatch(text):
        return [math.nan]
    try:
        return [float(part) for part in text.strip("[]").split(",") if part.strip()]
    except ValueError:
        return [math.nan]


def interval_of_rank(rho: float, points: int) -> tuple[float, float]:
    """Return the 90 % interval of a rank correlation; NaN with three points or fewer.

    >>> [round(end, 2) for end in interval_of_rank(0.5, 16)]
    [0.07, 0.78]
    """
    if points < 4 or math.isnan(rho):
        return math.nan, math.nan
    inside = max(min(rho, 1 - 1 / points**2), 1 / points**2 - 1)  # one itself has no interval
    half = NormalDist().inv_cdf((1 + LEVEL) / 2) * math.sqrt((1 + inside**2 / 2) / (points - 3))
    low, high = (math.tanh(math.atanh(inside) + side) for side in (-half, half))
    return min(low, float(rho)), max(high, float(rho))


def not_told(points: int) -> str:
    """Return the verdict of a key whose correlation luck may have made."""
    return f"cannot be told with {points} points"
