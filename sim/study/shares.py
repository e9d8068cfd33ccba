"""One share of a study, the same wherever and whenever it is worked out.

For schedulers of any kind, and containers: job 3 of 40 runs share 3/40. Shares part a study between
them, each cell in one; cells that share a past stay together as long as every share gets some.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import BadRequest
from sim.study.design import Row

__all__ = ["Share", "part"]

LARGEST_PIECE = 20
POLICY = "policy."


@dataclass(frozen=True)
class Share:
    """Number ``number`` of ``of`` shares, counted from 1."""

    number: int
    of: int

    @classmethod
    def read(cls, text: str) -> Share:
        """Read a share as it is written on the command line.

        >>> Share.read("3/40")
        Share(number=3, of=40)

        Raises:
            BadRequest: It is none.
        """
        found = re.fullmatch(r"\s*([0-9]{1,9})\s*/\s*([0-9]{1,9})\s*", text, re.ASCII)
        number, of = (int(found[1]), int(found[2])) if found else (0, 0)
        if not 1 <= number <= of:
            raise BadRequest(
                f"--share {text}: is not a share. Give its number and how many there are, "
                f"such as 3/40; the first is 1/40, the last 40/40."
            )
        return cls(number, of)

    def __str__(self) -> str:
        """Write it as it is given."""
        return f"{self.number}/{self.of}"


def part(rows: Sequence[Row], digests: Sequence[str], share: Share) -> frozenset[str]:
    """Return the cells of one share.

    Args:
        rows: Rows of a design.
        digests: The cell of each row; of several rows with one cell the first counts.
        share: Which share.
    """
    pasts: dict[object, list[str]] = {}
    for digest, row in dict(reversed([*zip(digests, rows, strict=True)])).items():
        lived = tuple(pair for pair in row.keys if not pair[0].startswith(POLICY))
        pasts.setdefault((row.draw, row.replicate, lived), []).append(digest)
    cells = sum(map(len, pasts.values()))
    size = max(1, min(LARGEST_PIECE, cells // share.of))
    pieces = [
        names[n : n + size]
        for _, names in sorted(pasts.items(), key=lambda past: min(past[1]))
        for names in [sorted(names)]
        for n in range(0, len(names), size)
    ]
    mine = pieces[share.number - 1 :: share.of]
    return frozenset(name for piece in mine for name in piece)
