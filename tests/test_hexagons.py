"""Every authority has one hexagon, and the map looks like England."""

import numpy as np

from sim.data import facts
from sim.show.hexagons import hexagons, middle


def test_every_authority_has_a_hexagon_of_its_own() -> None:
    found = hexagons()
    assert set(found) == set(facts.areas().code.tolist())
    assert len(set(found.values())) == len(found)


def test_north_stays_north_and_east_stays_east() -> None:
    table = facts.areas()
    at = np.array([middle(*hexagons()[code]) for code in table.code])
    assert np.corrcoef(at[:, 1], table.lat)[0, 1] > 0.9
    assert np.corrcoef(at[:, 0], table.lon)[0, 1] > 0.9


def test_most_authorities_touch_those_that_are_nearest_to_them() -> None:
    table = facts.areas()
    at = np.array([middle(*hexagons()[code]) for code in table.code])
    near = np.stack([table.lon * np.cos(np.radians(52.5)), table.lat], axis=1)
    apart, miles = (np.hypot(*(one[:, None] - one[None]).transpose(2, 0, 1)) for one in (at, near))
    np.fill_diagonal(miles, np.inf)
    nearest = miles.argsort(axis=1)[:, :3]
    assert (np.take_along_axis(apart, nearest, axis=1) < 1.1).mean() > 0.6


def test_every_authority_touches_one_of_its_region() -> None:
    table = facts.areas()
    at = np.array([middle(*hexagons()[code]) for code in table.code])
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    touching = (apart < 1.1) & (apart > 0) & (table.region[:, None] == table.region[None])
    assert touching.any(axis=1).all()
