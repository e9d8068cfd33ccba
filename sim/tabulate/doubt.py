"""Which beliefs drive the doubt: values drawn, and how differences between policies follow them.

With eight draws and some dozens of beliefs one of them follows any result closely by luck alone. A
rank correlation therefore counts only beyond the largest that luck would give.

References:
    Spearman (1904), Am. J. Psychol. 15, 72-101; Saltelli et al. (2008), *Global Sensitivity
    Analysis*, 1.2.5 (rank correlation as a first look at importance).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.tabulate.intervals import LEVEL
from sim.tabulate.primary import declared_values
from sim.tabulate.tables import BASELINE, paired_difference
from sim.tabulate.verdicts import DECLARED

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.config import Beliefs

__all__ = ["beliefs_by_draw", "correlated", "drivers", "largest_by_luck", "rank_correlation"]

MANY_DRAWS = 40  # from here on rank correlations are as good as normal
STUDIES = 4000  # made-up studies that say what luck alone gives

FloatArray = NDArray[np.float64]


def beliefs_by_draw(beliefs: Beliefs, seed: int, draws: Iterable[int]) -> pd.DataFrame:
    """Return the value of each response belief in each draw, as the cells were run with them.

    Args:
        beliefs: the central set, such as that of a record.
        seed: of the comparison.
        draws: which; 0 is the central set.

    Returns:
        One row a draw (index ``draw``), one column a belief: ``group.name``. The entries of a
        table, which move together, have a column each: ``group.name[entry]``.
    """
    import pandas as pd

    rows: dict[int, dict[str, float]] = {}
    for draw in draws:
        row = rows.setdefault(draw, {})
        for group, named in beliefs.drawn(draw, seed).records.items():
            for name, belief in named.items():
                if belief.kind != "response":
                    continue
                for position, value in zip(belief.positions, belief.numbers(), strict=True):
                    row[f"{group}.{name}{position}"] = value[0]
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("draw")


def drivers(results: xr.Dataset, values: pd.DataFrame) -> pd.DataFrame:
    """Correlate each declared number of each policy with each belief, over draws.

    Args:
        results: from `sim.compare` or `sim.open_results`, of one setting.
        values: those of :func:`beliefs_by_draw`.

    Returns:
        One row a measure, place, policy and belief, strongest first within measure and place:
        ``rho``, Spearman's; ``by_luck``, what the largest |rho| of all beliefs and policies passes
        in one of ten studies by luck alone; ``beyond_luck`` (yes or no); and ``draws``. A belief
        that no draw moves is left out, and so is a difference that is the same in all.
    """
    import pandas as pd

    moving = _moving(values)
    parts = []
    for one in DECLARED:
        found = declared_values(results, one)
        if found is None or set(found["scenario"].values.astype(str)) <= {BASELINE}:
            continue
        rows = correlated(_by_draw(paired_difference(found, BASELINE)), moving)
        if len(rows):
            rows.insert(0, "place", one.place)
            rows.insert(0, "measure", one.measure)
            parts.append(rows)
    columns = ["measure", "place", "scenario", "belief", "rho", "by_luck", "beyond_luck", "draws"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _moving(values: pd.DataFrame) -> pd.DataFrame:
    """Keep one column a belief, of those that differ between draws."""
    drawn = values[values.index > 0]
    names = [str(c).split("[")[0] for c in drawn.columns]
    first = [i for i, name in enumerate(names) if name not in names[:i]]
    kept = drawn.iloc[:, first].set_axis([names[i] for i in first], axis=1)
    return kept.loc[:, kept.nunique() > 1]


def _by_draw(found: xr.DataArray) -> pd.DataFrame:
    """Return the mean of each draw's replicates: a row a draw, a column a policy."""
    import pandas as pd

    rows = pd.DataFrame(
        {
            "scenario": found["scenario"].values.astype(str),
            "draw": found["draw"].values,
            "value": found.values,
        }
    )
    order = list(dict.fromkeys(rows["scenario"]))
    rows = rows[rows["draw"] > 0]
    return rows.pivot_table(index="draw", columns="scenario", values="value").reindex(columns=order)


def correlated(differences: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Correlate every policy (columns) with every belief (columns) over draws (rows)."""
    import pandas as pd

    rows = []
    for scenario, column in differences.items():
        own = column.dropna()
        common = own.index.intersection(values.index)
        if len(common) < 3 or own.loc[common].nunique() < 2:
            continue
        by_luck = largest_by_luck(len(common), values.shape[1] * differences.shape[1])
        drawn = values.loc[common]
        for belief in map(str, values.columns):
            rho = rank_correlation(
                drawn[belief].to_numpy(dtype=float), own.loc[common].to_numpy(dtype=float)
            )
            told = "yes" if abs(rho) > by_luck else "no"
            rows.append((scenario, belief, rho, by_luck, told, len(common)))
    columns = ["scenario", "belief", "rho", "by_luck", "beyond_luck", "draws"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("rho", key=abs, ascending=False, kind="stable", ignore_index=True)


def rank_correlation(one: FloatArray, other: FloatArray) -> float:
    """Spearman's rank correlation; ties share their mean rank, NaN where one does not vary.

    >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0]))
    0.5
    """
    a, b = (_ranks(values) - (len(values) - 1) / 2 for values in (one, other))
    size = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / size if size else math.nan


def _ranks(values: FloatArray) -> FloatArray:
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: FloatArray = (np.cumsum(counts) - (counts + 1) / 2)[which]
    return ranks


@cache
def largest_by_luck(draws: int, looks: int) -> float:
    """Return what the largest of so many rank correlations passes by luck in one study of ten.

    >>> round(largest_by_luck(8, 1), 1), largest_by_luck(8, 36) > 0.85
    (0.6, True)
    """
    each = LEVEL ** (1 / looks)  # looks as good as independent; where they are not, too careful
    if draws >= MANY_DRAWS:
        return NormalDist().inv_cdf((1 + each) / 2) / math.sqrt(draws - 1)
    centre = (draws - 1) / 2
    size = draws * (draws**2 - 1) / 12
    order = np.arange(draws) - centre
    rng = np.random.default_rng(draws)
    some = max(STUDIES, 50 * looks)
    orders = rng.permuted(np.tile(order, (some, 1)), axis=1)
    return float(np.quantile(np.abs(orders @ order) / size, each))
