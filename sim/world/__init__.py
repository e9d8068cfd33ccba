"""The world that policy meets: areas, small areas, schools and children."""

from sim.world.build import build
from sim.world.tables import Areas, Schools, SmallAreas, World

__all__ = ["Areas", "Schools", "SmallAreas", "World", "build"]
