"""Formulae written in pounds, as ``sim list rates`` gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.codes import PENCE
from sim.config import compose, config_root
from sim.config.formula import FACTORS, WRITTEN

if TYPE_CHECKING:
    from sim.config.formula import Formula

__all__ = ["rates"]

Record = dict[str, Any]


def rates(settings: Sequence[str] = ()) -> list[Record]:
    """Return every formula written in pounds that comes with the project, with its rates."""
    from sim.config.scan import read_yaml

    records = []
    for path in sorted((config_root() / "rates").glob("*.yaml")):
        asked = f"baseline@policy.funding.rule={WRITTEN},policy.funding.rates={path.stem}"
        funding = compose(asked).policy.funding
        assert funding.rates is not None, "a written formula"
        records.append(
            {
                "name": path.stem,
                "title": str(read_yaml(path)[0]["title"]),
                "use": f"policy.funding.rule={WRITTEN} policy.funding.rates={path.stem}",
                "solve": funding.rates.solve,
                "rates_gbp": _pounds(funding.rates),
                "area_cost": funding.rates.area_cost,
                "floor": funding.floor,
                "closure": funding.closure,
                "file": str(path),
            }
        )
    return records


def _pounds(formula: Formula) -> Record:
    """Return the rates of a formula in pounds, by factor and what they are for."""
    told = {}
    for factor in FACTORS:
        pounds = {part.replace(".", " "): p / PENCE for part, p in formula.pence(factor).items()}
        if any(pounds.values()):
            alike = len(set(pounds.values())) == 1
            told[factor] = next(iter(pounds.values())) if alike else pounds
    return told
