"""The settings of a run: typed, frozen before anything is built.

Unknown keys, wrong types and values out of range are errors. Every default here is also
written, with a comment for the reader, in ``conf/config.yaml``; a test holds the two together.
Money is in constant pounds of the base year, years are policy years.
"""

from __future__ import annotations

import os
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.codes import LUCKS, REGIONS, Region, pack
from sim.config.beliefs import Beliefs
from sim.config.eligibility import Eligibility
from sim.config.formula import Formula
from sim.config.income_depth import Depth
from sim.config.levers import Lever, declared
from sim.config.school_levers import Schools
from sim.config.strict import Strict
from sim.config.switches import Switches
from sim.config.targeting import AREA_LISTS, Targeting, Trigger
from sim.data.base_year import DEFAULT, base_years, not_one
from sim.errors import did_you_mean

__all__ = [
    "AREA_LISTS",
    "DECLARED_LEVERS",
    "FAVOURED",
    "Funding",
    "Higher",
    "Hiring",
    "Machine",
    "Policy",
    "Post16",
    "Progression",
    "Schools",
    "Settings",
    "Strict",
    "Switches",
    "Targeting",
    "Trigger",
    "WorldSettings",
]

FAVOURED = ("working", "fsm")
"""Groups that contextual recruitment may favour: low parental occupation, FSM at 15."""


def _group_list(given: object) -> tuple[str, ...]:
    """Accept a list of groups of young people whose background an employer may look at."""
    if not isinstance(given, list | tuple) or not all(isinstance(group, str) for group in given):
        raise ValueError(f"{given!r} is not a list of groups, such as [working]")
    if not given:
        raise ValueError(f"the list of groups is empty; name at least one of {_listed(FAVOURED)}")
    for group in given:
        if group not in FAVOURED:
            raise ValueError(
                f"{group!r} is not a group employers can know of. {did_you_mean(group, FAVOURED)}"
            )
    return tuple(sorted(set(given)))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)


Groups = Annotated[tuple[str, ...], BeforeValidator(_group_list)]


class WorldSettings(Strict):
    """Which part of England is simulated."""

    name: Literal["tiny", "region", "tenth", "england"] = "tenth"
    region: Region | None = None

    @model_validator(mode="after")
    def _region_goes_with_its_world(self) -> WorldSettings:
        if self.name == "region" and self.region is None:
            raise ValueError(
                'world=region needs a region, such as world.region="South West"; regions: '
                + ", ".join(REGIONS)
            )
        if self.name != "region" and self.region is not None:
            raise ValueError(
                f"world.region={self.region!r} has no meaning in world={self.name}; "
                f"write world=region, or leave world.region out"
            )
        return self


