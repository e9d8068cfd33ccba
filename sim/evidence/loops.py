"""What each feedback does to what a policy gains: the gain with all of them, and with one off.

A policy changes results; results change whom schools teach, what they buy and who teaches there;
and so results again. Each row is a past of its own with one of these turned off, from which the
baseline and every policy branch under the same luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from sim.codes import STAGE_KS4
from sim.config import Settings, compose_all
from sim.evidence.results import Results
from sim.model import Past, SchoolsModel

__all__ = ["LOOPS", "POLICIES", "Row", "loops", "table"]

POLICIES = ("pupil_need", "gap_triggered", "teacher_retention_pay")

LOOPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "all of them": (),
        "teachers hear of no money": ("switches.teachers_market=false",),
        "all schools staffed alike": ("switches.teachers=false",),
        "families do not follow results": ("switches.reputation=false",),
        "classmates change no child": ("switches.peers=false",),
        "support does not depend on how many need it": ("switches.critical_mass=false",),
        "practice does not spread": ("switches.practice=false",),
        "no programmes, all margin to staff": ("switches.plans=false",),
        "gains last for ever": ("switches.fade=false",),
        "a pound always does the same": ("beliefs.money.saturation=0",),
        "a pound does more where many are poor": ("beliefs.money.concentration=1",),
        "a pound does less where many are poor": ("beliefs.money.concentration=-1",),
    }
)
"""What is turned off, or held at an end, in each row."""


@dataclass(frozen=True)
class Row:
    """What policies gain with one feedback off.

    Attributes:
        name: What is off.
        gains: By policy, the gain of each replicate: Attainment 8 points of disadvantaged pupils.
    """

    name: str
    gains: Mapping[str, tuple[float, ...]]

    def mean(self, policy: str) -> float:
        """Return the mean gain under a policy."""
        return float(np.mean(self.gains[policy]))


def loops(
    words: Sequence[str],
    names: Iterable[str] = LOOPS,
    replicates: int = 2,
    said: Callable[[str], None] = lambda _: None,
) -> list[Row]:
    """Measure rows of the table.

    Args:
        words: ``key=value``: the world, the years; the last of these is looked at.
        names: Rows of `LOOPS`.
        replicates: Synthetic Englands for each.
        said: Told the name of each row when it begins.
    """
    found = []
    for name in names:
        said(name)
        told = [*words, *LOOPS[name]]
        each = [_gains([*told, f"replicate={n}"]) for n in range(replicates)]
        found.append(Row(name, {p: tuple(one[p] for one in each) for p in POLICIES}))
    return found


def _gains(words: Sequence[str]) -> dict[str, float]:
    """Return what each policy gains on the baseline, from one past."""
    baseline, *policies = compose_all(("baseline", *POLICIES), words)
    past = SchoolsModel(baseline).live_past()
    before = _headline(baseline, past.copy())
    return {one.scenario: _headline(one, past.copy()) - before for one in policies}


def _headline(settings: Settings, past: Past) -> float:
    """Return Attainment 8 of disadvantaged pupils in the last year."""
    found = []

    def look(model: SchoolsModel) -> None:
        if model.policy_year == settings.years:
            ks4 = Results.of(model, model.nation.made.sittings[STAGE_KS4])
            found.append(ks4.mean(ks4.points, ks4.dis))

    model = SchoolsModel(settings, past)
    model.watch = look
    model.run()
    model.close()
    return float(found[0])


def table(rows: Sequence[Row]) -> str:
    """Write rows as a table in Markdown.

    >>> one = Row("all of them", {policy: (0.2, 0.3) for policy in POLICIES})
    >>> print(table([one]).splitlines()[2])
    | all of them | +0.25 | +0.25 | +0.25 |
    """
    lines = [f"| what is off | {' | '.join(f'`{policy}`' for policy in POLICIES)} |"]
    lines.append("| --- |" + " ---: |" * len(POLICIES))
    for row in rows:
        cells = " | ".join(f"{row.mean(policy):+.2f}" for policy in POLICIES)
        lines.append(f"| {row.name} | {cells} |")
    return "\n".join(lines)
