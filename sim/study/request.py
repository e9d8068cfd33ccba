"""What is to be compared: settings by scenario, which cells of them, and what is asked besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sim.config import Settings
from sim.study.batch import groups_of

__all__ = ["Groups", "Request", "called", "label_of", "response_of"]

Groups = list[list[Settings]]


@dataclass(frozen=True)
class Request:
    """What is to be compared: settings by scenario, cells at the ends of a belief, the words.

    ``places``: codes of the areas that get rows of their own. ``only``: of a record run again, what
    its cells are called; no others are run. Empty: all.
    """

    every: tuple[Settings, ...]
    ends: Mapping[float, Groups] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    against: str = "baseline"
    places: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()

    @property
    def groups(self) -> Groups:
        """The cells to run, grouped by the past they share, but for those at the ends."""
        return self._chosen(groups_of(self.every))

    @property
    def groups_at_ends(self) -> Mapping[float, Groups]:
        """The cells to run at each end of a belief."""
        found = {end: self._chosen(groups) for end, groups in self.ends.items()}
        return {end: groups for end, groups in found.items() if groups}

    def without(self, scenario: str) -> Request | None:
        """Return the request without a policy, or None if it cannot be carried out so."""
        rest = tuple(one for one in self.every if one.scenario != scenario)
        if len(rest) <= 1 or scenario in ("baseline", self.against):
            return None
        ends = {
            end: [[cell for cell in group if cell.scenario != scenario] for group in groups]
            for end, groups in self.ends.items()
        }
        return replace(self, every=rest, ends=ends)

    def _chosen(self, groups: Groups) -> Groups:
        if not self.only:
            return groups
        chosen = ([cell for cell in group if called(cell) in self.only] for group in groups)
        return [group for group in chosen if group]


def called(cell: Settings) -> str:
    """Return what a cell is called in a record."""
    return label_of(cell.scenario, cell.draw, cell.replicate, response_of(cell))


def label_of(scenario: str, draw: int, replicate: int, response: float) -> str:
    """Write what tells a cell from the others of its comparison."""
    return f"{scenario}, draw {draw}, replicate {replicate}, vacancy response {response:g}"


def response_of(cell: Settings) -> float:
    """Return how far posts follow those who qualify: what sets a cell at one of the ends apart."""
    value = cell.beliefs.records["recruitment"]["vacancy_response"].value
    assert not isinstance(value, tuple)
    return value
