"""Simulated schools are about as poor as the real ones at their places: a test, never a fit.

No school's own figures are in the ground or in any belief. Each row of the table of sites stands
for a real school that only the folder of sources can tell; beside it the model lives a year of
England, and the share of pupils who were ever eligible for free meals in six years is compared.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.codes import PHASES, PRIMARY, SECONDARY
from sim.config import compose
from sim.data import facts, ground
from sim.model import SchoolsModel
from sim.world.tables import World

SOURCES = os.environ.get("PLACEMATTERS_SOURCES", "")
PICTURE = os.environ.get("PLACEMATTERS_SCATTER", "")
"""A picture of all schools is written here, for whoever wants to look; it names no school."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not SOURCES, reason="PLACEMATTERS_SOURCES does not name a folder of source files"
    ),
]
SMALLEST = 20
"""Pupils below which the share of a real school says nothing."""
AT_LEAST = {
    ("primary", "England"): 0.78,
    ("secondary", "England"): 0.75,
    ("secondary", "London"): 0.62,
}
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pair:
    """Shares of each school, as rows of the table of sites: simulated and real."""

    phase: NDArray[np.int64]
    london: NDArray[np.bool_]
    simulated: Floats
    real: Floats
    weight: Floats
    """Simulated pupils; 0 where one of the two shares is not known."""

    def of(self, phase: int, where: str = "England") -> tuple[Floats, Floats, Floats]:
        """Return simulated and real share and weight of a phase's schools, in England or London."""
        mine = (self.phase == phase) & (self.weight > 0)
        if where != "England":
            mine &= self.london if where == "London" else ~self.london
        return self.simulated[mine], self.real[mine], self.weight[mine]


def real_shares() -> Floats:
    """Return each site's real ever-6 share, in the order of the table; nan where not known."""
    import pandas as pd

    from sim.data.choices import JOINED
    from sim.data.derive.sites import read_schools, shuffled, two_phases

    found = two_phases(read_schools(Path(SOURCES)))
    number = {code: place for place, code in enumerate(facts.areas().code)}
    area = found["la"].replace(JOINED).map(number).to_numpy()
    order = np.lexsort((shuffled(found["urn"].to_numpy()), found["phase"], area))
    merged = pd.read_csv(Path(SOURCES) / "places" / "schools_two_tier_2025.csv.gz")
    keys = ["urn", "phase"]
    poor = found[keys].merge(merged[[*keys, "ever6", "roll"]], on=keys, validate="one_to_one")
    share = (poor["ever6"] / poor["roll"]).where(poor["roll"] > SMALLEST)
    return share.to_numpy(float)[order]


def england() -> World:
    """Return England at the end of the year before any policy."""
    settings = compose("baseline", ("world=england", "years=1", "machine.threads=1"))
    return SchoolsModel(settings).live_past().world


def compared(world: World) -> Pair:
    """Return shares of both sides, site by site."""
    schools, sites = world.schools, ground.sites()
    # The model holds primaries of all areas first; within a phase it keeps the table's order.
    order = np.argsort(sites.phase, kind="stable")
    assert (sites.roll[order] == schools.roll).all() and (sites.area[order] == schools.area).all()
    real = real_shares()[order]
    share = schools.ever6 / np.maximum(schools.pupils, 1)
    london = np.array([code.startswith("E09") for code in facts.areas().code])
    weight = np.where(np.isfinite(real), schools.pupils, 0).astype(float)
    return Pair(schools.phase.astype(np.int64), london[schools.area], share, real, weight)


def correlation(one: Floats, other: Floats, weight: Floats) -> float:
    """Return the correlation over pupils, each with the shares of their school."""
    table = np.cov(one, other, aweights=weight)
    return float(table[0, 1] / np.sqrt(table[0, 0] * table[1, 1]))


def draw(pair: Pair, path: Path) -> None:
    """Write both phases as clouds of schools, simulated share against real share."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 6.4), layout="constrained")
    for ax, phase in zip(figure.subplots(1, 2), (PRIMARY, SECONDARY), strict=True):
        for where, colour in (("outside London", "#0072B2"), ("London", "#D55E00")):
            simulated, real, weight = pair.of(phase, where)
            r = correlation(simulated, real, weight)
            size = 2.5 if phase == PRIMARY else 6
            named = f"{where}, r {r:.2f}"
            ax.scatter(100 * simulated, 100 * real, s=size, alpha=0.35, c=colour, label=named)
        simulated, real, weight = pair.of(phase)
        cut = np.arange(0.025, 0.8, 0.05)
        place = np.digitize(simulated, cut)
        full = [one for one in np.unique(place) if (place == one).sum() >= 20]
        ends = [
            [np.average(v[place == one], weights=weight[place == one]) for one in full]
            for v in (simulated, real)
        ]
        ax.plot(*(100 * np.array(end) for end in ends), c="black", lw=1.8, label="mean by 5 points")
        ax.plot([0, 80], [0, 80], c="#777777", lw=0.8)
        many, r = simulated.size, correlation(simulated, real, weight)
        ax.set_title(f"{PHASES[phase]}: {many:,} schools, r {r:.2f} over pupils")
        ax.set(xlabel="simulated ever-6 share, %", ylabel="real ever-6 share, %")
        ax.set(xlim=(0, 80), ylim=(0, 80), aspect="equal")
        ax.legend(frameon=False, loc="upper left")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


@pytest.fixture(scope="module")
def pair() -> Pair:
    return compared(england())


def test_a_picture_of_all_schools_can_be_looked_at(pair, tmp_path):
    path = Path(PICTURE) if PICTURE else tmp_path / "real_schools.png"
    draw(pair, path)
    assert path.stat().st_size > 10_000


def test_nearly_every_school_can_be_compared(pair):
    # The share of 37 schools was not published; 70 more hold hardly anybody.
    for phase in (PRIMARY, SECONDARY):
        assert pair.of(phase)[0].size >= 0.985 * (pair.phase == phase).sum()


@pytest.mark.parametrize(("phase", "where"), AT_LEAST, ids=lambda part: part)
def test_which_schools_are_poor_is_about_as_it_is(pair, phase, where):
    r = correlation(*pair.of(PHASES.index(phase), where))
    print(f"{phase} {where}: r {r:.3f} over pupils")
    assert r >= AT_LEAST[phase, where], f"r {r:.3f}"
