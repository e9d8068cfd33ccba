"""Graduate schemes: who applies, who is sifted in, who gets an offer.

Schemes sift on credentials and on what an application gives away of background, then interview.
Credentials count with weight ``credentials``; how much a low origin costs at equal credentials
(the *leak*) is tied to that weight, because the raw shortfall in offers, the only published figure,
cannot tell the two apart. Both are swept along that line, never fitted.

The number of places does not depend on who applies: an offer gained is an offer lost.

References:
    Rivera (2012), *Hiring as cultural matching*; Bridge Group (2017) on contextual recruitment.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim import rng
from sim.arrays import Reals
from sim.codes import (
    DEGREE_GOOD,
    DEGREE_LOWER,
    ENTRY_HIGH_TARIFF,
    FUNNEL_APPLYING,
    FUNNEL_CONTACTS,
    FUNNEL_EMPLOYER,
    FUNNEL_INTERVIEW,
    FUNNEL_SIFT,
    FUNNEL_SLOT_CONTACTS,
    OCCUPATION_COUNT,
    OCCUPATION_PROFESSIONAL,
    OCCUPATION_WORKING,
    OFFER_MADE,
    OFFER_NONE,
    OFFER_NOT_APPLIED,
    OFFER_SIFTED,
)
from sim.config.models import Switches
from sim.config.values import FunnelBeliefs
from sim.markets.jobs import Scene, best
from sim.rng import Key, Purpose
from sim.world.adults import Adults

__all__ = [
    "CELLS",
    "Cells",
    "Selection",
    "bought",
    "cell_of",
    "funnel",
    "leak",
    "like_for_like",
    "raw_ratio",
    "scheme_places",
]

CELLS = 16
"""Cells in which like is compared with like: quarter of attainment x class of degree x tariff."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class Selection(NamedTuple):
    """How many offers schemes make, and what share of them selects in which way."""

    places: int
    contextual: float
    blind: float
    groups: tuple[str, ...]


class Cells(NamedTuple):
    """People by parents' occupation and cell, (3, `CELLS`), counted by weight."""

    applied: Counts
    sifted: Counts
    offered: Counts


def scheme_places(professional_posts: float, cohorts: float, beliefs: FunnelBeliefs) -> int:
    """Return the offers schemes make in a year: a share of one cohort's professional posts.

    Args:
        professional_posts: Posts of all regions for ages 19 to 30.
        cohorts: How many cohorts' worth of posts that is.
        beliefs: Beliefs.
    """
    return int(beliefs.scheme_share * professional_posts / cohorts)


def leak(beliefs: FunnelBeliefs) -> float:
    """Return what a low origin costs at equal credentials, SD a stage.

    The line along which the raw shortfall in offers stays as published.
    """
    return float(np.interp(beliefs.credentials, beliefs.leak_weights, beliefs.leaks))


def cell_of(adults: Adults, rows: NDArray[np.intp], beliefs: FunnelBeliefs) -> NDArray[np.intp]:
    """Return the cell of each graduate: attainment, class of the first degree, tariff."""
    quarter = np.searchsorted(np.asarray(beliefs.cell_cuts), adults.score[rows].astype(np.float64))
    good = adults.degree[rows] == DEGREE_GOOD
    return np.asarray(4 * quarter + 2 * good + (adults.entered[rows] == ENTRY_HIGH_TARIFF))


def funnel(
    adults: Adults, weight_of_area: Counts, selection: Selection, scene: Scene[FunnelBeliefs]
) -> Cells:
    """Run one year of graduate schemes for a cohort and write ``adults.offer``.

    Args:
        adults: One cohort, at 23; reads results, degree and parents' occupation.
        weight_of_area: People that one of each area stands for.
        selection: Places, and the shares of schemes with each practice.
        scene: Beliefs about schemes, switches, luck, year.
    """
    beliefs, on, key, _ = scene
    adults.offer[:] = OFFER_NOT_APPLIED
    rows = _applicants(adults, beliefs, on, key)
    weight = weight_of_area[adults.area[rows]]
    ids = adults.id[rows]
    sift, interview = _scores(adults, rows, selection, scene)
    invited = best(sift, ids, weight, int(beliefs.invitations * selection.places))
    offered = np.zeros(rows.size, np.bool_)
    offered[invited] = best(interview[invited], ids[invited], weight[invited], selection.places)
    adults.offer[rows] = np.where(offered, OFFER_MADE, np.where(invited, OFFER_SIFTED, OFFER_NONE))
    at = CELLS * adults.occupation[rows].astype(np.intp) + cell_of(adults, rows, beliefs)

    def counted(chosen: NDArray[np.bool_]) -> Counts:
        counts = np.bincount(at[chosen], weight[chosen], OCCUPATION_COUNT * CELLS).astype(np.int64)
        return counts.reshape(OCCUPATION_COUNT, CELLS)

    return Cells(counted(np.ones(rows.size, np.bool_)), counted(invited), counted(offered))


