"""Figures of the house: how well it is typed, how long its parts are, what stands loose.

``python benchmarks/house.py`` prints one table; ``--where`` adds where parameters are bare `Any`
and which public functions have `Any` in their signatures. Only the text of the code is read,
nothing is run. `tests/test_house.py` holds the figures that are laws.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

__all__ = ["Function", "House", "read"]

PACKAGE = Path(__file__).resolve().parents[1] / "sim"
DECORATORS = ("kernel", "inlined")
"""What compiles a function: its body is numba's, its arguments are arrays and numbers."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Function:
    """One function or method.

    Attributes:
        where: Module, line and name.
        parameters: Their names and annotations, ``self`` and ``cls`` left out.
        returns: The annotation of the result; empty where there is none.
        lines: Length without the docstring.
        public: Whether others may call it: neither it nor its class begins with ``_``, and it
            stands in no function.
        compiled: Whether it is a kernel, or part of one.
    """

    where: str
    parameters: tuple[tuple[str, str], ...]
    returns: str
    lines: int
    public: bool
    compiled: bool

    @property
    def bare(self) -> tuple[str, ...]:
        """Names of the parameters that are bare `Any`."""
        return tuple(name for name, kind in self.parameters if kind == "Any")

    @property
    def typed(self) -> bool:
        """Whether the whole signature is annotated and free of `Any`."""
        kinds = [*(kind for _, kind in self.parameters), self.returns]
        return all(kinds) and not any("Any" in _words(kind) for kind in kinds)


@dataclass(frozen=True)
class House:
    """All functions of a package, and what else is counted in its files."""

    functions: tuple[Function, ...]
    modules: dict[str, int]
    loose: int
    skips: int
    inner_imports: int

    @property
    def parameters(self) -> int:
        """How many parameters all functions have."""
        return sum(len(one.parameters) for one in self.functions)

    def bare(self, *, compiled: bool | None = None) -> int:
        """Return how many parameters are bare `Any`: of all functions, or of (no) kernels."""
        chosen = (f for f in self.functions if compiled is None or f.compiled == compiled)
        return sum(len(one.bare) for one in chosen)

    @property
    def public(self) -> tuple[Function, ...]:
        """Functions and methods that others may call."""
        return tuple(one for one in self.functions if one.public)

    @property
    def typed_share(self) -> float:
        """Share of public functions whose whole signature is typed without `Any`."""
        return sum(one.typed for one in self.public) / len(self.public)

    def rows(self) -> list[tuple[str, str]]:
        """Return name and value of every figure, as they are printed."""
        lengths = sorted(one.lines for one in self.functions)
        widest = max(self.functions, key=lambda one: len(one.parameters))
        longest = max(self.functions, key=lambda one: one.lines)
        module = max(self.modules, key=lambda name: self.modules[name])
        bare, all_of = self.bare(), self.parameters
        return [
            ("bare `Any` among parameters", f"{bare / all_of:.1%} ({bare} of {all_of})"),
            ("  of them outside kernels", str(self.bare(compiled=False))),
            ("public functions typed without `Any`",
             f"{self.typed_share:.1%} ({sum(f.typed for f in self.public)} of {len(self.public)})"),
            ("most arguments of a function", f"{len(widest.parameters)} ({widest.where})"),
            ("functions with more than 8 arguments",
             str(sum(len(one.parameters) > 8 for one in self.functions))),
            ("`# fmt: skip`", str(self.skips)),
            ("loose modules at the package root", str(self.loose)),
            ("imports inside functions", str(self.inner_imports)),
            ("function lines: median, p90",
             f"{median(lengths):g}, {quantiles(lengths, n=10)[-1]:g}"),
            ("function lines: longest", f"{longest.lines} ({longest.where})"),
            ("module lines: longest", f"{self.modules[module]} ({module})"),
        ]  # fmt: skip


def read(package: Path = PACKAGE) -> House:
    """Return the figures of all Python files under a folder."""
    functions: list[Function] = []
    modules, skips, inner = {}, 0, 0
    for path in sorted(package.rglob("*.py")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(package).as_posix()
        tree = ast.parse(text)
        functions += _functions(tree, name, public=True)
        modules[name] = text.count("\n")
        skips += text.count("# fmt: skip")
        inner += _inner_imports(tree)
    loose = sum("/" not in name and not name.startswith("__") for name in modules)
    return House(tuple(functions), modules, loose, skips, inner)


def _functions(node: ast.AST, name: str, *, public: bool) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            yield _function(child, name, public=public and not child.name.startswith("_"))
            yield from _functions(child, name, public=False)
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, name, public=public and not child.name.startswith("_"))
        else:
            yield from _functions(child, name, public=public)


def _function(node: Definition, name: str, *, public: bool) -> Function:
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    every += [one for one in (given.vararg, given.kwarg) if one is not None]
    parameters = tuple(
        (one.arg, ast.unparse(one.annotation) if one.annotation else "")
        for one in every
        if one.arg not in ("self", "cls")
    )
    decorators = {ast.unparse(one).split("(")[0] for one in node.decorator_list}
    return Function(
        f"{name}:{node.lineno} {node.name}", parameters,
        ast.unparse(node.returns) if node.returns else "", _length(node), public,
        bool(decorators & set(DECORATORS)),
    )  # fmt: skip


def _length(node: Definition) -> int:
    """Lines from ``def`` to the end, without the docstring."""
    first, lines = node.body[0], (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is None:
        return lines
    return lines - ((first.end_lineno or first.lineno) - first.lineno + 1)


def _inner_imports(tree: ast.Module) -> int:
    found: set[tuple[int, int]] = set()
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            found |= {
                (one.lineno, one.col_offset)
                for one in ast.walk(node)
                if isinstance(one, ast.Import | ast.ImportFrom)
            }
    return len(found)


def _words(kind: str) -> set[str]:
    return {one.id for one in ast.walk(ast.parse(kind.strip("'\""))) if isinstance(one, ast.Name)}


def main() -> None:
    """Print the figures, and where `Any` stands if asked."""
    house = read()
    for name, value in house.rows():
        print(f"{name:<40} {value}")
    if "--where" not in sys.argv:
        return
    for one in house.functions:
        if one.bare:
            print(f"bare   sim/{one.where}: {', '.join(one.bare)}")
        elif one.public and not one.typed:
            kinds = [f"{name}: {kind}" for name, kind in one.parameters]
            print(f"partly sim/{one.where}({', '.join(kinds)}) -> {one.returns}")


if __name__ == "__main__":
    main()
