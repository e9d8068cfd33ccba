"""``sim validate``: how the baseline meets published figures."""

from __future__ import annotations

from collections import Counter

from sim import api
from sim.cli.common import Parser, print_json, print_table, setting_words
from sim.cli.progress import Progress

__all__ = ["main"]

_COLUMNS = ("number", "verdict", "value", "median", "low", "high", "kind", "name", "why")


def main(words: list[str]) -> int:
    """Print the scorecard of the baseline, misses first; return the exit status."""
    parser = Parser(
        "validate",
        "Run the baseline and hold it to published figures: a scorecard, misses first.",
        "sim validate world=tenth",
    )
    parser.add_argument("settings", nargs="*", metavar="key=value")
    parser.add_argument(
        "--years-after",
        type=int,
        default=0,
        metavar="N",
        help="live N years after year 0 too, at least 6, to see how far results of areas persist "
        "(12 let the years before wear off)",
    )
    parser.add_scenarios_folder()
    given = parser.parse_args(words)

    with Progress(quiet=given.json):
        words = setting_words(given.settings, given.scenarios)
        scorecard = api.validate(*words, years_after=given.years_after)
    if given.json:
        print_json(scorecard)
        return 0
    targets = scorecard["targets"]
    order = {"fail": 0, "near": 1, "pass": 2}
    worst_first = sorted(targets, key=lambda one: order.get(one["verdict"], 3))
    print_table(worst_first, _COLUMNS)
    tally = Counter(one["verdict"] for one in targets)
    print("\n" + ", ".join(f"{tally[verdict]} {verdict}" for verdict in ("pass", "near", "fail")))
    return 0
