"""What nothing in the package uses is not in it: no name stands there for tests alone.

Used is what is read, called or asked for by its name (also in a string, as `do("adopt")` is) in
`sim/`, `benchmarks/` or `docs/`, outside its own definition and lists of what a module exports. A
decorator that registers uses what it decorates; a helper of worked examples is used by them.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

import sim
from tests.processes import ROOT

PLAIN = {"cache", "cached_property", "classmethod", "contextmanager", "dataclass", "kernel",
         "lru_cache", "overload", "property", "staticmethod"}  # fmt: skip
"""Decorators that register nothing."""

KEPT = {
    "Bench": "what tests hold every belief's promise to",
    "read_run": "the same, in a run",
    "open_rows": "schools and children, for users: `open_results` names it",
    "checkpoint": "called by submitit",
    "emit": "called by logging",
    "find_spec": "called by the machinery of imports",
    "create_module": "called by the machinery of imports",
}


Tree = dict[str, ast.Module]


def parsed(*folders: str) -> Tree:
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return {str(p.relative_to(ROOT)): ast.parse(p.read_text(encoding="utf-8")) for p in files}


def names_in(node: ast.AST) -> Iterator[str]:
    """Every name that is read in a piece of code, those of worked examples too."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
            yield one.id
        elif isinstance(one, ast.Attribute):
            yield one.attr
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            examples = re.findall(r"^ *(?:>>>|\.\.\.) (.*)", one.value, re.MULTILINE)
            private = re.findall(r"\b_[a-z]\w*", " ".join(examples))
            yield from private if examples else [one.value]


def defined(tree: ast.Module) -> Iterator[tuple[list[str], ast.AST]]:
    """Names that a file defines, those of one statement together, and methods of its classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield [node.name], node
            methods = node.body if isinstance(node, ast.ClassDef) else []
            yield from (([m.name], m) for m in methods if isinstance(m, ast.FunctionDef))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            whole = node.targets if isinstance(node, ast.Assign) else [node.target]
            found = [n.id for part in whole for n in ast.walk(part) if isinstance(n, ast.Name)]
            yield found, node


def registered(node: ast.AST) -> bool:
    """Whether a decorator hands what it decorates to somebody."""
    for one in getattr(node, "decorator_list", []):
        called = one.func if isinstance(one, ast.Call) else one
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name not in PLAIN:
            return True
    return False


def unused(trees: Tree, others: Tree) -> list[str]:
    """What the first trees define and neither they nor the others use."""
    uses = Counter(name for tree in (trees | others).values() for name in names_in(tree))
    for tree in trees.values():
        for names, node in defined(tree):
            if names == ["__all__"]:
                uses.subtract(names_in(node))
    found = []
    for path, tree in trees.items():
        for names, node in defined(tree):
            asked_for = any(name in KEPT or re.match("__.+__$", name) for name in names)
            if asked_for or registered(node):
                continue
            own = Counter(names_in(node))
            if all(uses[name] <= own[name] for name in names):
                found.append(f"{path}: {', '.join(names)}")
    return found


def test_every_name_is_used_by_the_package_itself() -> None:
    trees = parsed("sim")
    assert unused(trees, parsed("benchmarks", "docs")) == []
    there = {name for tree in trees.values() for names, _ in defined(tree) for name in names}
    assert set(KEPT) | set(sim.__all__) - {"__version__"} <= there, "kept, and not there any more"


def test_a_name_that_only_tests_use_is_found() -> None:
    source = """
__all__ = ["alone", "used"]
def alone(): return alone()
def used(): return 1
LEFT, RIGHT = range(2)
class Kind:
    def method(self): return used()
    @property
    def asked(self): return LEFT
@register("it")
def handed(): ...
"""
    found = unused({"a.py": ast.parse(source)}, {"b.py": ast.parse("Kind().asked")})
    assert found == ["a.py: alone", "a.py: method"]
