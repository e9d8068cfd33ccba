"""Who gets which place, written again with lists and dictionaries."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


def deferred_acceptance(
    choices: list[list[int]], priority: list[list[float]], ids: list[int], seats: list[int]
) -> list[int]:
    """Gale and Shapley, round by round: everybody without a place asks the next one at once."""
    got = [-1] * len(ids)
    asked = [0] * len(ids)
    held: list[list[tuple[float, int, int]]] = [[] for _ in seats]
    while True:
        asking = [
            i
            for i in range(len(ids))
            if got[i] < 0 and asked[i] < len(choices[i]) and choices[i][asked[i]] >= 0
        ]
        if not asking:
            return got
        for i in asking:
            rank = asked[i]
            asked[i] += 1
            held[choices[i][rank]].append((priority[i][rank], ids[i], i))
        for place, candidates in enumerate(held):
            candidates.sort()
            for _, _, i in candidates[seats[place] :]:
                got[i] = -1
            del candidates[seats[place] :]
            for _, _, i in candidates:
                got[i] = place


def stable(
    choices: list[list[int]], priority: list[list[float]], ids: list[int], seats: list[int],
    got: list[int],
) -> bool:  # fmt: skip
    """Whether nobody prefers a place that has room, or that prefers them to somebody it holds."""
    views = [
        {place: (priority[i][r], ids[i]) for r, place in enumerate(row) if place >= 0}
        for i, row in enumerate(choices)
    ]
    held: dict[int, list[tuple[float, int]]] = {place: [] for place in range(len(seats))}
    for i, place in enumerate(got):
        if place >= 0:
            held[place].append(views[i][place])
    for i, row in enumerate(choices):
        for place in row:
            if place < 0 or place == got[i]:
                break
            if len(held[place]) < seats[place]:
                return False
            if seats[place] and views[i][place] < max(held[place]):
                return False
    return all(len(held[place]) <= seats[place] for place in held)


@dataclass
class Moves:
    """Children in the order of their turn, each taking the nearest school that has room."""

    near: list[list[int]]
    seats: dict[int, int]
    genders: list[int]
    held: dict[int, int] = field(default_factory=dict)
    over: int = 0

    def room(self, school: int) -> bool:
        return self.held.get(school, 0) < self.seats[school]

    def take(self, school: int) -> int:
        self.held[school] = self.held.get(school, 0) + 1
        return school

    def open(self, home: int, girl: bool) -> list[int]:
        """Schools near a home that take girls, or boys, nearest first."""
        shut = 1 if girl else 2
        return [s for s in self.near[home] if s >= 0 and self.genders[s] != shut]

    def fill(self, home: int, girl: bool) -> int:
        """Place of a child without an offer: the nearest with room, else the least crowded near."""
        known = self.open(home, girl)
        for school in known:
            if self.room(school):
                return self.take(school)
        self.over += 1
        if not known:
            return self.take(self.near[home][0])
        return self.take(min(known, key=lambda s: (self.held.get(s, 0) + 1) / self.seats[s]))

    def change(self, home: int, girl: bool, now: int | None, selective: set[int]) -> int | None:
        """School of a child that wants another; None: it has none and finds no room either."""
        for school in self.open(home, girl):
            if school != now and school not in selective and self.room(school):
                if now is not None:
                    self.held[now] -= 1
                return self.take(school)
        nearest = (self.open(home, girl) or self.near[home])[0]
        return now if now is not None else self.take(nearest)


def in_turn(rows: list[int], ids: list[int], lottery: list[int]) -> list[int]:
    """Rows by lottery, ties by id."""
    return sorted(rows, key=lambda i: (lottery[i], ids[i]))


def counting_sort(school: list[int], first: int, schools: int) -> tuple[list[int], list[int]]:
    """Where each school begins, and rows in order; those on no roll last. Stable."""
    place = [min(s - first, schools) for s in school]
    order = sorted(range(len(school)), key=lambda i: place[i])
    ends = np.cumsum(np.bincount(place, minlength=schools + 1)).tolist()
    return [0, *ends], order
