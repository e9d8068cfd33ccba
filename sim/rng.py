"""Keyed random numbers: every draw answers who, when, why and about whom.

A draw is a function of its key and nothing else: not of the order of the loop, the number of
threads, who else is simulated or which scenario runs. So two scenarios share every child's luck,
and a difference between them is caused by the policy.

The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, *Parallel random numbers: as
easy as 1, 2, 3*): counter = (id, year and slot, purpose, other party), key = (seed, replicate).
One call gives four words of 32 bits; those of each purpose have their names in `sim.codes`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.arrays import Wholes
from sim.codes import TIME_BITS, Purpose, fit
from sim.kernel import inlined, kernel

__all__ = [
    "BLOCK",
    "BYTE_NORMALS",
    "Key",
    "Luck",
    "Purpose",
    "draw",
    "draw_block",
    "lock",
    "luck",
    "normal",
    "normals",
    "philox",
    "philox_block",
    "uniform",
    "uniforms",
    "when",
    "words",
]

BLOCK = 1024
BYTE_NORMALS = ndtri((np.arange(256) + 0.5) / 256)
"""Normal quantiles at the middles of 256 equally likely steps: luck that is a byte of a word."""
_MASK = np.uint64(0xFFFFFFFF)
_S32 = np.uint64(32)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_F = np.float32
_2M24 = _F(2.0**-24)
_BELOW_ONE = _F(1 - 2.0**-24)


class Key(NamedTuple):
    """The two words that separate whole runs, each below 2^32."""

    seed: int
    replicate: int


class Luck(NamedTuple):
    """What a kernel needs to draw: the time of the draws, as `when` packs it, and the key."""

    when: np.uint32
    k0: np.uint32
    k1: np.uint32


@inlined
def _rounds(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Scramble a counter in ten rounds, as part of whatever kernel needs it."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c2 = (p1 >> _S32) ^ c1 ^ k0, (p0 >> _S32) ^ c3 ^ k1
        c1, c3 = p1 & _MASK, p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@kernel
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words (held in 64) of Philox4x32-10 for one counter and key."""
    return _rounds(c0, c1, c2, c3, k0, k1)


@kernel
def uniform(word: np.uint32) -> np.float32:
    """Turn a word into a float32 strictly between 0 and 1 (24 bits)."""
    # The highest words would be rounded to 1.
    return min(_F((_F(np.int32(word >> np.uint32(8))) + _F(0.5)) * _2M24), _BELOW_ONE)


@intrinsic
def _bits_of(typing: Any, value: Any) -> Any:
    """The 32 bits of a float32 as an int32."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.int32))

    return types.int32(types.float32), generate


@intrinsic
def _float_of(typing: Any, bits: Any) -> Any:
    """The float32 that 32 bits spell."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.float32))

    return types.float32(types.int32), generate


@kernel
def log32(x: np.float32) -> np.float32:
    """Natural logarithm of a float32 in (0, 1], relative error about 2e-7, no library call.

    Written with + - x / and bit moves only, so that its bits are the same on every machine.
    """
    bits: Any = _bits_of(x)  # type: ignore[call-arg]
    exponent = np.int32(bits >> np.int32(23)) - np.int32(126)
    m = _float_of(np.int32((bits & np.int32(0x007FFFFF)) | np.int32(0x3F000000)))
    low = m < _F(0.70710678)
    m = m * _F(2.0) if low else m
    e = _F(exponent) - _F(1.0) if low else _F(exponent)
    f = (m - _F(1.0)) / (m + _F(1.0))
    s = f * f
    tail = _F(0.4) + s * (_F(2.0 / 7.0) + s * _F(2.0 / 9.0))
    series = f * (_F(2.0) + s * (_F(2.0 / 3.0) + s * tail))
    return _F(series + e * _F(0.6931472))


@kernel
def normal(word: np.uint32) -> np.float32:
    """Turn a word into a standard normal float32 by the inverse distribution function.

    23 bits, branch-free; the largest value is 5.3 standard deviations. Polynomials: Giles (2010),
    *Approximating the erfinv function*, single precision; maximum error about 2e-6.
    """
    x = (_F(np.int32(word >> np.uint32(9))) + _F(0.5)) * _F(2.0**-22) - _F(1.0)
    w = -log32((_F(1.0) - x) * (_F(1.0) + x))
    v = w - _F(2.5)
    a = _F(3.43273939e-07) + _F(2.81022636e-08) * v
    a = _F(-3.5233877e-06) + a * v
    a = _F(-4.39150654e-06) + a * v
    a = _F(0.00021858087) + a * v
    a = _F(-0.00125372503) + a * v
    a = _F(-0.00417768164) + a * v
    a = _F(0.246640727) + a * v
    a = _F(1.50140941) + a * v
    u = np.sqrt(w) - _F(3.0)
    b = _F(0.000100950558) + _F(-0.000200214257) * u
    b = _F(0.00134934322) + b * u
    b = _F(-0.00367342844) + b * u
    b = _F(0.00573950773) + b * u
    b = _F(-0.0076224613) + b * u
    b = _F(0.00943887047) + b * u
    b = _F(1.00167406) + b * u
    b = _F(2.83297682) + b * u
    root = a if w < _F(5.0) else b
    return _F(_F(1.41421356) * root * x)


