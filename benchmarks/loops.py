"""What each feedback does to what a policy gains: ``loops.py [key=value ...] [--replicates N]``.

Prints the table of docs/loops.md: a row a feedback, turned off, on ``world=tenth years=14`` unless
told otherwise; about five CPU minutes a replicate.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", metavar="key=value")
    parser.add_argument("--replicates", type=int, default=2)
    given = parser.parse_intermixed_args()

    from sim.evidence.loops import loops, table
    from sim.study.warmup import warm_up

    warm_up()
    words = ["world=tenth", "years=14", "invariants=false", *given.words]
    print(table(loops(words, replicates=given.replicates, said=_say)))
    return 0


def _say(name: str) -> None:
    print(name, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
