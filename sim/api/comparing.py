"""Carrying a comparison out: refused before the first run or run, kept, opened and reported."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import BadRequest, CannotPay
from sim.study.counting import tell_kept

if TYPE_CHECKING:
    import xarray as xr

    from sim.config.models import Settings
    from sim.results import Asked, Store
    from sim.study.look import Look, Read, Watch
    from sim.study.request import Request

__all__ = ["carry_out", "labelled"]


def carry_out(
    request: Request, name: str | None, budget: float, watch: Watch | None
) -> tuple[xr.Dataset, dict[str, Any]]:
    """Check a request, run it, and return its cells and its record; with a name, report it."""
    from sim.config.marks import LEFT_OUT
    from sim.config.roots import refuse_unwritable
    from sim.results import Store, open_results, write_index
    from sim.study.batch import warm_up
    from sim.study.cells import at, digest, prepare, restore_records
    from sim.study.doses import tell_doses
    from sim.study.feasible import afford
    from sim.study.lists import tell_lists
    from sim.study.record import content_of, make_record
    from sim.study.unheard import tell_unheard

    every, outputs = request.every, Path(request.every[0].machine.outputs)
    store = Store(outputs / "cells")
    refuse_unwritable(store.root, *([outputs / "studies" / name] if name else []))
    if name is not None:
        _preflight(every, name)
    for settings in every:
        prepare(settings)
    tell_lists(every)
    tell_unheard(every)
    tell_doses(every)
    warm_up()
    afford([cell for cell in every if not store.has(digest(at(cell, 0, 0)))])
    cells = [*request.groups, *(one for many in request.groups_at_ends.values() for one in many)]
    tell_kept({digest(cell) for group in cells for cell in group}, store.digests())
    request, sets, whole, left_out = _lived(request, store, budget, watch)
    every, groups, at_ends = request.every, request.groups, request.groups_at_ends
    restore_records((cell for group in groups for cell in group), store)
    there = frozenset(whole)
    done = [asked for one in sets for asked in one if asked.digest in there]
    results = labelled(open_results(done, store=store.root), request)
    if name is None:
        return results, {}
    write_index(outputs / "studies" / name, done, store.root)
    opened = _open_ends(at_ends, whole, store)
    ends = {end: labelled(one, request) for end, one in opened.items()}
    shown = [group for several in at_ends.values() for group in several] if ends else []
    record = make_record(request, done, len(every) * (every[0].draws + every[0].replicates))
    record |= {LEFT_OUT: list(left_out)} if left_out else {}
    record["content"] = content_of(results, [*groups, *shown], store)
    _report(_with_schools(results, done, store), ends, every, name, record)
    return results, record


def _with_schools(results: xr.Dataset, done: Sequence[Asked], store: Store) -> xr.Dataset:
    """Return results with what a report reads of schools: clauses by area, winners and losers."""
    from sim.tabulate.by_clause import read_clauses
    from sim.tabulate.winners import read_winners

    return read_winners(read_clauses(results, done, store), done, store)


def _lived(
    request: Request, store: Store, budget: float, watch: Watch | None
) -> tuple[Request, list[list[Asked]], list[str], tuple[str, ...]]:
    """Run the cells of a request; go on without a policy that a later year cannot pay for.

    Returns:
        What was carried out, its cells by group, those that are whole, and what was left out and
        why.

    Raises:
        WorkFailed: A cell failed, or nothing to compare is left; finished cells are kept.
    """
    from sim.results import Asked
    from sim.study.batch import groups_for_words, run_groups
    from sim.study.cells import digest
    from sim.study.look import Look

    left_out: list[str] = []
    while True:
        groups, at_ends = request.groups, request.groups_at_ends
        sets = [[Asked(digest(cell), cell.scenario) for cell in group] for group in groups]
        look = Look(store, sets, None) if watch is None else _look(store, sets, watch, request)
        every_group = [*groups, *(group for several in at_ends.values() for group in several)]
        try:
            whole = run_groups(
                every_group, store, budget=budget, watch=look, always=groups_for_words(groups)
            )
        except CannotPay as error:
            smaller = request.without(error.scenario)
            if smaller is None:
                raise
            request = smaller
            left_out.append(str(error))
            logging.getLogger("sim").warning(
                "left out. %s The comparison goes on without it.", error
            )
            continue
        return request, sets, whole, tuple(left_out)


def labelled(results: xr.Dataset, request: Request) -> xr.Dataset:
    """Let results carry labels, what they are held against, which places, who is given what."""
    from sim.config.marks import FORMULA, PLACES, PLACES_NOTE, SHARING, TARGETING
    from sim.study.asked_places import places_note

    labels = {settings.scenario: settings.label for settings in request.every if settings.label}
    if request.against != "baseline":
        results = results.assign_attrs(against=request.against)
    if request.places:
        note = places_note(request.places, request.every[0].world)
        told = {PLACES: json.dumps(request.places), PLACES_NOTE: note}
        results = results.assign_attrs(told)
    kept = {"arm", "areas", "envelope_gbp", "dose_gbp", "funded", "mix"}
    aims = {
        one.scenario: one.policy.targeting.model_dump(mode="json", include=kept)
        for one in request.every
    }
    results = results.assign_attrs({TARGETING: json.dumps(aims)})
    if sharing := _sharing(request):
        results = results.assign_attrs({SHARING: json.dumps(sharing)})
    if formulae := _formulae(request):
        results = results.assign_attrs({FORMULA: json.dumps(formulae)})
    return results.assign_attrs(labels=json.dumps(labels)) if labels else results


def _sharing(request: Request) -> dict[str, Any]:
    """Return what policies set of the formula and the money beside it, of those that do."""
    from sim.config.other_money import BESIDE, PREMIUM_FOLLOWS, beside_the_formula

    usual = request.every[0].policy.funding.__class__()
    told = {
        one.scenario: one.policy.funding.model_dump(
            mode="json", exclude={"rates"}, exclude_defaults=True
        )
        for one in request.every
        if one.policy.funding != usual
    }
    for one in request.every:
        if one.policy.eligibility.premium:
            told.setdefault(one.scenario, {})[PREMIUM_FOLLOWS] = True
        if beside := beside_the_formula(one.policy):
            told.setdefault(one.scenario, {})[BESIDE] = beside
    return told


def _formulae(request: Request) -> dict[str, Any]:
    """Return the line that meets the pot, and its written rates, of each written formula."""
    from sim.config.formula import WRITTEN

    rules = {one.scenario: one.policy.funding for one in request.every}
    return {
        name: {"solve": one.rates.solve, "pence": one.rates.pence(one.rates.solve)}
        for name, one in rules.items()
        if one.rule == WRITTEN and one.rates is not None and one.rates.solve is not None
    }


def _look(store: Store, sets: Sequence[Sequence[Asked]], watch: Watch, request: Request) -> Look:
    """Look with the labels of a request; of each cell what the table shows is read, not all."""
    from sim.show.tables import headline_variables
    from sim.study.look import Look

    return Look(store, sets, _with_labels(watch, request), headline_variables())


def _with_labels(watch: Watch, request: Request) -> Watch:
    """Let results on the way carry labels too."""

    def look(done: int, planned: int, left: float | None, read: Read) -> None:
        watch(done, planned, left, read and (lambda: labelled(read(), request)))

    return look


def _preflight(every: Sequence[Settings], name: str) -> None:
    """Refuse before the first run a report that could not be written after the last."""
    from sim.show.report import preflight
    from sim.study.ledger import Ledger

    if Path(name).name != name or name in ("", ".", ".."):
        raise BadRequest(f"name={name!r} cannot be the name of a folder. Give one such as 'first'.")
    outputs = Path(every[0].machine.outputs)
    Ledger(outputs, name).refuse_sweep()
    cells = len(every) * (every[0].draws + every[0].replicates)
    preflight(outputs / "reports" / name, cells)


def _open_ends(both: Mapping[float, Any], whole: Sequence[str], store: Store) -> Any:
    """Open the cells at each end of the vacancy response; nothing unless both are there."""
    from sim.results import Asked, open_results
    from sim.study.cells import digest

    named = {
        end: [Asked(digest(cell), cell.scenario) for group in several for cell in group]
        for end, several in both.items()
    }
    if not {asked.digest for rows in named.values() for asked in rows} <= set(whole):
        logging.getLogger("sim").warning(
            "the budget left out the runs in which posts do not follow those who qualify, or in "
            "full: the report has no chart of them. Run it again to go on from there."
        )
        return {}
    return {end: open_results(rows, store=store.root) for end, rows in named.items()}


def _report(
    results: xr.Dataset,
    ends: Mapping[float, xr.Dataset],
    every: Sequence[Settings],
    name: str,
    record: dict[str, Any],
) -> None:
    from sim.show.picture import helped_by
    from sim.show.report import write_report
    from sim.show.scope import with_scope
    from sim.study.workers import Workers

    machine = every[0].machine
    folder = Path(machine.outputs) / "reports" / name
    logging.getLogger("sim.progress").info("writing the report")
    with Workers(1) as crew, helped_by(crew if machine.threads > 1 else None):
        write_report(results, folder, record=with_scope(record), name=name, ends=ends)
