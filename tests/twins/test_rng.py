"""Random numbers equal their plain twins bit for bit, and the published answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import rng
from sim.rng import Key, Purpose
from tests.twins import plain_rng as plain

ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
"""Known answers that come with Random123, the authors' own code."""

word = st.integers(0, 0xFFFFFFFF)
four = st.tuples(word, word, word, word)


def philox(counter: plain.Words, key: tuple[int, int]) -> plain.Words:
    found = rng.philox(*map(np.uint64, counter), *map(np.uint64, key))
    return tuple(map(int, found))


@pytest.mark.parametrize(("counter", "key", "answer"), ANSWERS)
def test_published_answers_are_met(
    counter: plain.Words, key: tuple[int, int], answer: plain.Words
) -> None:
    assert philox(counter, key) == answer
    assert plain.philox(counter, key) == answer
    block = np.array(counter, np.uint32)[:, None].repeat(3, axis=1)
    rng.philox_block(*block, *map(np.uint32, key))
    assert block.T.tolist() == [list(answer)] * 3


@given(four, st.tuples(word, word))
def test_one_counter_equals_its_twin(counter: plain.Words, key: tuple[int, int]) -> None:
    assert philox(counter, key) == plain.philox(counter, key)


@given(st.lists(four, min_size=1, max_size=20), st.tuples(word, word))
def test_a_block_equals_its_counters_one_by_one(
    counters: list[plain.Words], key: tuple[int, int]
) -> None:
    block = np.array(counters, np.uint32).T.copy()
    rng.philox_block(*block, *map(np.uint32, key))
    assert block.T.tolist() == [list(plain.philox(counter, key)) for counter in counters]


@pytest.mark.parametrize("many", [1, rng.BLOCK - 1, rng.BLOCK, rng.BLOCK + 1, 3 * rng.BLOCK + 7])
def test_words_are_keyed_by_who_when_why_and_about_whom(many: int) -> None:
    ids = np.arange(many, dtype=np.uint32) * np.uint32(2654435761)
    found = rng.words(Key(7, 9), ids, Purpose.YEAR, year=2031, slot=5, other=77)
    for i in {0, many // 2, many - 1}:
        told = plain.words((7, 9), int(ids[i]), 8, year=2031, slot=5, other=77)
        assert found[:, i].tolist() == list(told)


def edges() -> list[int]:
    """Words at the ends, at powers of two, and where the logarithm and the tail change hands."""
    near = [2**k + d for k in range(33) for d in (-513, -512, -257, -256, -1, 0, 1, 255, 256, 512)]
    tails = [int(p * 2**32) + d for p in (0.0034, 0.1464, 0.5, 0.8535, 0.9966) for d in (0, 512)]
    return sorted({n for n in near + tails if 0 <= n <= 0xFFFFFFFF})


def sample(count: int) -> list[int]:
    return np.random.default_rng(5).integers(0, 2**32, count).tolist() + edges()


def test_uniforms_equal_their_twin() -> None:
    drawn = sample(4000)
    found = rng.uniforms(np.array(drawn, np.uint32))
    told = np.array([plain.uniform(n) for n in drawn], np.float32)
    assert np.array_equal(found.view(np.uint32), told.view(np.uint32))


def test_normals_equal_their_twin() -> None:
    drawn = sample(4000)
    found = rng.normals(np.array(drawn, np.uint32))
    told = np.array([plain.normal(n) for n in drawn], np.float32)
    assert np.array_equal(found.view(np.uint32), told.view(np.uint32))


def test_the_logarithm_equals_its_twin_and_nearly_the_library() -> None:
    points = np.float32(1.0) - np.random.default_rng(1).random(3000, dtype=np.float32)
    points = np.concatenate([points, np.float32(2.0) ** -np.arange(24, dtype=np.float32)])
    for x in points.tolist():
        found = np.float32(rng.log32(np.float32(x)))
        assert found.view(np.uint32) == plain.log32(np.float32(x)).view(np.uint32)
        assert found == pytest.approx(np.log(x), rel=3e-7, abs=1e-7)
