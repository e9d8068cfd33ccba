"""What sum each policy shares out, and a word where policies with different sums stand together."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.config.marks import TARGETING
from sim.config.variants import in_short
from sim.data.base_year import DEFAULT, base_year
from sim.show.words import join, label

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["bare", "pounds_of", "sums_by_policy", "sums_told", "targeting_of", "with_sums"]

ENVELOPE = "policy.targeting.envelope_gbp"
_SUM = re.compile(r" \(£[^()]*\)$")


def targeting_of(told: Mapping[Any, Any]) -> dict[str, dict[str, Any]]:
    """Return what attributes of results say of targeted money, by scenario; older ones are mute."""
    text = told.get(TARGETING)
    return json.loads(text) if isinstance(text, str) and text else {}


def pounds_of(one: Mapping[str, Any]) -> str:
    """Write the sum that a policy shares out; nothing where it targets no money.

    >>> pounds_of({"arm": "pupil_need", "envelope_gbp": 250e6, "dose_gbp": None, "funded": True})
    '£250m'
    >>> pounds_of({"arm": "area_list", "envelope_gbp": 1e9, "dose_gbp": 500.0, "funded": True})
    '£500 a pupil reached'
    """
    if one.get("arm", "none") == "none" or not one.get("funded", True):
        return ""
    if (dose := one.get("dose_gbp")) is not None:
        return f"£{float(dose):,.10g} a pupil reached"
    return f"£{in_short(float(one['envelope_gbp']))}"


def sums_by_policy(told: Mapping[Any, Any]) -> dict[str, str]:
    """Return the sum of every policy that shares one out, in words, by its name."""
    found = {name: pounds_of(one) for name, one in targeting_of(told).items()}
    return {name: text for name, text in found.items() if text}


def with_sums(names: Mapping[str, str], told: Mapping[Any, Any]) -> dict[str, str]:
    """Return names with the sum in brackets where policies share out different ones.

    Args:
        names: As shown, by scenario. A name that says its sum by itself, as variants do, stays.
        told: Attributes of the results.
    """
    sums = sums_by_policy(told)
    if len(set(sums.values())) < 2:
        return dict(names)
    return {
        name: shown
        if name not in sums or _says(shown, sums[name])
        else f"{label(shown)} ({sums[name]})"
        for name, shown in names.items()
    }


def _says(shown: str, pounds: str) -> bool:
    """Whether a name already tells its sum."""
    return f"{pounds})" in label(shown) or f"{pounds}," in label(shown)


def bare(name: str) -> str:
    """Return a name without the sum that `with_sums` gave it.

    >>> bare("Gap triggered (£1bn)"), bare("flat")
    ('Gap triggered', 'flat')
    """
    return _SUM.sub("", name)


def sums_told(dataset: xr.Dataset) -> str:
    """Say what sum is shared out, or that sums differ and what to do about it; may be nothing."""
    told = targeting_of(dataset.attrs)
    sums = sums_by_policy(dataset.attrs)
    if len(set(sums.values())) > 1:
        return _different({name: told[name] for name in sums})
    if not sums:
        return ""
    is_dose = all(told[name].get("dose_gbp") is not None for name in sums)
    who = join(map(label, sums)) if len(sums) < 3 else "Each policy that targets money"
    who = f"{who} each" if len(sums) == 2 else who
    text = f"{who} {'share' if len(sums) == 2 else 'shares'} out {next(iter(sums.values()))} a year"
    if is_dose:
        return f"{text}."
    if dataset.attrs.get("world") == "england":
        return f"{text} in all England."
    england = base_year(str(dataset.attrs.get("base_year", DEFAULT))).england_pot
    part = float(told[next(iter(sums))]["envelope_gbp"]) / england
    return f"{text} in all England, and the same share of the pot here ({part:.2%})."


def _different(told: Mapping[str, Mapping[str, Any]]) -> str:
    """Say that sums differ, with the words that give the dearest policy the smallest sum."""
    text = (
        "These policies share out different sums: compare them per pound (cost_per_gain in "
        "tables/measures_over_all_areas.csv, where the gain is sure enough)"
    )
    sums = {
        name: float(one["envelope_gbp"])
        for name, one in told.items()
        if one.get("dose_gbp") is None
    }
    if len(set(sums.values())) < 2:
        return f"{text}."
    most, least = max(sums, key=lambda name: sums[name]), min(sums.values())
    scenario = str(told[most].get("scenario", most)).partition("@")[0]
    power = f"{least / 1e6:.10g}e6"
    return f"{text}, or give all the same ({scenario}@{ENVELOPE}={power})."
