"""Distributions with plug-ins that tests install: files, papers, and a registry that reads anew."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from sim.registry import MEASURES, RULES

RULE = """
from {name}.helper import FACTOR
from sim.registry import RULES
from sim.funding.lines import formula_lines

@RULES.add("{rule}", title="t", balance="basic", floor=-0.015, closure="lower_floor")
def {rule}(census, rates, funding):
    lines = formula_lines(census, rates)
    {body}
"""
MEASURE = """
from sim.registry import MEASURES

@MEASURES.add("{measure}", title="x", unit="share", direction="down", shelf="attainment",
              age="ks4", needs=("english_maths_pass", "ks4_n"), minimum=0.01)
def {measure}(sums):
    {body}
"""
RATE = 'return sums["english_maths_pass"] / sums["ks4_n"]'
HALF = 'return lines | {"lump": lines["lump"] // FACTOR}'


def rule(name: str, rule: str = "halved", body: str = HALF) -> dict[str, str]:
    """Files of a package ``name`` with one rule and a helper file."""
    text = RULE.format(name=name, rule=rule, body=body)
    return {
        f"{name}/__init__.py": "",
        f"{name}/helper.py": "FACTOR = 2\n",
        f"{name}/rules.py": text,
    }


def measure(name: str, measure: str = "stranger", body: str = RATE) -> dict[str, str]:
    """Files of a package ``name`` with one measure."""
    text = MEASURE.format(measure=measure, body=body)
    return {f"{name}/__init__.py": "", f"{name}/measures.py": text}


def install(site: Path, name: str, files: Mapping[str, str], *, record: bool = True) -> None:
    """Write a distribution into a folder, as pip does; without ``record``, as a link to sources."""
    papers = site / f"{name}-1.dist-info"
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
    papers.mkdir(exist_ok=True)
    (papers / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    points = ""
    for kind in ("rules", "measures"):
        if f"{name}/{kind}.py" in files:
            points += f"[placematters.{kind}]\n{name} = {name}.{kind}\n"
    (papers / "entry_points.txt").write_text(points)
    listed = [*files, f"{papers.name}/METADATA", f"{papers.name}/RECORD"]
    if record:
        (papers / "RECORD").write_text("".join(f"{path},,\n" for path in listed))


def read_anew(monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    """Have both registries look for plug-ins again, in ``site`` as well; undone after the test."""
    monkeypatch.syspath_prepend(str(site))
    for module in list(sys.modules):
        if (site / module.partition(".")[0]).is_dir():
            monkeypatch.delitem(sys.modules, module)
    importlib.invalidate_caches()
    for registry in (RULES, MEASURES):
        registry.discover()
        ours = {n: e for n, e in registry._entries.items() if e[0].__module__[:4] == "sim."}
        monkeypatch.setattr(registry, "_entries", ours)
        for part, empty in (("_faults", {}), ("_codes", {}), ("_points", []), ("_found", False)):
            monkeypatch.setattr(registry, part, empty)