class Funding(Strict):
    """How the pot of a year is shared out between schools."""

    rule: str = Field(default="nff", min_length=1)
    rates: Formula | None = None
    depth: Depth = Depth()
    need_weight: float = Field(default=1.0, ge=0.0, le=10.0)
    phase: Literal["keep", "free"] = "keep"
    minimum_levels: bool = True
    floor: float | None = Field(default=None, ge=-1.0, le=0.05)
    closure: Literal["balance", "lower_floor", "scale_gains", "external"] = "balance"
    cap: float | None = Field(default=None, ge=0.0, le=1.0)
    transition: int = Field(default=0, ge=0, le=20)
    pupil_premium: bool = True
    premium: Literal["separate", "in_pot"] = "separate"
    premium_times: float = Field(default=1.0, ge=1.0, le=5.0)
    new_money_gbp: float = Field(default=0.0, ge=-10e9, le=10e9)
    extra_gbp_per_pupil: float = Field(default=0.0, ge=0.0, le=10_000.0)
    extra_years: int = Field(default=0, ge=0, le=60)
    high_needs_share: float | None = Field(default=None, ge=0.0, le=0.5)
    local: bool = False

    @model_validator(mode="after")
    def _can_be_paid_for(self) -> Funding:
        # gains - cost = (growth - floor) x last year's money, and growth per pupil is nought.
        if self.floor is not None and self.floor > 0 and self.closure not in _OTHERS_PAY:
            raise ValueError(
                f"a floor (minimum funding guarantee, MFG) of {self.floor} cannot be paid from a "
                f"constant pot; give one below 0, such as -0.005, or name who pays with closure: "
                f"{' or '.join(_OTHERS_PAY)}"
            )
        if (self.extra_gbp_per_pupil > 0) != (self.extra_years > 0):
            raise ValueError(
                "extra_gbp_per_pupil and extra_years go together; give both above 0, or neither"
            )
        if not self.pupil_premium and (self.premium == "in_pot" or self.premium_times > 1):
            raise ValueError(
                "pupil_premium: false pays none, so there is none to put into the pot or to pay "
                "several times; leave pupil_premium out, or premium and premium_times"
            )
        if self.premium == "in_pot" and self.premium_times > 1:
            raise ValueError(
                "premium: in_pot leaves no premium that premium_times could multiply; leave one out"
            )
        if self.rates is not None and self.rates.solve is None and self.closure != "external":
            raise ValueError(
                "rates without a line that is solved miss the pot; name one with rates.solve, or "
                "say that new money meets it with closure: external"
            )
        return self


_OTHERS_PAY = ("external", "lower_floor")


class Post16(Strict):
    """What is on offer after sixteen, and help with getting to it and staying in it."""

    technical_offer: Annotated[
        float,
        Lever(
            "share more of technical and apprenticeship places",
            "more technical and apprenticeship places: 0.2 is a fifth more everywhere, and "
            "somewhat better ones; -0.5 to 2",
            payer="public",
            price=lambda values: values.post16.technical_cost_gbp,
        ),
    ] = Field(default=0.0, ge=-0.5, le=2.0)
    transport: Annotated[
        bool,
        Lever(
            "travel to 18 is free",
            "true: travel to 18 is free: minutes count less, more is in reach",
            payer="public",
            price=lambda values: values.post16.transport_cost_gbp,
            books="free_travel",
        ),
    ] = False
    premium_to_19_gbp: Annotated[
        float,
        Lever(
            "pounds a year for each ever-6 learner to 19",
            "pupil premium goes on to 19: pounds a year for each ever-6 learner",
            payer="public",
            books="premium_to_19",
        ),
    ] = Field(default=0.0, ge=0.0, le=20_000.0)


class Higher(Strict):
    """What universities do for the students they have."""

    student_success: Annotated[
        float,
        Lever(
            "share of universities that support students from poor areas",
            "share of universities that support students from the two most deprived fifths of "
            "small areas, 0 to 1",
            payer="universities",
            price=lambda values: values.higher.support_cost_gbp,
        ),
    ] = Field(default=0.0, ge=0.0, le=1.0)


class Hiring(Strict):
    """How graduate schemes select, and for whom background counts as context."""

    contextual_adoption: Annotated[
        float,
        Lever(
            "share of graduate schemes that look at background",
            "share of graduate schemes that read results in the light of background, 0 to 1; "
            "employers go part of the way each year",
            payer="employers",
            price=lambda values: values.funnel.contextual_cost,
            books="selection",
        ),
    ] = Field(default=0.1, ge=0.0, le=1.0)
    blind_sift_adoption: Annotated[
        float,
        Lever(
            "share of schemes whose first sift sees no background",
            "share of schemes whose sift sees no sign of background, 0 to 1",
            payer="employers",
            price=lambda values: values.funnel.blind_cost,
            books="selection",
        ),
    ] = Field(default=0.0, ge=0.0, le=1.0)
    groups: Annotated[
        Groups,
        Lever(
            "whom those schemes favour",
            "whom contextual schemes favour: working (parents in working-class jobs) | fsm "
            "(registered at 15); one or both",
        ),
    ] = ("working",)


