"""How targeted money is divided between arms: ``policy.targeting.mix``, in two forms.

A number is the share paid to need everywhere, the rest goes as ``arm`` says. Three shares, counted
in millionths, add up to 1 and divide it between a list of areas, need everywhere, and gaps inside
schools; no arm is named beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sim.config.strict import Strict
from sim.errors import did_you_mean

__all__ = ["MIXED", "Dial", "Mix", "shares_of"]

MIXED = "mix"
"""The arm of a policy that divides its money by three shares."""

_ARMS = {"pupil": "pupil_need", "area": "area_list", "gap": "gap_triggered"}
"""By name of a share: the arm that it pays, in the order in which money is shared out."""
_HOW = "Give a number from 0 to 1"
_EXAMPLE = "{area: 0.5, gap: 0.5}"
_SLACK = 1e-9  # decimals such as 0.1 + 0.2 + 0.7 are not quite 1


class Mix(Strict):
    """Shares of targeted money: to listed areas, to need everywhere, to gaps inside schools."""

    area: float = Field(default=0.0, ge=0.0, le=1.0)
    pupil: float = Field(default=0.0, ge=0.0, le=1.0)
    gap: float = Field(default=0.0, ge=0.0, le=1.0)


def _mix(given: object) -> Any:
    """Accept one share or three that add up to 1."""
    if isinstance(given, Mix):
        return given
    if not isinstance(given, Mapping):
        _refuse_unless_share(given)
        return given
    names = list(Mix.model_fields)
    for name, share in given.items():
        if name not in names:
            raise ValueError(
                f"{name!r} is not a share of the mix. {did_you_mean(str(name), names)}"
            )
        _refuse_unless_share(share, f"{name}: ")
    whole = sum(given.values())
    if abs(whole - 1) > _SLACK:
        raise ValueError(
            f"the shares add up to {whole:.10g} and not to 1. Write all of the money, such as "
            f"{_EXAMPLE}"
        )
    return Mix(**{name: float(share) for name, share in given.items()})


def _refuse_unless_share(given: object, what: str = "") -> None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(
            f"{what}{given!r} is not allowed. {_HOW}, or shares that add up to 1, such as "
            f"{_EXAMPLE}"
        )
    if not 0 <= given <= 1:
        raise ValueError(f"{what}{given!r} is not allowed. {_HOW}")


Dial = Annotated[float | Mix, BeforeValidator(_mix)]
"""One share, or three."""


def shares_of(arm: str, mix: float | Mix) -> tuple[tuple[str, float], ...]:
    """Return arm and share of each part of the money that is above nothing, need everywhere first.

    >>> shares_of("gap_triggered", 0.25)
    (('pupil_need', 0.25), ('gap_triggered', 0.75))
    >>> shares_of("mix", Mix(area=0.5, gap=0.5))
    (('area_list', 0.5), ('gap_triggered', 0.5))
    """
    if isinstance(mix, Mix):
        parts = [(own, float(getattr(mix, name))) for name, own in _ARMS.items()]
    else:
        parts = [("pupil_need", mix), (arm, 1 - mix)]
    return tuple((own, share) for own, share in parts if share > 0)
