"""The year itself: one file a process, and the model that lives them in order."""

from sim.model.model import ORDER, Past, SchoolsModel
from sim.nation import YEAR_ZERO

__all__ = ["ORDER", "YEAR_ZERO", "Past", "SchoolsModel"]
