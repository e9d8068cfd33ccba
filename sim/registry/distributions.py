"""Installed distributions that offer plug-ins: whose a function is, and what its code is.

The code of a plug-in is every file of its distribution, not only the file the function stands in:
a rule may take a factor from a file beside it. Where a distribution is installed as a link to its
source folder, or a function is nobody's, the code is its package and whatever that imports from
the folder it lies in.
"""

from __future__ import annotations

import ast
import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path, PurePath

__all__ = ["Owner", "code_of", "owner_of"]

_LINKS = ("__editable__", "_virtualenv")
_COMPILED = (".pyc", ".pyo", ".pth")
_INSTALLED = {"site-packages", "dist-packages"}


@dataclass(frozen=True)
class Owner:
    """Whose a plug-in is: a distribution with its version, or a file that is nobody's."""

    name: str
    version: str = ""

    def __str__(self) -> str:
        """Return it as messages name it."""
        return f"package {self.name!r}" if self.version else f"file {self.name!r}"


def owner_of(function: Callable[..., object], dist: Distribution | None) -> Owner:
    """Return whose a function is."""
    if dist is not None:
        return Owner(str(dist.name), str(dist.version))
    code = getattr(function, "__code__", None)
    return Owner(Path(code.co_filename).name if code else str(getattr(function, "__module__", "?")))


def code_of(function: Callable[..., object], dist: Distribution | None) -> str:
    """Return a digest of all the code that a function may run, without what it imports elsewhere.

    Names and contents count, places do not: the same files give the same digest on each machine.
    """
    where = _file_of(function)
    listed = _listed(dist)
    if where is None:
        return hashlib.sha256(_compiled(function)).hexdigest()
    if where in listed.values():
        listed |= _package_of(where, str(getattr(function, "__module__", "")))
    else:
        listed = _beside(where, str(getattr(function, "__module__", "")))
    total = hashlib.sha256()
    for name in sorted(listed):
        body = listed[name].read_bytes()
        # Lengths go in first, so that no two trees can run together into the same bytes.
        total.update(b"%d %d " % (len(name.encode()), len(body)))
        total.update(name.encode() + body)
    return total.hexdigest()


def _file_of(function: Callable[..., object]) -> Path | None:
    """Return the file that a function stands in; None for one typed at a prompt."""
    module = sys.modules.get(str(getattr(function, "__module__", "")))
    code = getattr(function, "__code__", None)
    for told in (getattr(module, "__file__", None), code.co_filename if code else None):
        if told and Path(told).is_file():
            return Path(told).resolve()
    return None


def _compiled(function: Callable[..., object]) -> bytes:
    code = getattr(function, "__code__", None)
    return repr(function).encode() if code is None else code.co_code + repr(code.co_consts).encode()


def _listed(dist: Distribution | None) -> dict[str, Path]:
    """Return what a distribution brought with it, by name; not its papers, nor its commands."""
    files = () if dist is None else dist.files or ()
    found = {}
    for file in files:
        path = Path(str(file.locate()))
        if _counts(file) and path.is_file():
            found[file.as_posix()] = path.resolve()
    return found


def _counts(file: PurePath) -> bool:
    parts = file.parts
    return not (
        ".." in parts
        or "__pycache__" in parts
        or parts[0].endswith((".dist-info", ".egg-info"))
        or parts[-1].startswith((".", *_LINKS))
        or parts[-1].endswith(_COMPILED)
    )


def _top(where: Path, module: str) -> Path:
    """Return the folder of the package that a file is of, or the file itself."""
    top = where
    for _ in range(module.count(".") + (where.name == "__init__.py")):
        if (top.parent / "__init__.py").is_file():
            top = top.parent
    return top


def _package_of(where: Path, module: str) -> dict[str, Path]:
    """Return what lies in a function's package, also what its installer did not bring."""
    top = _top(where, module)
    return {path.relative_to(top.parent).as_posix(): path.resolve() for path in _tree(top)}


def _beside(where: Path, module: str) -> dict[str, Path]:
    """Return the files of a function's package, and of all that it imports from the same folder."""
    top = _top(where, module)
    home, found, waiting = top.parent, dict[str, Path](), [top]
    while waiting:
        fresh = {p.relative_to(home).as_posix(): p for p in _tree(waiting.pop())}
        fresh = {name: path for name, path in fresh.items() if name not in found}
        found |= fresh
        if _INSTALLED & set(home.parts):
            continue  # what else lies there belongs to others
        for name in _imported(fresh.values()):
            waiting += [p for p in (home / name, home / f"{name}.py") if _importable(p)]
    return found


def _importable(path: Path) -> bool:
    return path.is_file() or (path / "__init__.py").is_file()


def _tree(top: Path) -> list[Path]:
    if top.is_file():
        return [top]
    return [
        Path(folder, name)
        for folder, _, names in os.walk(top)
        for name in names
        if _counts(Path(folder, name).relative_to(top.parent))
    ]


def _imported(files: Iterable[Path]) -> set[str]:
    """Return the first part of every name that Python files import, wherever they do."""
    found: set[str] = set()
    for path in files:
        if path.suffix != ".py":
            continue
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found
