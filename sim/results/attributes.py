"""What every variable of a file says of itself: unit, long name and, for codes, labels.

In the words of the CF conventions (http://cfconventions.org): ``units``, ``long_name``,
``flag_values`` with ``flag_meanings``. Attributes of variables lie outside every content digest:
a better word changes no result.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sim.data.choices import HERITAGE_MEMBERS
from sim.record.adult_variables import BAND_CUTS, OFFER_CUTS, PAY_CUTS
from sim.record.variables import COORDINATES, GROUPS, PHASES, VARIABLES

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["CODES", "attributes_of", "described", "meaning_of"]

_FIFTHS = ("second fifth", "third fifth", "fourth fifth")
_QUARTERS = ("most affluent quarter", "second quarter", "third quarter", "least affluent quarter")
_HELD = {
    "scenario": ("name", "scenario, by the name it was asked for"),
    "draw": ("1", "draw of beliefs; 0: every belief at its central value"),
    "replicate": ("1", "replicate of chance"),
    "present": ("1", "whether this cell was run; where it was not, every variable is missing"),
    "cell_digest": ("name", "digest that names the cell in the store"),
    "cell": ("1", "one run: a scenario, a draw of beliefs, a replicate of chance"),
}
"""Names a file may hold beside the variables and coordinates of a single cell: unit, meaning."""


def _between(cuts: tuple[float, ...], unit: str) -> tuple[str, ...]:
    """Label the bands between edges: below the first, between each two, from the last up."""
    told = [f"{cut:g}" for cut in cuts]
    inside = (f"{low} to below {high} {unit}" for low, high in pairwise(told))
    return (f"below {told[0]} {unit}", *inside, f"{told[-1]} {unit} or more")


def _offers() -> tuple[str, ...]:
    degrees = ("lower degree class", "first or upper second")
    return tuple(
        f"{degree}, {tariff} university, {band}"
        for degree in degrees
        for tariff in ("other", "high-tariff")
        for band in _between(OFFER_CUTS, "SD at 16")
    )


def _from(first: int, labels: tuple[str, ...]) -> dict[int | str, str]:
    return dict(enumerate(labels, first))


CODES: dict[str, dict[int | str, str]] = {
    "affluence": _from(1, ("most affluent fifth", *_FIFTHS, "least affluent fifth")),
    "isolation": _from(1, ("least isolated fifth", *_FIFTHS, "most isolated fifth")),
    "deprivation": _from(1, ("most deprived fifth", *_FIFTHS, "least deprived fifth")),
    "listed_eia": _from(0, ("no", "yes")),
    "present": _from(0, ("no", "yes")),
    "quarter": _from(0, tuple(f"{phase}, {one}" for phase in PHASES for one in _QUARTERS)),
    "school_quarter": _from(0, _QUARTERS),
    "school_phase": _from(0, PHASES),
    "child_group": _from(0, GROUPS),
    "child_heritage": _from(0, tuple(HERITAGE_MEMBERS)),
    "band": _from(0, _between(BAND_CUTS, "SD")),
    "pay_band": _from(0, ("no pay", *_between(PAY_CUTS[1:], "GBP a year"))),
    "promotions": _from(0, ("none", "one", "two", "three", "four or more")),
    "cell_of_offers": _from(0, _offers()),
    "group": {
        "other": "not disadvantaged",
        "shallow_short": "disadvantaged, higher lasting income, registered for few school years",
        "shallow_long": "disadvantaged, higher lasting income, registered for many school years",
        "deep_short": "disadvantaged, lower lasting income, registered for few school years",
        "deep_long": "disadvantaged, lower lasting income, registered for many school years",
    },
    "stage": {"early": "at 5", "ks2": "at 11", "ks4": "at 16"},
}
"""By variable: each code and what it stands for."""


def meaning_of(name: str) -> tuple[str, str]:
    """Return unit and meaning of a variable or coordinate; a swept key speaks for itself.

    >>> meaning_of("ks4_n")
    ('pupils', 'pupils assessed at 16')
    """
    declared = VARIABLES.get(name) or COORDINATES.get(name)
    if declared is not None:
        coded = any(isinstance(code, int) for code in CODES.get(name, ()))
        return ("1" if coded else declared.unit), declared.meaning
    return _HELD.get(name, ("as in the setting", f"value of the setting {name} in each cell"))


def attributes_of(name: str) -> dict[str, object]:
    """Return ``units``, ``long_name`` and, for numbers that are codes, their labels.

    >>> attributes_of("school_phase")["flag_meanings"]
    'primary secondary'
    """
    unit, meaning = meaning_of(name)
    found: dict[str, object] = {"units": unit, "long_name": meaning}
    codes = CODES.get(name, {})
    numbers = [code for code in codes if isinstance(code, int)]
    if numbers:
        found["flag_values"] = np.array(numbers, dtype=np.int32)
        words = (text.replace(",", "").replace(" ", "_") for text in codes.values())
        found["flag_meanings"] = " ".join(words)
    return found


def described(results: xr.Dataset) -> xr.Dataset:
    """Return results whose variables and coordinates say what they are; values are shared."""
    named = results.copy(deep=False)
    for name in named.variables:
        named[name].attrs = attributes_of(str(name))
    return named
