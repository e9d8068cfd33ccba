"""Which beliefs decide what policy does: ``doubt.py [BLOCK ...] [key=value ...] [--table FILE]``.

Moves the beliefs of a block at once to the ends of their ranges, by a design of some 100 worlds,
each under policies that they can act through, on `tenth`, and writes ``sim/evidence/doubt.csv``.
The blocks are school, "after 16" and money; all take about an hour on two cores. Cells that were
run are kept, so it may be stopped at any time and goes on from there.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> int:
    """Measure, write the table, print a line a belief."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", metavar="BLOCK | key=value")
    parser.add_argument("--table", type=Path, help="write another file")
    given = parser.parse_intermixed_args()

    from sim.evidence.doubt import BLOCKS, TABLE, measure_doubt, read_table, write_table
    from sim.study.warmup import warm_up

    settings = ["world=tenth", *(word for word in given.words if "=" in word)]
    named = [word for word in given.words if "=" not in word]
    said = time.monotonic()

    def watch(done: list[str], planned: int, _: float | None) -> None:
        nonlocal said
        if time.monotonic() - said > 60:
            said = time.monotonic()
            print(f"{len(done)} of {planned} cells", file=sys.stderr, flush=True)

    warm_up()
    path = given.table or TABLE
    table = read_table(path)
    for block in BLOCKS:
        if named and block.name not in named:
            continue
        found = measure_doubt(block, settings, watch)
        table |= {one.belief: one for one in found}
        write_table(table.values(), path)
        for one in sorted(found, key=lambda one: -one.share):
            print(
                f"{one.belief:40} {one.share:7.3f} (luck {one.luck:.3f}) of what matters: "
                f"{one.kind:8} ({one.measure}, {one.place}, {one.policy})",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
