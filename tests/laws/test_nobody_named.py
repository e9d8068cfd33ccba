"""Nothing that leaves the model could name a school: the ground is real, the schools stand-ins."""

from __future__ import annotations

import numpy as np

from sim.codes import PHASES
from sim.data import ground
from tests.laws import worlds

PLACES = {
    "x", "y", "lat", "lon", "easting", "northing", "roll", "urn", "postcode", "gender", "faith",
}  # fmt: skip
SITE = ("x", "y", "miles")


def test_results_hold_no_position_of_a_school() -> None:
    model = worlds.model("baseline")
    schools = model.world.schools
    model.close()
    results = worlds.cell("baseline")
    assert np.array_equal(results["school"], schools.id)
    looked_at = 0
    for name, values in results.variables.items():
        assert not set(str(name).split("_")) & PLACES, name
        if "school" not in values.dims or values.dtype.kind not in "fiu" or name == "school":
            continue
        numbers = values.transpose("school", ...).values.reshape(len(schools), -1).astype(float)
        for column in numbers.T[np.ptp(numbers, axis=0) > 0]:
            looked_at += 1
            for site in SITE:
                along = np.corrcoef(column, schools.get(site))[0, 1]
                assert abs(along) < 0.99, (name, site)
    assert looked_at > 10


def test_a_position_in_the_results_would_be_found() -> None:
    x = np.array(ground.sites().x[:50], float)
    assert abs(np.corrcoef(3 - x / 1000, x)[0, 1]) > 0.99


def test_the_number_of_a_school_is_its_place_in_an_order_that_says_nothing() -> None:
    number = worlds.cell("baseline")["school"].values.astype(np.int64)
    assert np.unique(number).size == number.size
    sites = ground.sites()
    for one in np.unique(number >> 10).tolist():
        area, phase = divmod(one, len(PHASES))
        there = int(((sites.area == area) & (sites.phase == phase)).sum())
        assert sorted(number[number >> 10 == one] & 1023) == list(range(there))
