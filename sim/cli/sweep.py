"""``sim sweep``: many cells over scenarios, settings and beliefs; nothing lost, nothing twice."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.common import Parser, folder_of, print_json, refuse_name, setting_words, split
from sim.cli.compare import DEFAULT, default_scenarios
from sim.cli.dry_run import plan_sweep
from sim.cli.logs import add_options, followed
from sim.cli.progress import Progress
from sim.cli.sweep_status import print_status
from sim.cli.sweep_table import print_findings
from sim.errors import BadRequest, did_you_mean
from sim.study.counting import kept_told

if TYPE_CHECKING:
    import argparse

    from sim.study.design import Design
    from sim.study.ledger import Status
    from sim.study.shares import Share
    from sim.study.study_file import Sampling
    from sim.study.sweep import Study

__all__ = ["main"]


def main(words: list[str]) -> int:
    """Check a design, then say what it takes, how far it is, or run it; return the exit status."""
    given = _parser().parse_intermixed_args(words)

    share, options = _share(given), _options(given)
    with Progress(quiet=given.json):  # thousands of settings take a while to check
        study = _study(given)
    study.share = share
    if given.dry_run:
        return plan_sweep(study, given)
    if given.status:
        print_status(study, study.ledger.status(study.record, study.before), given.json)
        return 0
    return _run(study, given, options)


def _parser() -> Parser:
    parser = Parser(
        "sweep",
        "Run many cells (each is one policy under one set of beliefs and one run of luck): every\n"
        "combination of the values given, a study file, or a table. Running it again resumes, a\n"
        "wider request runs the difference, results are read with\n"
        "sim.open_results('outputs/studies/STUDY'). --vary samples beliefs from their own ranges:\n"
        "money (a group), money.use_sd (one) or kind=response (all about what policy does).\n"
        "Twice the points keep those that were run. Study files are explained in that of\n"
        "money_in_doubt; sim list money_in_doubt says where it lies.",
        "sim sweep first_sweep scenarios=baseline,flat replicates=10 draws=0 world=tiny years=4",
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="STUDY | key=value,value ...",
        help="name of the study (one that comes with the package, any other, or the path of a "
        "study file, FILE.yaml), then settings; several "
        "values of a key are an axis: a,b or range(1,5) or choice(a,b); scenarios=a,b",
    )
    parser.add_argument("--table", metavar="CSV", help="one row a cell; columns are keys")
    parser.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="BELIEFS",
        help="sample these beliefs from their ranges; may be given several times",
    )
    parser.add_argument(
        "--points", type=int, metavar="N", help="points to sample (16); sobol: a power of two"
    )
    parser.add_argument(
        "--sampling", choices=("sobol", "latin_hypercube"), help="how points are spread (sobol)"
    )
    _add_where(parser)
    _add_what_to_do(parser)
    add_options(parser)
    parser.add_scenarios_folder()
    parser.add_outside_range()
    return parser


def _add_where(parser: Parser) -> None:
    """Add the options that say where cells run, and which of them."""
    parser.add_argument(
        "--on", choices=("local", "slurm"), default="local", help="where to run (local)"
    )
    parser.add_argument(
        "--tasks", type=int, default=50, metavar="N", help="SLURM tasks at a time (50)"
    )
    parser.add_argument("--partition", metavar="NAME", help="SLURM partition (the default one)")
    parser.add_argument(
        "--slurm",
        action="append",
        default=[],
        metavar="OPTION=VALUE",
        help="any other option of sbatch, such as account=NAME, qos=NAME, mem=8G or time=60 "
        "(minutes, for each task); may be given several times",
    )
    parser.add_argument(
        "--share",
        metavar="K/N",
        help="run share K of N, such as 3/40: for an array of jobs of any scheduler, or "
        "containers, on one outputs folder; shares part the study between them, and --status "
        "tells of all of it",
    )


def _add_what_to_do(parser: Parser) -> None:
    """Add the options that say what to do with a study beside running what is missing."""
    parser.add_argument("--dry-run", action="store_true", help="say how many, how long, how large")
    parser.add_argument("--status", action="store_true", help="say how far it is; run nothing")
    parser.add_argument("--retry", action="store_true", help="run failed cells again too")
    parser.add_argument(
        "--extend", action="store_true", help="keep the cells the name already stands for"
    )


def _share(given: argparse.Namespace) -> Share | None:
    from sim.study.shares import Share

    if given.share is None:
        return None
    if given.on == "slurm":
        raise BadRequest(
            "sim sweep: --on slurm parts the study itself. Leave out --share, or --on slurm."
        )
    return Share.read(given.share)


def _study(given: argparse.Namespace) -> Study:
    """Compose the request; nothing is written."""
    names, settings = split(given.words)
    if not given.words and given.table is None:
        raise BadRequest("sim sweep: nothing is asked for. Name a study, or settings. See --help.")
    if len(names) > 1:
        is_file = any(name.endswith((".yaml", ".yml")) for name in names)
        raise BadRequest(
            f"sim sweep takes one study, not {len(names)} ({', '.join(names)}). "
            + (
                "A study file goes by its own name; copy it to give it another."
                if is_file
                else f"Scenarios are an axis: scenarios={','.join(names)}"
            )
        )
    words = setting_words(settings, given.scenarios, given.outside_range)
    from sim.config import compose
    from sim.study.design import is_of_machine
    from sim.study.study_file import study_path
    from sim.study.sweep import open_study

    file = study_path(names[0]) if names and given.table is None else None
    name = file.stem if file else (names or ["sweep"])[0]
    refuse_name(name)
    design = _design(given, file, name, words)
    where = [word for word in design.fixed if is_of_machine(word)]
    outputs = compose("baseline", where).machine.outputs  # the rest is checked with the cells
    if not given.status:  # what may not be written to can still be looked at
        folder_of(outputs, "studies", name)
    return open_study(Path(outputs), name, design, extend=given.extend)


def _design(given: argparse.Namespace, file: Path | None, name: str, words: list[str]) -> Design:
    """Return what is asked for: by a table, a file, words, or what the name stands for already."""
    from sim.study.design import from_words
    from sim.study.study_file import (
        Sampling,
        from_beliefs,
        read_study,
        source_of,
    )
    from sim.study.table import from_table

    names, settings = split(given.words)
    asked = Sampling(tuple(given.vary), _points(given.points), given.sampling)
    is_sampled = asked != Sampling()
    if given.table is not None:
        if is_sampled:
            raise BadRequest("--table and --vary: a table holds its own values. Take one of them.")
        return from_table(Path(os.path.expanduser(given.table)), words)
    by_name = bool(names) and _only_machine(settings) and not is_sampled
    before = _known(name, words) if by_name else None
    if before is not None and (given.status or file is None or before.source == source_of(file)):
        _tell_apart(before, file, words)
        return before.on_machine(words)  # without settings, what the name stands for is meant
    if file is not None:
        return read_study(file, words, asked)
    if is_sampled:
        _refuse_widening(name, settings, words, asked)
        return from_beliefs(words, _default(words), asked)
    if settings and not (names and _only_machine(settings)):
        return from_words(words, _default(words))
    raise _not_known(name, words)


def _tell_apart(before: Design, file: Path | None, words: list[str]) -> None:
    """Say in a line, beside the output, where a study file and the study of its name differ."""
    from sim.study.study_file import read_study, source_of

    if file is None or not os.path.isfile(file):
        return
    if before.source != source_of(file):
        print(
            f"sim: {file.name} was changed since; this tells of the study as it was run.",
            file=sys.stderr,
        )
        return
    try:
        cells = len(read_study(file, words).rows)
    except BadRequest:  # what it names is gone since; the study is looked at as it was kept
        return
    if cells < len(before.rows):
        print(
            f"sim: {file.name} by itself asks for {cells} cells; its study was widened to "
            f"{len(before.rows)}, and all of them are meant.",
            file=sys.stderr,
        )


def _refuse_widening(name: str, settings: list[str], words: list[str], asked: Sampling) -> None:
    """Refuse more points of a study that goes by its name alone: that does not say what varies."""
    if asked.vary or not _only_machine(settings) or _known(name, words) is None:
        return
    raise BadRequest(
        f"study {name!r} is there already, and its name alone does not say what more points would "
        f"vary. Give --points or --sampling beside what made it: its study file (such as sim sweep "
        f"{name}.yaml --points 32), or its whole line with --vary."
    )


def _only_machine(settings: list[str]) -> bool:
    """Whether nothing is set but where and on how much of a machine: that is no study yet."""
    from sim.study.design import is_of_machine

    return all(is_of_machine(word) for word in settings)


def _not_known(name: str, words: list[str]) -> BadRequest:
    """Say which studies there are, of the package and in the folder that was looked in."""
    from sim.config import compose
    from sim.study.known import studies

    outputs = Path(compose("baseline", words).machine.outputs)
    there = [str(record["name"]) for record in studies(outputs)]
    return BadRequest(
        f"study {name!r} is not known in {outputs}. {did_you_mean(name, there)} A new one needs "
        f"settings, such as scenarios=baseline,flat."
    )


def _default(words: list[str]) -> list[str]:
    """Return the scenarios of a sweep that names none, as the world it names can carry them."""
    if any(word.startswith("scenarios=") for word in words):
        return list(DEFAULT)  # named, so these are not taken
    try:
        return default_scenarios([w for w in words if w.startswith(("world", "machine."))])
    except BadRequest:
        return list(DEFAULT)  # several worlds, or one that is told apart when cells are composed


def _points(number: int | None) -> int | None:
    if number is not None and not 1 <= number <= 1_000_000:
        raise BadRequest(f"--points {number}: give a whole number from 1 to 1,000,000.")
    return number


def _known(name: str, words: list[str]) -> Design | None:
    """Return the design a name stands for already."""
    from sim.config import compose
    from sim.study.ledger import Ledger

    ledger = Ledger(Path(compose("baseline", words).machine.outputs), name)
    ledger.refuse_comparison()
    record = ledger.read()
    return None if record is None else record.design


def _options(given: argparse.Namespace) -> dict[str, str]:
    """Return options of sbatch; what cannot be is refused before anything is composed."""
    if not given.slurm:
        return {}
    from sim.study.slurm import options_of

    if given.on != "slurm":
        raise BadRequest("sim sweep: --slurm gives options to SLURM. Add --on slurm.")
    return options_of(given.slurm)


def _run(study: Study, given: argparse.Namespace, options: Mapping[str, str]) -> int:
    from sim.study.sweep import run_here

    started, before = time.perf_counter(), len(study.todo(retry=given.retry))
    kept = len(study.mine() & study.ledger.store.digests())
    # On a cluster all cells are looked at; here those that are run, and those before them.
    first = 0 if given.on == "slurm" else kept
    with followed(given), Progress(quiet=given.json) as progress:
        if kept:
            progress.say(kept_told(kept, before, len(study.mine()) - kept - before))

        def watch(done: list[str], planned: int, left: float | None) -> None:
            progress.watch(first + len(done), first + planned, left, None)

        if given.on == "slurm":
            from sim.study.slurm import Cluster, run_there

            cluster = Cluster(given.tasks, given.partition, options)
            run_there(study, watch, cluster, retry=given.retry)
        else:
            run_here(study, watch, retry=given.retry)
    status = study.ledger.status(study.record)
    record: dict[str, Any] = asdict(status) | {
        "ran": before - len(study.todo()),
        "seconds": round(time.perf_counter() - started, 1),
        "path": str(study.ledger.folder),
    }
    if given.json:
        print_json(record)
    else:
        print_status(study, status)
        if kept:
            print(f"  {kept} kept from before, {record['ran'] or 'none'} run now")
        if status.done:
            print(f"Results{_so_far(status)}: sim.open_results({str(study.ledger.folder)!r})")
        if status.done == status.cells:
            print_findings(study.ledger.folder, status.cells)
    failed = len(study.ledger.tracker.failed() & study.mine() - study.ledger.store.digests())
    if failed:
        print(f"sim: {failed} cells failed; the others are kept.", file=sys.stderr)
        return 1
    return 0


def _so_far(status: Status) -> str:
    return " so far" if status.missing + status.running else ""
