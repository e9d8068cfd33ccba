"""The state of a run: everything that processes of the year read and write, with its types."""

from sim.nation.after import After, Workplace, by_grade
from sim.nation.made import Bought, Choices, Made, Sitting, YearResults
from sim.nation.memory import Leavers, Memory
from sim.nation.nation import YEAR_ZERO, Agents, Nation
from sim.nation.terms import Terms

__all__ = [
    "YEAR_ZERO",
    "After",
    "Agents",
    "Bought",
    "Choices",
    "Leavers",
    "Made",
    "Memory",
    "Nation",
    "Sitting",
    "Terms",
    "Workplace",
    "YearResults",
    "by_grade",
]
