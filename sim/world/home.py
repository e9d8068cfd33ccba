r"""What home gives a child in a stage: income, parents' education, heritage, being disadvantaged.

.. math:: home = \beta\, y\,(1 - flatter_g) + \gamma\, parents + progress_g + gap_{b(g)}\, D

with income y in standard deviations, heritage group g, its broad group b(g), and D for a child who
is disadvantaged. Nothing in it knows where a child lives: the same child has the same home
anywhere. Without the switch ``heritage_gaps`` the last term is nought.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Float32s, Int8s, UInt16s
from sim.codes import BROAD_OF_HERITAGE, FIRST_SECONDARY
from sim.config.models import Switches
from sim.config.values import Values
from sim.kernel import kernel
from sim.world.pupils import Pupils

__all__ = ["Home", "given_at_home", "home_terms"]

_F = np.float32
_BROAD = np.array(BROAD_OF_HERITAGE)


class Home(NamedTuple):
    """What home gives a child: coefficients of income and parents, and by heritage group.

    ``slope`` is the share of the income slope that counts in a group, ``progress`` its own, and
    ``gap`` what its disadvantaged children have further.
    """

    income: np.float32
    education: np.float32
    mean: np.float32
    scale: np.float32
    slope: Float32s
    progress: Float32s
    gap: Float32s


class Child(NamedTuple):
    """What tells of a child's home."""

    heritage: Int8s
    income: Float32s
    parents: Float32s
    registered: UInt16s


def home_terms(values: Values, on: Switches, grade: int) -> Home:
    """Return what home gives in the stage of a year group.

    Args:
        values: Beliefs.
        on: Switches; ``background`` and ``heritage_gaps`` act here.
        grade: Year group.
    """
    learning, people = values.learning, values.people
    if grade == 0:
        income, education = learning.income_early, learning.education_early
        progress, gap = learning.heritage_early, learning.gap_early
    elif grade < FIRST_SECONDARY:
        income, education = learning.income_primary, learning.education_primary
        progress, gap = learning.heritage_primary, learning.gap_primary
    else:
        income, education = learning.income_secondary, learning.education_secondary
        progress, gap = learning.heritage_secondary, learning.gap_secondary
    counts = 1.0 if on.background else 0.0
    further = counts if on.heritage_gaps else 0.0
    return Home(
        income=_F(counts * income),
        education=_F(counts * education),
        mean=_F(people.income_mean),
        scale=_F(1 / people.income_sd),
        slope=(1 - np.asarray(learning.heritage_flatter)).astype(_F),
        progress=(counts * np.asarray(progress)).astype(_F),
        gap=(further * np.asarray(gap)[_BROAD]).astype(_F),
    )


def given_at_home(pupils: Pupils, home: Home, ever6: int) -> Float32s:
    """Return what home gives each child of a cohort in a stage, SD.

    Args:
        pupils: The cohort.
        home: From `home_terms`.
        ever6: Bits of registration that make a child disadvantaged.
    """
    given = np.empty(pupils.rows, np.float32)
    _give(pupils.view(Child), home, np.uint16(ever6), given)
    return given


@kernel
def _give(child: Child, home: Home, ever6: np.uint16, given: Float32s) -> None:
    for i in range(given.size):
        g = np.uint64(child.heritage[i])
        y = (child.income[i] - home.mean) * home.scale
        of_home = home.income * y * home.slope[g] + home.education * child.parents[i]
        further = home.gap[g] if child.registered[i] & ever6 else _F(0.0)
        given[i] = of_home + (home.progress[g] + further)
