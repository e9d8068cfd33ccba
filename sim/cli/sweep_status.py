"""How far a sweep is, in words: ``sim sweep STUDY --status``, and the end of each run."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sim.cli.common import print_json

if TYPE_CHECKING:
    from sim.study.ledger import Status
    from sim.study.sweep import Study

__all__ = ["print_status"]

_SHOWN = 5
"""Cells that failed which are told one by one."""


def print_status(study: Study, status: Status, as_json: bool = False) -> None:
    """Print how far a study is, how long the rest takes, and what failed."""
    if as_json:
        print_json(asdict(status))
        return
    print(
        f"{status.study}: {status.cells} cells: {status.done} done, {status.running} running, "
        f"{status.failed} failed, {status.missing} missing"
    )
    if status.other_code:
        print(f"  {status.other_code} more were made by other code of the model; not counted")
    if study.share is not None:
        print(f"  {_of_share(study)}")
    elif status.missing + status.running:
        print(f"  {_left(study, status)}")
    tracker = study.ledger.tracker
    failed = sorted(tracker.failed() & set(study.record.digests))
    rows = dict(zip(study.record.digests, study.design.rows, strict=True))
    for name in failed[:_SHOWN]:
        row, told = rows[name], str(tracker.why(name)["error"]).strip()
        print(
            f"  failed: {row.scenario}, draw {row.draw}, replicate {row.replicate}: "
            f"{told.splitlines()[0]} ({tracker.failed_folder / name}.json)"
        )
    if failed:
        print("  Run them again with --retry.")


def _of_share(study: Study) -> str:
    """Say how far this share is, and how far the others are together."""
    there, mine = study.ledger.store.digests(), study.mine()
    others = set(study.record.digests) - mine
    told = f"share {study.share}: {len(mine & there)} of its {len(mine)} cells done"
    return f"{told}; the other shares: {len(others & there)} of their {len(others)}"


def _left(study: Study, status: Status) -> str:
    """Say how fast it goes, and how long that leaves."""
    from sim.study.cost import cost_of, span

    todo = status.missing + status.running
    if status.per_minute:
        left = span(60 * todo / status.per_minute)
        return f"{status.per_minute:.1f} cells a minute of late: about {left} left"
    cost = cost_of(study)
    where = f"{cost.processes} processes" if cost.processes > 1 else "one process"
    told = f"about {span(cost.seconds)} in {where} of this machine{_threads(study)}"
    return f"{told} ({cost.basis}){cost.compiling}"


def _threads(study: Study) -> str:
    """Say which machine.threads a time is for, if any, and whether it is that of the last run."""
    found = [word for word in study.design.fixed if word.startswith("machine.threads=")]
    if not found:
        return ""
    is_old = study.before is not None and found[0] in study.before.design.fixed
    return f" with {found[0]}{', as it was last run' if is_old else ''}"