@inlined
def draw(
    who: np.uint32,
    when: np.uint32,
    purpose: np.uint32,
    other: np.uint32,
    k0: np.uint32,
    k1: np.uint32,
) -> tuple[np.uint32, np.uint32, np.uint32, np.uint32]:
    """Return the four words of one counter: `philox` in 32 bits, made for the middle of a loop."""
    c0, c1, c2, c3 = _rounds(
        np.uint64(who),
        np.uint64(when),
        np.uint64(purpose),
        np.uint64(other),
        np.uint64(k0),
        np.uint64(k1),
    )
    return np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)


@kernel
def philox_block(
    c0: NDArray[np.uint32],
    c1: NDArray[np.uint32],
    c2: NDArray[np.uint32],
    c3: NDArray[np.uint32],
    k0: np.uint32,
    k1: np.uint32,
) -> None:
    """Turn a block of counters into words, in place."""
    for i in range(c0.size):
        c0[i], c1[i], c2[i], c3[i] = draw(c0[i], c1[i], c2[i], c3[i], k0, k1)


@kernel
def draw_block(
    ids: NDArray[np.uint32],
    when: np.uint32,
    purpose: np.uint32,
    other: np.uint32,
    k0: np.uint32,
    k1: np.uint32,
    words: NDArray[np.uint32],
) -> None:
    """Write the words of up to `BLOCK` ids into the first columns of ``words`` (4, BLOCK)."""
    n = ids.size
    words[0, :n] = ids
    words[1, :n] = when
    words[2, :n] = purpose
    words[3, :n] = other
    philox_block(words[0, :n], words[1, :n], words[2, :n], words[3, :n], k0, k1)


@kernel
def _fill(
    ids: NDArray[np.uint32],
    when: np.uint32,
    purpose: np.uint32,
    other: np.uint32,
    k0: np.uint32,
    k1: np.uint32,
    out: NDArray[np.uint32],
) -> None:
    """Write the four words of each id into ``out`` (4, n)."""
    words = np.empty((4, BLOCK), np.uint32)
    for low in range(0, ids.size, BLOCK):
        part = ids[low : low + BLOCK]
        draw_block(part, when, purpose, other, k0, k1, words)
        out[:, low : low + part.size] = words[:, : part.size]


@kernel
def _uniform_all(source: NDArray[np.uint32], out: NDArray[np.float32]) -> None:
    for i in range(source.size):
        out[i] = uniform(source[i])


@kernel
def _normal_all(source: NDArray[np.uint32], out: NDArray[np.float32]) -> None:
    for i in range(source.size):
        out[i] = normal(source[i])


def when(year: int, slot: int = 0) -> np.uint32:
    """Pack a calendar year and a slot, each of 16 bits, into the second word of the counter.

    Raises:
        ValueError: One does not fit: it would have the luck of another.
    """
    fit({"year": year, "slot": slot}, TIME_BITS)
    return np.uint32(year << TIME_BITS | slot)


def lock(key: Key) -> tuple[np.uint32, np.uint32]:
    """Return the key as the two words kernels take.

    Raises:
        ValueError: A word does not fit: it would have the luck of another run.
    """
    fit(key._asdict(), 32)
    return np.uint32(key.seed), np.uint32(key.replicate)


def luck(key: Key, year: int = 0, slot: int = 0) -> Luck:
    """Return the luck of a year (0 for what is drawn once) and a slot, as kernels take it.

    Raises:
        ValueError: Something does not fit, as of `when` and `lock`.
    """
    return Luck(when(year, slot), *lock(key))


def words(
    key: Key,
    ids: Wholes,
    purpose: Purpose,
    *,
    year: int = 0,
    slot: int = 0,
    other: int = 0,
) -> NDArray[np.uint32]:
    """Return four random words for each id, shape (4, n).

    Args:
        key: Seed and replicate of the run.
        ids: Who the numbers are for (uint32).
        purpose: Why they are drawn.
        year: Calendar year of the draw; 0 for what is drawn once.
        slot: Tells several draws of one purpose and year apart.
        other: The other party, where a draw is about a pair.
    """
    out = np.empty((4, ids.size), np.uint32)
    _fill(
        np.ascontiguousarray(ids, np.uint32),
        when(year, slot),
        np.uint32(int(purpose)),
        np.uint32(other),
        *lock(key),
        out,
    )
    return out


def normals(source: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Turn words of any shape into standard normals of that shape."""
    out = np.empty(source.size, np.float32)
    _normal_all(np.ascontiguousarray(source).reshape(-1), out)
    return out.reshape(source.shape)


def uniforms(source: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Turn words of any shape into numbers strictly between 0 and 1 of that shape."""
    out = np.empty(source.size, np.float32)
    _uniform_all(np.ascontiguousarray(source).reshape(-1), out)
    return out.reshape(source.shape)
