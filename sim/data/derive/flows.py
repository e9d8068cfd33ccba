"""Who goes to school where, from geography alone: distance, borders, and the rolls schools have.

Homes choose among the schools near them: log distance, a dislike of crossing an authority's border,
an appeal of each school that is solved so that every roll is met. Free meals and results of schools
are in none of it. The three numbers of a phase are set on national distances and the share of
secondary pupils who cross a border (about nine in a hundred).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sim.codes import PHASES
from sim.data.derive.ground import Ground, homes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["flow_table", "home_pupils", "home_rates", "moved_pupils", "shares_of_homes"]

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]

POINTS = 2
"""Homes a small area."""
NEAREST = (40, 60)
"""Schools to choose among, primary and secondary."""
GRAMMARS = 4
"""Grammar schools beside them."""
GRAMMAR_REACH = 25_000
GRAMMAR_DISLIKE = 1.0
"""Most children cannot go there."""
DISTANCE = (3.3, 3.0)
"""Loss of value with the log of distance."""
NEAR_KM = (0.25, 0.8)
"""Added to the distance: within it, nearer is hardly better."""
BORDER = 0.8
"""Loss of value in another authority than one's own."""
ROUNDS = 60
MET = 0.004
"""Rolls are met when misses add up to less than this share of pupils."""
PATCH = 30
"""Small areas about a small area whose mean decides how many children it gains or loses."""
MOVES = 3
SMALLEST_SHARE = 0.0005
LEAST_RATE = 0.005


@dataclass(frozen=True, eq=False)
class Choices:
    """Schools within reach of each home, as rows and weights before appeal."""

    school: NDArray[np.int32]
    """(homes, k) row of each."""
    weight: Singles
    room: Floats
    """(schools,) places to fill."""
    appeal: Singles


def _choices(ground: Ground, sites: pd.DataFrame, phase: int) -> Choices:
    """Return what homes choose among in a phase."""
    here = sites[sites["phase"].eq(phase)]
    spots = here[["x", "y"]].to_numpy(float)
    grammar = here["selective"].to_numpy() == 1
    points = homes(ground, POINTS).reshape(-1, 2)
    plain, chosen = np.flatnonzero(~grammar), np.flatnonzero(grammar)
    metres, at = cKDTree(spots[plain]).query(points, k=NEAREST[phase])
    school = plain[at]
    if chosen.size:
        far, at = cKDTree(spots[chosen]).query(points, k=GRAMMARS)
        school = np.hstack([school, chosen[at]])
        metres = np.hstack([metres, np.where(far > GRAMMAR_REACH, np.inf, far)])
    own = np.repeat(ground.area, POINTS)
    area = ground.area_number(here["la"])
    value = -DISTANCE[phase] * np.log(metres / 1000 + NEAR_KM[phase])
    value -= BORDER * (area[school] != own[:, None]) + GRAMMAR_DISLIKE * grammar[school]
    value -= value.max(axis=1, keepdims=True)
    room = here["roll"].to_numpy(float)
    return Choices(
        school=school.astype(np.int32),
        weight=np.exp(value).astype(np.float32),
        room=room,
        appeal=(room / room.mean()).astype(np.float32),
    )


def _went(choices: Choices, children: Floats) -> Singles:
    """Return (homes, k) how many of each home's children go to each school."""
    pull = choices.weight * choices.appeal[choices.school]
    pull *= (children / np.maximum(pull.sum(axis=1), 1e-30))[:, None].astype(np.float32)
    return pull


def _came(choices: Choices, went: Singles) -> Floats:
    came = np.bincount(choices.school.ravel(), went.ravel(), minlength=choices.room.size)
    return came.astype(np.float64)


def _solved(choices: Choices, children: Floats, rounds: int) -> Choices:
    """Return the choices with appeals that fill every school, as far as these rounds go."""
    for _ in range(rounds):
        came = _came(choices, _went(choices, children))
        if np.abs(came - choices.room).sum() < MET * choices.room.sum():
            break
        step = np.clip(choices.room / np.maximum(came, 1e-9), 0.3, 3.0)
        appeal = np.clip(choices.appeal * step, 1e-9, 1e9).astype(np.float32)
        choices = replace(choices, appeal=appeal)
    return choices


