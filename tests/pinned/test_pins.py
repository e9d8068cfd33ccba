"""Nothing moves by accident: two cells hold what they held, and ten numbers are what they were."""

from __future__ import annotations

import json
from typing import Any

import pytest
import xarray as xr

from sim.config import compose, compose_all
from sim.config.beliefs import Beliefs
from tests.pinned import pins

MOVED = "results moved. Where that was meant: make pins, and keep the difference in its own commit"


@pytest.fixture(scope="module")
def cells() -> dict[str, xr.Dataset]:
    return pins.lived()


@pytest.fixture(scope="module")
def pinned() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(pins.PINS.read_text())
    return found


def test_both_cells_hold_what_they_held(
    cells: dict[str, xr.Dataset], pinned: dict[str, Any]
) -> None:
    if pins.made_with() != pinned["made_with"]:
        pytest.skip("pinned with other libraries or on another machine: last bits may differ")
    assert pins.digests(cells) == pinned["digests"], MOVED


def test_ten_numbers_are_what_they_were(
    cells: dict[str, xr.Dataset], pinned: dict[str, Any]
) -> None:
    found = pins.numbers(cells)
    assert len(found) == 10
    assert found == pytest.approx(pinned["numbers"], rel=1e-6), MOVED


def test_names_of_cells_and_of_the_code_are_no_part_of_a_pin(cells: dict[str, xr.Dataset]) -> None:
    renamed = {
        name: cell.assign_attrs(digest="another", title="another", scenario="another")
        for name, cell in cells.items()
    }
    assert pins.digests(renamed) == pins.digests(cells)


def test_the_kind_of_a_belief_moves_no_central_value() -> None:
    """Pins are of draw 0: which beliefs other draws move is nothing to them."""
    beliefs = compose("baseline", ("world=tiny",)).beliefs
    turned = Beliefs.model_construct(
        records={
            group: {
                name: one.model_copy(
                    update={"kind": "level" if one.kind == "response" else "response"}
                )
                for name, one in named.items()
            }
            for group, named in beliefs.records.items()
        }
    )
    assert turned.drawn(0, 1).values == beliefs.values
    assert turned.drawn(1, 1).values != beliefs.drawn(1, 1).values


def test_what_is_pinned_is_run_at_central_beliefs() -> None:
    assert all(one.draw == 0 for one in compose_all(pins.SCENARIOS, ("world=tiny",)))
