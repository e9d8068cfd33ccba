"""Which beliefs decide what policy does: ``doubt.py [BELIEF ...] [key=value ...]``.

Moves each belief to both ends of its range for the baseline, `pupil_need` and `flat` on `tenth`,
and writes ``sim/tables/doubt.csv``. It takes hours for all; cells that were run are kept and do not
run again, so it may be stopped at any time and goes on from there. Beliefs that are named replace
their own rows of the table only.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> int:
    """Measure, print a line a belief, write the table; return 1 where a run failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", metavar="BELIEF | key=value")
    parser.add_argument("--table", type=Path, help="write another file")
    given = parser.parse_args()
    names = [word for word in given.words if "=" not in word]
    settings = ["world=tenth", *(word for word in given.words if "=" in word)]

    from sim.study.doubt import TABLE, Change, measure_doubt, read_table, write_table
    from sim.study.warmup import warm_up

    warm_up()
    path = given.table or TABLE
    table, failed = read_table(path), 0
    for found in measure_doubt(names or None, settings):
        if not isinstance(found, Change):
            print(found, file=sys.stderr, flush=True)
            failed += 1
            continue
        table[found.belief] = found
        write_table(table.values(), path)
        print(
            f"{found.belief:40} {found.share:7.3f} of what matters: {found.kind:8} "
            f"({found.measure}, {found.place}, {found.policy}, {found.end})",
            flush=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
