"""Districts that a list or the formula names and that are only part of an authority.

Small areas carry their codes in order of district, so that a district is a few runs of codes. The
runs are those of the names of small areas of 2011 ("Norwich 001A") in the Indices of Deprivation
2019 (Ministry of Housing, Communities and Local Government; Office for National Statistics).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DISTRICTS", "FRINGE", "OPPORTUNITY_AREA", "District", "district_of"]

OPPORTUNITY_AREA = "opportunity_area"
FRINGE = "fringe"


@dataclass(frozen=True)
class District:
    """A district of an authority, as it was in 2011."""

    name: str
    area: str
    """Code of the authority it is part of."""
    part_of: str
    """List that names it: `OPPORTUNITY_AREA` or `FRINGE`."""
    runs: tuple[tuple[int, int], ...]
    """First and last number of each run of its small areas: E01026791 is 26791."""


DISTRICTS = (
    District("Norwich", "E10000020", OPPORTUNITY_AREA, ((26791, 26869), (33434, 33441))),
    District("Ipswich", "E10000029", OPPORTUNITY_AREA, ((29958, 30036), (33122, 33131))),
    District("Hastings", "E10000011", OPPORTUNITY_AREA, ((20969, 21021),)),
    District("Scarborough", "E06000065", OPPORTUNITY_AREA, ((27804, 27874),)),
    District("West Somerset", "E06000066", OPPORTUNITY_AREA, ((29322, 29343), (32635, 32636))),
    District("Fenland", "E10000003", OPPORTUNITY_AREA, ((18058, 18111), (33111, 33112))),
    District(
        "East Cambridgeshire",
        "E10000003",
        OPPORTUNITY_AREA,
        ((18011, 18057), (32611, 32611), (33425, 33430)),
    ),
    District("Chiltern", "E06000060", FRINGE, ((17739, 17795), (32609, 32609))),
    District("South Bucks", "E06000060", FRINGE, ((17796, 17835),)),
    District("Basildon", "E10000012", FRINGE, ((21237, 21346),)),
    District("Brentwood", "E10000012", FRINGE, ((21431, 21475), (33063, 33064))),
    District("Epping Forest", "E10000012", FRINGE, ((21741, 21818),)),
    District("Harlow", "E10000012", FRINGE, ((21819, 21872),)),
    District("Broxbourne", "E10000015", FRINGE, ((23289, 23344),)),
    District("Dacorum", "E10000015", FRINGE, ((23345, 23437), (33022, 33023))),
    District("East Hertfordshire", "E10000015", FRINGE, ((23438, 23520), (33609, 33609))),
    District("Hertsmere", "E10000015", FRINGE, ((23523, 23584),)),
    District("St Albans", "E10000015", FRINGE, ((23664, 23749), (33028, 33029))),
    District("Three Rivers", "E10000015", FRINGE, ((23802, 23854),)),
    District("Watford", "E10000015", FRINGE, ((23855, 23907),)),
    District("Welwyn Hatfield", "E10000015", FRINGE, ((23908, 23971), (33308, 33314))),
    District("Dartford", "E10000016", FRINGE, ((24132, 24189),)),
    District("Sevenoaks", "E10000016", FRINGE, ((24413, 24485), (32619, 32619))),
    District("Crawley", "E10000032", FRINGE, ((31546, 31610), (32835, 32836))),
)
"""The Opportunity Areas of 2017 that are districts, and the parts of five authorities that the
formula counts to the London fringe, as in the School Teachers' Pay and Conditions Document."""


def district_of(codes: NDArray[np.str_]) -> NDArray[np.int64]:
    """Return for each code of a small area its place in `DISTRICTS`, from 1; 0 if in none.

    >>> district_of(np.array(["E01000001", "E01026791", "E01032836"])).tolist()
    [0, 1, 24]
    """
    number = np.array([int(code[3:]) for code in codes])
    found = np.zeros(len(number), np.int64)
    for place, district in enumerate(DISTRICTS, start=1):
        for first, last in district.runs:
            found[(number >= first) & (number <= last)] = place
    return found
