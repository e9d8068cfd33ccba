"""Random numbers written again in plain Python: whole numbers masked, floats one step at a time."""

from __future__ import annotations

import struct

import numpy as np

F = np.float32
MASK = 0xFFFFFFFF
Words = tuple[int, int, int, int]


def philox(counter: Words, key: tuple[int, int]) -> Words:
    """Philox4x32-10 as Salmon, Moraes, Dror and Shaw (2011) print it."""
    a, b, c, d = counter
    k, m = key
    for _ in range(10):
        left, right = a * 0xD2511F53, c * 0xCD9E8D57
        a, b, c, d = (
            (right >> 32) ^ b ^ k,
            right & MASK,
            (left >> 32) ^ d ^ m,
            left & MASK,
        )
        k, m = (k + 0x9E3779B9) & MASK, (m + 0xBB67AE85) & MASK
    return a, b, c, d


def words(
    key: tuple[int, int], who: int, purpose: int, year: int = 0, slot: int = 0, other: int = 0
) -> Words:
    return philox((who, year * 65536 + slot, purpose, other), key)


def uniform(word: int) -> np.float32:
    raw = (F(word // 256) + F(0.5)) * F(2.0**-24)
    return min(raw, F(1 - 2.0**-24))


def log32(x: np.float32) -> np.float32:
    """Natural logarithm: halve or double into [0.7, 1.4), then a series in (m - 1) / (m + 1)."""
    (bits,) = struct.unpack("<I", struct.pack("<f", x))
    exponent = (bits >> 23) - 126
    (mantissa,) = struct.unpack("<f", struct.pack("<I", (bits & 0x7FFFFF) | 0x3F000000))
    m, e = F(mantissa), F(exponent)
    if m < F(0.70710678):
        m, e = m * F(2), e - F(1)
    f = (m - F(1)) / (m + F(1))
    s = f * f
    total = F(2 / 7) + s * F(2 / 9)
    total = F(0.4) + s * total
    total = F(2 / 3) + s * total
    return f * (F(2) + s * total) + e * F(0.6931472)


CENTRE = (
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
    -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
)  # fmt: skip
TAIL = (
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
    -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
)  # fmt: skip


def normal(word: int) -> np.float32:
    """Inverse of the normal distribution by Giles (2010), single precision."""
    x = (F(word // 512) + F(0.5)) * F(2.0**-22) - F(1)
    w = -log32((F(1) - x) * (F(1) + x))
    table, at = (CENTRE, w - F(2.5)) if w < F(5) else (TAIL, np.sqrt(w) - F(3))
    value = F(table[0])
    for coefficient in table[1:]:
        value = F(coefficient) + value * at
    return F(1.41421356) * value * x