def moved_pupils(
    ground: Ground, sites: pd.DataFrame, patch_size: int = PATCH
) -> tuple[Ground, tuple[Floats, Floats]]:
    """Move the children of mid-2020 towards the rolls of 2025, and send them to school.

    A home sends as many as the schools it uses have places for; patches of small areas take the
    mean of that, so that no single school decides how many children live beside it.

    Args:
        ground: Small areas with children before the move.
        sites: What `two_phases` returned.
        patch_size: Small areas in a patch; the larger, the fewer children move.

    Returns:
        The ground with state pupils of January 2025 in it, and by phase the pupils of each area
        of residence (columns) at the schools of each area (rows).
    """
    patch = cKDTree(ground.spots).query(ground.spots, k=patch_size)[1]
    pupils, flows = np.empty_like(ground.pupils), []
    for phase in range(len(PHASES)):
        choices = _choices(ground, sites, phase)
        children = ground.pupils[:, phase] * choices.room.sum() / ground.pupils[:, phase].sum()
        for _ in range(MOVES):
            choices = _solved(choices, np.repeat(children / POINTS, POINTS), 6)
            went = _went(choices, np.repeat(children / POINTS, POINTS))
            short = choices.room / np.maximum(_came(choices, went), 1e-9)
            wanted = (went * short[choices.school]).sum(axis=1).reshape(-1, POINTS).sum(axis=1)
            children = children * wanted[patch].sum(axis=1) / children[patch].sum(axis=1)
            children *= choices.room.sum() / children.sum()
        choices = _solved(choices, np.repeat(children / POINTS, POINTS), ROUNDS)
        went = _went(choices, np.repeat(children / POINTS, POINTS))
        pupils[:, phase] = children
        area = ground.area_number(sites.loc[sites["phase"].eq(phase), "la"])
        flows.append(_between(ground, area[choices.school], went))
    return replace(ground, pupils=pupils), (flows[0], flows[1])


def _between(ground: Ground, area: Ints, went: Singles) -> Floats:
    """Return pupils at the schools of each area (rows) who live in each area (columns)."""
    size = len(ground.codes)
    home = np.repeat(ground.area, POINTS)[:, None]
    cell = (area * size + home).ravel()
    many = np.bincount(cell, went.ravel(), minlength=size * size).astype(np.float64)
    return many.reshape(size, size)


def shares_of_homes(pupils: Floats) -> Floats:
    """Return the share of each school area's pupils (row) from each home area (column).

    Shares that hardly anybody makes up are dropped; rows add up to one.

    >>> shares_of_homes(np.array([[99.97, 0.03], [10.0, 30.0]])).tolist()
    [[1.0, 0.0], [0.25, 0.75]]
    """
    share = pupils / pupils.sum(axis=1, keepdims=True)
    share[share < SMALLEST_SHARE] = 0
    share = np.round(share / share.sum(axis=1, keepdims=True), 5)
    # What rounding takes or adds goes to the largest share.
    rows = np.arange(len(share))
    share[rows, share.argmax(axis=1)] += 1 - share.sum(axis=1)
    return np.asarray(share, np.float64)


def flow_table(shares: tuple[Floats, Floats]) -> pd.DataFrame:
    """Return the shares above nought of both phases, one row each."""
    import pandas as pd

    parts = []
    for phase, share in enumerate(shares):
        school, home = np.nonzero(share)
        columns = {"school_area": school, "home_area": home, "share": share[school, home].round(5)}
        parts.append(pd.DataFrame({"phase": phase, **columns}))
    return pd.concat(parts, ignore_index=True)


def home_pupils(share: Floats, at_school: Ints) -> Ints:
    """Return the whole number of pupils who live in each area; they add up to those at school.

    Args:
        share: What `shares_of_homes` returned.
        at_school: (areas,) pupils at the schools of each area.

    >>> home_pupils(np.array([[0.9, 0.1], [0.0, 1.0]]), np.array([15, 10])).tolist()
    [14, 11]
    """
    exact = at_school @ share
    whole = np.floor(exact).astype(np.int64)
    spare = int(at_school.sum() - whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:spare]] += 1
    return whole


def home_rates(share: Floats, at_school: Floats) -> Floats:
    """Return rates at home that give the schools' rates back through the flows.

    Begins at the schools' own rates and stops as soon as these come back to within a ten-thousandth
    or two: no farther from them than must be.

    Args:
        share: What `shares_of_homes` returned.
        at_school: (areas,) rates of the pupils at the schools of each area.
    """
    rate = at_school.copy()
    for _ in range(500):
        miss = at_school - share @ rate
        if np.abs(miss).max() < 1.5e-4:
            break
        rate = np.maximum(rate + share.T @ miss / share.sum(axis=0), LEAST_RATE)
    return rate
