"""``sim design``: rates of a formula that meet a stated aim best under the same budget."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from sim import api
from sim.cli.columns import print_table
from sim.cli.common import Parser, folder_of, print_json, setting_words, split, wrap
from sim.cli.progress import Progress
from sim.codes import PENCE
from sim.errors import BadRequest, did_you_mean
from sim.show.apart import apart
from sim.show.whole import can_replace, draft

if TYPE_CHECKING:
    from sim.config.models import Settings
    from sim.study.chosen_rates import Choice
    from sim.study.designed import Designed

__all__ = ["main"]

_FEWEST, _MOST = 10, 10_000
_ROOM = 5_000_000  # bytes of disk
_STEP = 10  # trials between two lines of progress


def main(words: list[str]) -> int:
    """Search for rates, write them down, and run the best in the full model; return the status."""
    given = _parser().parse_intermixed_args(words)
    names, settings = split(given.words)
    if len(names) != 1:
        raise BadRequest(
            f"sim design takes one formula, not {len(names)}. Name a file of conf/rates, such as "
            f"nff_2024_25 (sim list rates), or give a path such as ./mine.yaml."
        )
    asked = setting_words(settings, given.scenarios)
    _refuse_levers(settings)
    aims = _aims(given.aim)
    base, chosen = _read(names[0], asked, given.vary.split(","))
    name = given.name or f"design_{PurePath(names[0]).stem}"
    folder = folder_of(base.machine.outputs, "designs", name, "--name")
    _preflight(base, folder, name, given)
    with Progress(quiet=given.json) as progress:
        designed = _searched(base, chosen, aims, given, progress)
        _write(designed, folder)
        if not given.json:
            _print(designed, folder)
        results = None if given.static else _lived(designed, folder, asked, name, progress)
    if given.json:
        print_json(_plain(designed, folder, results is not None, name))
    elif results is not None:
        from sim.show.terminal import print_comparison

        print("\nThe same formulae in the full model, with what becomes of children:\n")
        print_comparison(results, sys.stdout)
        print(f"Report: {folder.parent.parent / 'reports' / name / 'index.html'}")
    return 0


def _parser() -> Parser:
    parser = Parser(
        "design",
        "Choose two to four rates of a formula so that it meets an aim best, or two aims, under\n"
        "the same budget: solve meets the pot in every trial. Trials are static, on the census of\n"
        "year 0: pounds, and what the model's beliefs expect of them, not results. Then the best\n"
        "for each aim is run in the full model beside the baseline, with intervals (not with\n"
        "--static). A rate of several parts keeps their proportions; fsm6.primary is one of them.\n"
        "Aims: gap (money at the schools of disadvantaged pupils less others, need-adjusted),\n"
        "money_1 and money_5, learning_1 and learning_5 (disadvantaged pupils in the most and the\n"
        "least affluent fifth of areas), losers (pupils in schools that lose: as few as can be).",
        "sim design nff_2024_25 --vary fsm6,lump world=tiny --trials 40 --static\n"
        "  sim design nff_2024_25 --vary fsm6,lump,eal=0..2000 --aim learning_5,gap world=tiny "
        "years=2 draws=0 replicates=1 --trials 40 --name mine",
    )
    parser.add_argument("words", nargs="+", metavar="FORMULA | key=value")
    parser.add_argument(
        "--vary",
        required=True,
        metavar="RATE[=LOW..HIGH],...",
        help="two to four rates, each with a range in pounds (0 to three times what is written)",
    )
    parser.add_argument(
        "--aim", default="gap,losers", metavar="AIM[,AIM]", help="one aim or two (gap,losers)"
    )
    parser.add_argument(
        "--trials", type=_number, default=300, metavar="N", help="how many formulae to try (300)"
    )
    parser.add_argument("--static", action="store_true", help="do not run the best in the model")
    parser.add_argument("--name", help="folder in outputs/designs, and of the report")
    parser.add_scenarios_folder()
    return parser


def _number(text: str) -> int:
    number = int(text)
    if not _FEWEST <= number <= _MOST:
        raise ValueError(text)
    return number


_number.__name__ = f"number of trials from {_FEWEST} to {_MOST:,}"  # as argparse calls the type


def _refuse_levers(settings: list[str]) -> None:
    """Refuse levers beside the formula: the file that is written could not say them."""
    for word in settings:
        if word.lstrip("+~").startswith("policy."):
            raise BadRequest(
                f"{word}: a design tries a formula as its file says it. Write it into the file, or "
                f"add it where you compare what was found."
            )


def _aims(text: str) -> tuple[str, ...]:
    """Return the aims that were asked for."""
    from sim.study.tried import AIMS

    aims = tuple(text.split(","))
    for aim in aims:
        if aim not in AIMS:
            raise BadRequest(f"--aim {aim}: not an aim. {did_you_mean(aim, AIMS)}")
    if len(aims) > 2 or len(set(aims)) < len(aims):
        raise BadRequest(f"--aim {text}: give one aim or two different ones, such as gap,losers.")
    return aims


def _read(formula: str, asked: list[str], vary: list[str]) -> tuple[Settings, list[Choice]]:
    """Return the settings of the written formula, and the rates to choose."""
    from sim.config import compose
    from sim.config.grammar import is_path
    from sim.study.cells import at, prepare
    from sim.study.chosen_rates import choices
    from sim.study.designed import funding_of

    if is_path(formula):
        settings = compose(formula, asked)
    else:
        pays = f"baseline@policy.funding.rule=rates,policy.funding.rates={formula}"
        settings = compose(pays, asked).model_copy(update={"scenario": formula, "title": formula})
    prepare(settings)
    rates = funding_of(settings).rates
    assert rates is not None, "a written formula"
    return at(settings, settings.draw, settings.replicate), choices(vary, rates)


def _preflight(base: Settings, folder: Path, name: str, given: argparse.Namespace) -> None:
    """Refuse before the first trial what could not be written after the last."""
    from sim.config.roots import refuse_unwritable
    from sim.show.report import preflight

    can_replace(folder, _ROOM)
    if not given.static:
        outputs = Path(base.machine.outputs)
        refuse_unwritable(outputs / "cells")
        preflight(outputs / "reports" / name)


def _searched(
    base: Settings,
    chosen: list[Choice],
    aims: tuple[str, ...],
    given: argparse.Namespace,
    progress: Progress,
) -> Designed:
    from sim.study.designed import design
    from sim.study.tried import still

    progress.say("living the past, up to the census that formulae are tried on")
    with still(base) as there:

        def tell(done: int) -> None:
            if done % _STEP == 0 or done == given.trials:
                progress.say(f"{done} of {given.trials} formulae tried")

        return design(base, chosen, aims, given.trials, there, tell)


def _write(designed: Designed, folder: Path) -> None:
    """Write all files of a design: all of them, or none."""
    from sim.show.trade_off import draw

    found = designed.found
    texts = {
        "trials.csv": designed.table(found.trials),
        "front.csv": designed.table(found.front),
        **{f"{one.name}.yaml": designed.file(one) for one in designed.named},
    }
    with apart(), draft(folder, lambda path: True) as out:
        for name, body in {**draw(designed), **{n: t.encode() for n, t in texts.items()}}.items():
            out.put(name, body)


def _lived(
    designed: Designed, folder: Path, asked: list[str], name: str, progress: Progress
) -> Any:
    """Run the best for each aim in the full model, beside the baseline; None: nothing is better."""
    paths = [f"./{folder / one.name}.yaml" for one in designed.ends]
    if folder.is_absolute():
        paths = [path.removeprefix("./") for path in paths]
    if not paths:
        return None
    progress.say("running the best for each aim in the full model")
    return api.compare(["baseline", *paths], *asked, name=name, watch=progress.watch, ends=False)


def _print(designed: Designed, folder: Path) -> None:
    """Print rates and figures side by side, and where the files are."""
    from sim.study.designed import NOT_RESULTS
    from sim.study.tried import AIMS

    named = designed.named
    columns = ["what", *(one.title for one in named), "unit"]
    rows: list[dict[str, object]] = []
    for place, choice in enumerate(designed.chosen):
        told = {one.title: f"{one.trial.pence[place] / PENCE:,.0f}" for one in named}
        rows.append({"what": choice.told, **told, "unit": "GBP"})
    for name, aim in AIMS.items():
        figures = {one.title: one.trial.outcome.figures[name] for one in named if one.trial.outcome}
        told = {title: f"{figure:z,.{aim.digits}f}" for title, figure in figures.items()}
        sought = " *" if name in designed.found.aims else ""
        rows.append({"what": f"{name}{sought}", **told, "unit": aim.unit})
    settings, found = designed.settings, designed.found
    print(
        wrap(
            f"{settings.scenario}, world={settings.world.name}: {len(found.trials)} formulae tried "
            f"under the same budget, {sum(one.outcome is None for one in found.trials)} of which "
            f"cannot be paid; {len(found.front)} that no other beats. Seed {settings.seed}, "
            f"replicate {settings.replicate}, draw {settings.draw}."
        )
    )
    print()
    print_table(rows, columns)
    print("* aims. " + "; ".join(f"{name}: {AIMS[name].title}" for name in found.aims) + ".")
    print(wrap(NOT_RESULTS))
    for sentence in _at_ends(designed):
        print(wrap(sentence))
    print(
        f"Files: {folder}: trials.csv, front.csv, front.png, "
        + ", ".join(f"{one.name}.yaml" for one in named)
        + "."
    )


def _at_ends(designed: Designed) -> Iterator[str]:
    """Yield which rates stand at an end of their range, so that a wider one could do better."""
    for one in designed.named[1:]:
        for place, choice in enumerate(designed.chosen):
            if one.trial.pence[place] in (choice.low, choice.high):
                yield (
                    f"{one.title}: {choice.told} stands at an end of its range "
                    f"({choice.name}={choice.low / PENCE:g}..{choice.high / PENCE:g}); a wider one "
                    f"could do better."
                )


def _plain(designed: Designed, folder: Path, is_lived: bool, name: str) -> dict[str, Any]:
    """Return what was found as plain data."""
    from sim.study.designed import NOT_RESULTS

    return {
        "folder": str(folder),
        "report": str(folder.parent.parent / "reports" / name) if is_lived else None,
        "trials": len(designed.found.trials),
        "aims": list(designed.found.aims),
        "note": NOT_RESULTS,
        "found": [
            {
                "name": one.name,
                "title": one.title,
                "trial": one.trial.number,
                "rates_gbp": {
                    choice.name: pence / PENCE
                    for choice, pence in zip(designed.chosen, one.trial.pence, strict=True)
                },
                "figures": one.trial.outcome.figures if one.trial.outcome else None,
            }
            for one in designed.named
        ],
    }