class Progression(Strict):
    """How employers promote those they have."""

    reform_adoption: Annotated[
        float,
        Lever(
            "share of employers that promote by open criteria",
            "share of employers that promote by open criteria, 0 to 1",
            payer="employers",
            price=lambda values: values.progression.reform_cost,
            books="open_criteria",
        ),
    ] = Field(default=0.0, ge=0.0, le=1.0)


class Policy(Strict):
    """The levers: a scenario may set these and nothing else."""

    funding: Funding = Funding()
    eligibility: Eligibility = Eligibility()
    targeting: Targeting = Targeting()
    schools: Schools = Schools()
    post16: Post16 = Post16()
    higher: Higher = Higher()
    hiring: Hiring = Hiring()
    progression: Progression = Progression()


DECLARED_LEVERS = declared(Policy)
"""Levers whose field says what they are and who pays, by their key under ``policy``, in the order
of the manual: those of schools beside the formula, and all after sixteen."""


def cores() -> int:
    """Return how many cores this process may use (a cluster gives a job a part of a machine's)."""
    mine = getattr(os, "sched_getaffinity", None)
    return min(256, len(mine(0)) if mine else os.cpu_count() or 1)


Cores = Annotated[int, BeforeValidator(lambda given: cores() if given is None else given)]


def _folder(given: object) -> Any:
    """Read ``~`` as a home, in quotes or not."""
    if not isinstance(given, str) or not given.startswith("~"):
        return given
    expanded = os.path.expanduser(given)
    if expanded.startswith("~"):
        raise ValueError(f"no home is known for {given!r}; write ./{given} for a folder so named")
    return expanded


Folder = Annotated[str, BeforeValidator(_folder)]


class Machine(Strict):
    """Where and how hard to work: never part of a result's identity."""

    threads: Cores = Field(default_factory=cores, ge=1, le=256)
    outputs: Folder = Field(default="outputs", min_length=1)
    scenarios: Folder = Field(default="scenarios", min_length=1)
    outside_range: bool = False


def _base_year(given: object) -> object:
    """Accept a year whose rates are in the tables."""
    if isinstance(given, str) and given not in base_years():
        raise ValueError(not_one(given))
    return given


Year = Annotated[str, BeforeValidator(_base_year)]


class Settings(Strict):
    """Everything one cell depends on, and how many cells a comparison runs."""

    scenario: str = "baseline"
    title: str = ""
    label: str = ""
    world: WorldSettings = WorldSettings()
    years: int = Field(default=24, ge=1, le=60)
    past: int = Field(default=6, ge=6, le=30)
    seed: int = Field(default=1, ge=0, lt=2**32)
    draw: int = Field(default=0, ge=0, lt=LUCKS)
    replicate: int = Field(default=0, ge=0, lt=LUCKS)
    draws: int = Field(default=8, ge=0, le=10_000)
    replicates: int = Field(default=4, ge=1, le=10_000)
    base_year: Year = DEFAULT
    falling_rolls: bool = True
    protection: bool = True
    invariants: bool = True
    policy: Policy = Policy()
    beliefs: Beliefs
    switches: Switches = Switches()
    machine: Machine = Machine()

    @model_validator(mode="after")
    def _has_needs_to_pay_for(self) -> Settings:
        if self.policy.funding.high_needs_share is not None and not self.switches.special_needs:
            raise ValueError(
                "policy.funding.high_needs_share pays for plans of pupils with special needs, and "
                "nobody has any; add switches.special_needs=true, or leave the share out"
            )
        return self

    @property
    def luck(self) -> int:
        """The word of the key of luck that separates draws and replicates: no two share it."""
        return pack(self.draw, self.replicate)

    def at(self, draw: int, replicate: int) -> Settings:
        """Return the same settings for another draw of beliefs and of chance."""
        return Settings.model_validate({**dict(self), "draw": draw, "replicate": replicate})
