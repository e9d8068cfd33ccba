"""The solver of heritage terms: it gives back the national table of a population made up."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri

from sim.codes import HERITAGE_COUNT
from sim.evidence import fit_heritage as fit
from sim.evidence.heritage import BROAD, IN_CELLS, Shown, Told, cells_of, told

SIZE = 60_000
CARRY = fit.Carry(0.5, 0.7)
NAMES = [field.name for field in fields(fit.HeritageTerms)]
ONE_SD = 20.0


def drawn(seed: int, size: float) -> fit.HeritageTerms:
    """Terms at random; White British pupils have no level of their own."""
    draw = np.random.default_rng(seed)
    values = {}
    for name in NAMES:
        values[name] = size * draw.standard_normal(5 if "gap" in name else HERITAGE_COUNT)
        if "gap" not in name:
            values[name][0] = 0
    return fit.HeritageTerms(**values)


class Made:
    """A few children who learn in three stages by nothing but their group, side and luck."""

    def __init__(self) -> None:
        draw = np.random.default_rng(0)
        chances = np.array([0.5, *[0.05] * (HERITAGE_COUNT - 1)])
        self.heritage = draw.choice(HERITAGE_COUNT, SIZE, p=chances).astype(np.int8)
        self.poor = draw.random(SIZE) < 0.2 + 0.02 * self.heritage
        self.luck = draw.standard_normal((3, SIZE)) * np.array([[0.9], [0.8], [0.6]])
        self.late = draw.random(SIZE) < 0.1

    def read(self, terms: fit.HeritageTerms) -> Shown:
        """The national table under some terms."""
        level, latent = np.zeros(SIZE), []
        for stage, carry, luck in zip(
            ("early", "primary", "secondary"), (0, CARRY.primary, CARRY.secondary), self.luck,
            strict=True,
        ):  # fmt: skip
            given = getattr(terms, f"heritage_{stage}")[self.heritage]
            given = given + getattr(terms, f"gap_{stage}")[BROAD][self.heritage] * self.poor
            level = carry * level + given + luck
            latent.append(level)
        middle, spread = np.array([x.mean() for x in latent]), np.array([x.std() for x in latent])
        z = [(x - m) / s for x, m, s in zip(latent, middle, spread, strict=True)]
        points = 46 + ONE_SD * z[2]
        slope, start = np.polyfit(z[1], points / 10, 1)
        gained = np.where(self.late, np.nan, points / 10 - start - slope * z[1])

        def cells(values: Any) -> Any:
            return cells_of(self.heritage, self.poor, np.asarray(values, float), np.ones(SIZE))

        def gap(values: Any) -> float:
            return float(np.nanmean(values[~self.poor]) - np.nanmean(values[self.poor]))

        return Shown(
            cells(z[0] > 0.1), cells(z[1] > -0.2), cells(points), cells(gained), middle, spread,
            (gap(gained), gap(points)),
        )  # fmt: skip


def as_told(seen: Shown) -> Told:
    """Publish what a population shows."""
    return Told(
        seen.early.everyone, seen.early.poor, seen.ks2.everyone, seen.ks2.poor,
        seen.progress8.everyone, seen.attainment8.everyone, seen.progress8.gap(IN_CELLS),
        seen.attainment8.gap(IN_CELLS), seen.gaps,
    )  # fmt: skip


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_the_fixed_point_gives_back_the_national_table(weight: float) -> None:
    made = Made()
    want = as_told(made.read(drawn(1, 0.2)))
    terms, seen = fit.solve(
        made.read, drawn(2, 0.0), want, CARRY, passes=12, weight=weight, scale=ONE_SD
    )
    assert np.abs(seen.early.everyone - want.early).max() < 0.01
    assert np.abs(seen.ks2.everyone - want.ks2).max() < 0.01
    assert np.abs(seen.progress8.everyone - want.progress8).max() < 0.03
    assert np.abs(seen.attainment8.everyone - want.attainment8).max() < 0.3
    assert np.abs(seen.progress8.gap(IN_CELLS) - want.progress8_gap).max() < 0.03
    assert np.abs(seen.attainment8.gap(IN_CELLS) - want.attainment8_gap).max() < 0.3
    assert seen.gaps == pytest.approx(want.gaps, rel=0.03)
    for name in NAMES:
        assert getattr(terms, name) == pytest.approx(getattr(drawn(1, 0.2), name), abs=0.06), name


def test_four_passes_come_within_a_tenth_of_where_it_began() -> None:
    made = Made()
    want = as_told(made.read(drawn(1, 0.2)))
    begun = made.read(drawn(2, 0.0))
    _, seen = fit.solve(made.read, drawn(2, 0.0), want, CARRY, weight=0.5, scale=ONE_SD)
    for name in ("early", "ks2"):
        missed = [
            np.abs(ndtri(getattr(s, name).everyone) - ndtri(getattr(want, name))).max()
            for s in (begun, seen)
        ]
        assert missed[1] < 0.1 * missed[0] + 0.01, name


def test_the_published_table_has_every_group_and_both_kinds_of_gaps() -> None:
    want = told()
    sizes = {field.name: np.size(getattr(want, field.name)) for field in fields(Told)}
    assert [n for n, size in sizes.items() if size == HERITAGE_COUNT] == [
        "early", "early_poor", "ks2", "ks2_poor", "progress8", "attainment8",
    ]  # fmt: skip
    assert (sizes["progress8_gap"], sizes["attainment8_gap"]) == (5, 5)
    assert (want.early_poor < want.early).all() and (want.ks2_poor < want.ks2).all()
    assert want.progress8_gap.argmax() == 0, "White British pupils have the widest gap"


def test_help_says_what_it_does_and_a_slip_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        fit.main(["--help"])
    assert stopped.value.code == 0
    assert "world=england" in capsys.readouterr().out
    assert fit.main(["world=englnd"]) == 2
    assert "england" in capsys.readouterr().err
