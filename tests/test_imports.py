"""An import inside a function has a reason: it spares its module a library, or there is none else.

What stands at the top of a module is loaded whenever anything of it is asked for, so commands that
only print must not load what draws and simulates. Where waiting spares nothing, the import belongs
at the top, where a reader looks for it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache

from tests.processes import ROOT

SIM = ROOT / "sim"
LAZY = {"sim", "sim.tabulate", "sim.show.figures"}
"""What loads more than it imports: names on first use, charts with the measures they speak of."""


def module_of(parts: tuple[str, ...]) -> str:
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {
    module_of(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text("utf-8"))
    for path in sorted(SIM.rglob("*.py"))
}


def imports(body: list[ast.stmt], inside: bool = False) -> Iterator[tuple[bool, int, list[str]]]:
    """Whether in a function, line, and modules of every import that acts at run time."""
    for node in body:
        if isinstance(node, ast.Import):
            yield inside, node.lineno, [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            whole = [f"{node.module}.{one.name}" for one in node.names]
            ours = str(node.module).partition(".")[0] == "sim"
            known = [n if n in TREES or not ours else str(node.module) for n in whole]
            yield inside, node.lineno, known
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from imports(node.orelse, inside)
        else:
            inner = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            for part in ("body", "orelse", "finalbody", "handlers"):
                yield from imports(getattr(node, part, []), inner)


@cache
def loaded(module: str) -> tuple[frozenset[str], frozenset[str]]:
    """Libraries, and modules of ours, that come in with a module."""
    libraries, seen, waiting = set[str](), set[str](), [module]
    while waiting:
        one = waiting.pop()
        if one in seen or one not in TREES:
            continue
        seen.add(one)
        waiting.append(one.rpartition(".")[0])
        for inside, _, names in imports(TREES[one].body):
            for name in [] if inside else names:
                waiting.append(name)
                if name.partition(".")[0] not in {"sim", *sys.stdlib_module_names}:
                    libraries.add(name.partition(".")[0])
    return frozenset(libraries), frozenset(seen)


def spares(module: str, name: str) -> bool:
    """Whether waiting for an import spares its module anything, or cannot be helped."""
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return True  # slow to load, or not there on every machine
    if top != "sim":  # of some libraries each part is a load of its own
        return top in {"hydra", "scipy"} or top not in loaded(module)[0]
    return name in LAZY or not loaded(name)[0] <= loaded(module)[0]


def test_an_import_inside_a_function_spares_its_module_a_library() -> None:
    idle = [
        f"{module}:{line} {' '.join(names)}"
        for module, tree in TREES.items()
        for inside, line, names in imports(tree.body)
        if inside and not any(spares(module, name) for name in names)
    ]
    assert idle == [], "move them to the top of their module"


def test_no_circle_is_hidden_in_a_function() -> None:
    hidden = {
        (module, name)
        for module, tree in TREES.items()
        for inside, _, names in imports(tree.body)
        for name in names
        if inside and name in TREES and name not in LAZY and module in loaded(name)[1]
    }
    assert {(one, other) for one, other in hidden if one != other} == set()


def test_printing_help_loads_nothing_heavy() -> None:
    heavy = {"hydra", "matplotlib", "mesa", "numba", "numpy", "pandas", "seaborn", "xarray"}
    assert not heavy & loaded("sim.cli")[0]
