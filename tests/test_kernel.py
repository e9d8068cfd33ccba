"""The decorator of all kernels."""

from __future__ import annotations

import math

import numba
import pytest

from sim.kernel import CACHE_FOLDER, kernel


@kernel
def divide(above: float, below: float) -> float:
    return above / below


@kernel
def half(number: float) -> float:
    return number / 2.0


@kernel
def quarter(number: float) -> float:
    return half(half(number))


def test_division_by_zero_is_infinite_as_in_numpy() -> None:
    assert divide(1.0, 0.0) == math.inf
    assert math.isnan(divide(0.0, 0.0))


def test_kernels_call_kernels() -> None:
    assert quarter(10.0) == 2.5


def test_kernels_are_kept_in_our_folder_even_when_numba_reads_its_settings_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")

    @kernel
    def late(number: int) -> int:
        return number + 1

    assert str(CACHE_FOLDER) == numba.config.CACHE_DIR
    assert late(1) == 2
    assert late.stats.cache_path.startswith(str(CACHE_FOLDER))
