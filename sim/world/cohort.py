"""A cohort: all who were born in one year, one row a person, children or adults."""

from __future__ import annotations

from sim.codes import STARTING_AGE
from sim.columns import Table

__all__ = ["Cohort"]


class Cohort(Table):
    """A block of people of one birth year."""

    def __init__(self, rows: int, birth_year: int):
        super().__init__(rows)
        self.birth_year = birth_year

    def grade(self, year: int) -> int:
        """Return the year group of the school year that ends in ``year``.

        0 is Reception, 11 the last year of school; afterwards the count goes on.
        """
        return year - STARTING_AGE - self.birth_year
