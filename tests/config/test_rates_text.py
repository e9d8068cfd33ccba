"""A formula that is written as a file is read as the same formula."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config import compose
from sim.config.rates_text import file_of

FILES = ["nff_2023_24", "nff_2024_25", "nff_2025_26"]
MINE = "basic: 5000\nfsm6: 2500.50\nlump: {primary: 1, secondary: 2}\narea_cost: false\n"
MORE = "cap: 0.02\nclosure: external\nsolve: none\nfloor: 0.01\ntransition: 3\n"


@pytest.mark.parametrize("name", [*FILES, "mine", "more"])
def test_what_is_written_is_read(name: str, tmp_path: Path) -> None:
    own = tmp_path / f"{name}.yaml"
    own.write_text(MINE + (MORE if name == "more" else "solve: basic\n"), encoding="utf-8")
    asked = f"baseline@policy.funding.rule=rates,policy.funding.rates={name}"
    first = compose(asked if name in FILES else str(own)).policy.funding
    path = tmp_path / "again.yaml"
    path.write_text(file_of(first, 'A "title": here', "Label", "one\ntwo"), encoding="utf-8")
    again = compose(str(path))
    assert (again.title, again.label) == ('A "title": here', "Label")
    assert first.rates is not None
    assert again.policy.funding == first.model_copy(
        update={"rates": first.rates.model_copy(update={"name": "again"})}
    )
