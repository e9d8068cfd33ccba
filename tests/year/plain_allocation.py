"""The baseline allocation written again in plain Python: integers and fractions, school by school.

An independent twin of `sim.year.allocation` under rule ``nff`` with ``pupil_need`` (or no) money,
slow and obvious, to which the arrays must be equal to the penny.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from sim.data.base_year import base_year
from sim.data.rates import Rates, nff_rates
from sim.funding.census import Census

Line = dict[str, int]


def half_up(value: Fraction) -> int:
    return int((2 * value + 1) // 2)


def share(pot: int, rows: list[tuple[int, int, int]]) -> tuple[list[int], int]:
    """Share a pot over (weight, key, times), by largest remainder."""
    whole = sum(weight * times for weight, _, times in rows)
    if whole == 0:
        return [0] * len(rows), pot
    shares = [pot * weight // whole for weight, _, _ in rows]
    left = pot - sum(s * times for s, (_, _, times) in zip(shares, rows, strict=True))
    order = sorted(
        range(len(rows)),
        key=lambda i: (-(pot * rows[i][0] % whole), -rows[i][0], rows[i][1]),
    )
    for i in order:
        if left < rows[i][2]:
            break
        shares[i], left = shares[i] + 1, left - rows[i][2]
    return shares, left


def lines_of(c: Census, i: int, r: Rates) -> Line:
    k, n = int(c.phase[i]), int(c.pupils[i])
    cost = Fraction(int(c.area_cost[i]), 10_000)
    basic = n * r.basic[0] if k == 0 else int(c.ks3[i]) * r.basic[1] + int(c.ks4[i]) * r.basic[2]
    years, limit = ((7, Fraction(214, 10)), (5, Fraction(120)))[k]
    far_from = (2, 3)[k]
    per_year, miles = Fraction(n, years), Fraction(int(c.miles[i]), 1000)
    size = min(Fraction(1), max(Fraction(0), 2 - 2 * per_year / limit))
    start = Fraction(4, 5) * far_from
    distance = min(Fraction(1), max(Fraction(0), (miles - start) / (far_from - start)))
    movers = max(Fraction(0), int(c.mobile[i]) - Fraction(6, 100) * n)
    raw = {
        "basic": Fraction(basic),
        "fsm": Fraction(int(c.fsm[i]) * r.fsm[k]),
        "fsm6": Fraction(int(c.ever6[i]) * r.fsm6[k]),
        "idaci": Fraction(sum(int(c.idaci[i, b]) * r.idaci[k][b] for b in range(6))),
        "low_prior": Fraction(int(c.low_prior[i]) * r.low_prior[k]),
        "eal": Fraction(int(c.eal3[i]) * r.eal[k]),
        "mobility": movers * r.mobility[k],
        "lump": Fraction(r.lump),
        "sparsity": r.sparsity[k] * size * distance,
    }
    return {clause: half_up(amount * cost) for clause, amount in raw.items()}


def level_of(c: Census, i: int, r: Rates) -> int:
    if c.phase[i] == 0:
        return int(c.pupils[i]) * r.minimum[0]
    return half_up(int(c.pupils[i]) * Fraction(3 * r.minimum[1] + 2 * r.minimum[2], 5))


@dataclass
class PlainMemory:
    led: dict[int, tuple[int, int]] = field(default_factory=dict)
    year_0: dict[int, tuple[int, int]] = field(default_factory=dict)


def plain_allocate(
    c: Census, memory: PlainMemory, year: int, first: bool, envelope: int = 0
) -> list[Line]:
    """Return the lines of every school; ``envelope`` in pounds goes to disadvantaged pupils."""
    r, before = nff_rates(), nff_rates("2023-24")
    every = range(len(c))
    lines = [lines_of(c, i, r) for i in every]
    aside = [line["lump"] + line["sparsity"] for line in lines]
    held = []
    for i in every:
        if first:
            last = max(sum(lines_of(c, i, before).values()), level_of(c, i, before)) - aside[i]
            factor = Fraction(1005, 1000)
        else:
            led, pupils = memory.led[int(c.school[i])]
            last, factor = half_up(Fraction(led * int(c.pupils[i]), pupils)), Fraction(991, 1000)
        held.append(half_up(last * factor))
    if year > 0:
        for phase in (0, 1):
            _balance(c, phase, r, lines, [h + a for h, a in zip(held, aside, strict=True)], memory)
    for i in every:
        core = sum(lines[i].values())
        lines[i]["minimum"] = max(0, level_of(c, i, r) - core)
        lines[i]["floor"] = max(0, held[i] - (core + lines[i]["minimum"] - aside[i]))
        paid = sum(lines[i].values())
        memory.led[int(c.school[i])] = (paid - aside[i], int(c.pupils[i]))
    if year == 0:
        memory.year_0 = {p: _paid(c, p, lines) for p in (0, 1)}
    if year > 0 and envelope:
        for phase in (0, 1):
            _target(c, phase, lines, memory, envelope)
    return lines


def _paid(c: Census, phase: int, lines: list[Line]) -> tuple[int, int]:
    rows = [i for i in range(len(c)) if c.phase[i] == phase]
    pence = sum(int(c.multiplicity[i]) * sum(lines[i].values()) for i in rows)
    return pence, sum(int(c.multiplicity[i] * c.pupils[i]) for i in rows)


def _pot(c: Census, phase: int, memory: PlainMemory) -> int:
    pence, roll = memory.year_0[phase]
    now = sum(
        int(m * n) for m, n, p in zip(c.multiplicity, c.pupils, c.phase, strict=True) if p == phase
    )
    return half_up(Fraction(pence * now, roll))


def _balance(
    c: Census, phase: int, r: Rates, lines: list[Line], held: list[int], memory: PlainMemory
) -> None:
    """Find the rate at which the pot is met by trying every set of schools below their rate."""
    rows = [i for i in range(len(c)) if c.phase[i] == phase]
    times = {i: int(c.multiplicity[i]) for i in rows}
    fixed = {i: sum(lines[i].values()) - lines[i]["basic"] for i in rows}
    kept = {i: max(held[i], level_of(c, i, r)) for i in rows}
    pot = _pot(c, phase, memory)
    # A school rises above its protection at this rate; walk up until the pot is spent.
    rises = {i: Fraction(kept[i] - fixed[i], lines[i]["basic"]) for i in rows}
    above: list[int] = []
    spare, whole = pot - sum(times[i] * kept[i] for i in rows), 0
    rate = Fraction(0)
    for i in sorted(rows, key=lambda row: rises[row]):
        if above and Fraction(spare, whole) <= rises[i]:
            break
        above.append(i)
        spare += times[i] * (kept[i] - fixed[i])
        whole += times[i] * lines[i]["basic"]
    rate = Fraction(spare, whole)
    shares, _ = share(spare, [(lines[i]["basic"], int(c.school[i]), times[i]) for i in above])
    given = dict(zip(above, shares, strict=True))
    for i in rows:
        lines[i]["basic"] = given.get(i, half_up(rate * lines[i]["basic"]))


def _target(c: Census, phase: int, lines: list[Line], memory: PlainMemory, envelope: int) -> None:
    rows = [i for i in range(len(c)) if c.phase[i] == phase]
    pot = _pot(c, phase, memory)
    short = pot - sum(int(c.multiplicity[i]) * sum(lines[i].values()) for i in rows)
    due = half_up(Fraction(pot * envelope, base_year().england_pot))
    keys = [(int(c.school[i]), int(c.multiplicity[i])) for i in rows]
    taken, left = share(due, [(lines[i]["basic"], *key) for i, key in zip(rows, keys, strict=True)])
    weights = [(int(c.ever6[i]), *key) for i, key in zip(rows, keys, strict=True)]
    given, _ = share(due - left + short, weights)
    for i, minus, plus in zip(rows, taken, given, strict=True):
        lines[i] |= {"slice": -minus, "targeted": plus}
