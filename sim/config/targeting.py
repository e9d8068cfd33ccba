"""Who gets targeted money: the settings under ``policy.targeting``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.config.mixes import MIXED, Dial, Mix, shares_of
from sim.config.strict import Strict

__all__ = ["AREA_LISTS", "Targeting", "Trigger"]

AREA_LISTS = ("opportunity_areas", "education_investment_areas")
"""Lists of areas that a scenario may name instead of writing one out."""


def _area_list(given: object) -> str | tuple[str, ...]:
    """Accept the name of a list, or a list of area codes or names."""
    if isinstance(given, str):
        if given not in AREA_LISTS:
            raise ValueError(
                f"{given!r} is not a list of areas; give {' or '.join(AREA_LISTS)}, or names or "
                f"codes in brackets, such as [Blackpool,Hackney]"
            )
        return given
    if not isinstance(given, list | tuple) or not all(isinstance(area, str) for area in given):
        raise ValueError(f"{given!r} is not a list of area names or codes, such as [Blackpool]")
    if not given:
        raise ValueError("the list of areas is empty; name at least one area")
    return tuple(sorted(set(given)))


AreaList = Annotated[str | tuple[str, ...], BeforeValidator(_area_list)]


class Trigger(Strict):
    """What counts as a considerable gap, and how an award follows it."""

    on: Literal["progress", "level"] = "level"
    against: Literal["national", "own_school", "own_area"] = "own_school"
    shape: Literal["ramp", "cliff"] = "ramp"
    width_sd: float = Field(default=0.3, gt=0.0, le=3.0)
    glide: float = Field(default=1 / 3, gt=0.0, le=1.0)
    minimum_cohort: int = Field(default=10, ge=1, le=1000)
    years: int = Field(default=3, ge=1, le=3)


class Targeting(Strict):
    """Who gets the targeted envelope, sliced off basic entitlement."""

    arm: Literal["none", "area_list", "pupil_need", "gap_triggered", "mix"] = "none"
    areas: AreaList = "education_investment_areas"
    per: Literal["disadvantaged", "pupil"] = "disadvantaged"
    envelope_gbp: float = Field(default=1e9, ge=0.0, le=10e9)
    dose_gbp: float | None = Field(default=None, ge=0.0, le=20_000.0)
    funded: bool = True
    mix: Dial = 0.0
    trigger: Trigger = Trigger()

    @model_validator(mode="before")
    @classmethod
    def _three_shares_are_an_arm(cls, given: object) -> object:
        """Let three shares say who gets the money: no arm is named beside them."""
        if isinstance(given, dict) and given.get("arm", "none") == "none":
            return given | ({"arm": MIXED} if isinstance(given.get("mix"), dict | Mix) else {})
        return given

    @model_validator(mode="after")
    def _shares_or_an_arm(self) -> Targeting:
        if (self.arm == MIXED) != isinstance(self.mix, Mix):
            raise ValueError(
                "arm: mix needs three shares, such as mix: {area: 0.5, gap: 0.5}"
                if self.arm == MIXED
                else f"three shares of a mix say who gets the money, and so does arm: {self.arm}; "
                f"leave arm out, or give one share, such as mix: 0.5"
            )
        return self

    @property
    def shares(self) -> tuple[tuple[str, float], ...]:
        """Arm and share of each part of the money, need everywhere first; nothing without any."""
        return () if self.arm == "none" else shares_of(self.arm, self.mix)

    @property
    def arms(self) -> frozenset[str]:
        """Arms that a policy goes by, funded or not; the one it names even without a share."""
        named = () if self.arm in ("none", MIXED) else (self.arm,)
        return frozenset((*named, *(arm for arm, _ in self.shares)))