def _applicants(adults: Adults, beliefs: FunnelBeliefs, on: Switches, key: Key) -> NDArray[np.intp]:
    """Return the graduates of the usual age who apply to a scheme."""
    graduates = np.flatnonzero((adults.degree == DEGREE_LOWER) | (adults.degree == DEGREE_GOOD))
    apply = beliefs.apply
    appetite = (
        apply.everybody
        + apply.high_tariff * (adults.entered[graduates] == ENTRY_HIGH_TARIFF)
        + apply.good_class * (adults.degree[graduates] == DEGREE_GOOD)
        + apply.professional_origin
        * (adults.occupation[graduates] == OCCUPATION_PROFESSIONAL)
        * bool(on.after_school_background)
    )
    luck = rng.uniforms(rng.words(key, adults.id[graduates], Purpose.FUNNEL)[FUNNEL_APPLYING])
    return np.asarray(graduates[luck < ndtr(appetite)])


def _scores(
    adults: Adults, rows: NDArray[np.intp], selection: Selection, scene: Scene[FunnelBeliefs]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what sift and interview make of each applicant, SD."""
    beliefs, on, key, _ = scene
    words = rng.words(key, adults.id[rows], Purpose.FUNNEL)
    luck = rng.normals(words[[FUNNEL_SIFT, FUNNEL_INTERVIEW]]).astype(np.float64)
    employer = rng.uniforms(words[FUNNEL_EMPLOYER]).astype(np.float64)
    more = rng.words(key, adults.id[rows], Purpose.FUNNEL, slot=FUNNEL_SLOT_CONTACTS)
    contacts = rng.normals(more[FUNNEL_CONTACTS])
    low = (adults.occupation[rows] == OCCUPATION_WORKING) & bool(on.after_school_background)
    merit = _merit(adults, rows, beliefs) if on.recruitment else np.zeros(rows.size)
    contacts = contacts - beliefs.contacts_gap * low
    # Applicants meet one kind of employer or another; the two practices start from either end.
    seen = employer < 1 - selection.blind
    favoured = _favoured(adults, rows, selection.groups) & (employer < selection.contextual)
    favoured &= bool(on.after_school_background)
    lost = leak(beliefs)
    known, chance = beliefs.contacts, beliefs.selection_luck
    sift = merit + known.sift * contacts - lost * low * seen + beliefs.uplift * favoured
    interview = beliefs.interview_merit * merit + known.interview * contacts - lost * low
    return (
        (sift + chance.sift * luck[0]).astype(np.float32),
        (interview + chance.interview * luck[1]).astype(np.float32),
    )


def _merit(adults: Adults, rows: NDArray[np.intp], beliefs: FunnelBeliefs) -> Floats:
    """Return what credentials count, SD."""
    weights = beliefs.credential_weights
    return np.asarray(
        beliefs.credentials
        * (
            weights.good_class * (adults.degree[rows] == DEGREE_GOOD)
            + weights.high_tariff * (adults.entered[rows] == ENTRY_HIGH_TARIFF)
            + weights.attainment * adults.score[rows].astype(np.float64)
        )
    )


def _favoured(adults: Adults, rows: NDArray[np.intp], groups: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return whose results a contextual scheme reads in the light of background."""
    chosen = np.zeros(rows.size, np.bool_)
    if "working" in groups:
        chosen |= adults.occupation[rows] == OCCUPATION_WORKING
    if "fsm" in groups:
        chosen |= adults.fsm15[rows]
    return chosen


def bought(adults: Adults, contextual: float, blind: float) -> dict[str, Reals]:
    """Return how much of each way of selecting each application meets; 0 for who did not apply.

    Args:
        adults: The cohort of 23-year-olds.
        contextual: Share of schemes that read results in the light of background.
        blind: Share whose sift sees no sign of background.
    """
    applied = adults.offer >= 0
    return {
        "hiring.contextual_adoption": contextual * applied,
        "hiring.blind_sift_adoption": blind * applied,
    }


def raw_ratio(cells: Cells) -> float:
    """Return offers an applicant of low origin gets for one of any other origin; NaN if none."""
    applied, offered = cells.applied.sum(1), cells.offered.sum(1)
    return _ratio(
        offered[OCCUPATION_WORKING],
        applied[OCCUPATION_WORKING],
        offered[:2].sum(),
        applied[:2].sum(),
    )


def like_for_like(cells: Cells) -> float:
    """Return the same ratio between applicants of one cell, cells weighted by low origins.

    Cells without applicants of both kinds do not count; NaN if no cell is left.
    """
    applied, offered = cells.applied.astype(np.float64), cells.offered.astype(np.float64)
    others = applied[:2].sum(0)
    both = (applied[OCCUPATION_WORKING] > 0) & (others > 0)
    expected = (applied[OCCUPATION_WORKING, both] * offered[:2].sum(0)[both] / others[both]).sum()
    got = offered[OCCUPATION_WORKING, both].sum()
    return float(got / expected) if expected > 0 else float("nan")


def _ratio(part: float, whole: float, other_part: float, other_whole: float) -> float:
    if not (whole and other_whole and other_part):
        return float("nan")
    return float((part / whole) / (other_part / other_whole))
