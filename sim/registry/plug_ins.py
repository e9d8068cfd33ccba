"""Named, documented plug-ins: funding rules and measures.

A plug-in is one decorated function in one file. Files in the package's own folder are found by
themselves; other distributions offer theirs through the entry-point groups
``placematters.rules`` and ``placematters.measures`` (each entry names a module). YAML may only
name what is registered here, so a configuration file cannot run code.

A plug-in of another distribution that cannot be loaded, or says of itself what cannot be, is a
*fault*: it is named and left out, and whoever asks for it by name is told why. It never stands in
the way of others.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, entry_points
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sim.errors import BadRequest, did_you_mean
from sim.registry.distributions import Owner, code_of, owner_of
from sim.registry.moved import follow_moves

__all__ = ["MEASURES", "RULES", "Check", "Fault", "Registry"]

T = TypeVar("T", bound=Callable[..., Any])
Check = Callable[[str, Mapping[str, Any]], None]
"""Raises `BadRequest` for a name and a description that cannot be."""


@dataclass(frozen=True)
class Fault:
    """A plug-in that is left out: its kind and name, whose it is, and what is wrong with it."""

    kind: str
    name: str
    owner: Owner
    problem: str


class Registry(Generic[T]):
    """Plug-ins of one kind, by name.

    ``kind`` is the word used in messages, ``package`` the folder searched first and ``group`` the
    entry-point group searched next; both searches wait until somebody asks for a name.

    >>> greetings = Registry("greeting")
    >>> @greetings.add("hello", title="A plain greeting")
    ... def hello() -> str:
    ...     return "hello"
    >>> greetings.get("hello")()
    'hello'
    >>> greetings.get("helo")
    Traceback (most recent call last):
    sim.errors.BadRequest: greeting 'helo' is not known. Did you mean 'hello'?
    """

    def __init__(self, kind: str, package: str | None = None, group: str | None = None) -> None:
        self.kind = kind
        self._package = package
        self._group = group
        self._entries: dict[str, tuple[T, Mapping[str, Any]]] = {}
        self._found = package is None and group is None
        self._checks: list[Check] = []
        self._faults: dict[str, Fault] = {}
        self._points: list[EntryPoint] = []
        self._loading: EntryPoint | None = None
        self._codes: dict[str, tuple[T, str]] = {}

    def checked_by(self, check: Check) -> Check:
        """Have every description looked at by ``check`` before its function is handed out."""
        self._checks.append(check)
        return check

    def add(self, name: str, **meta: object) -> Callable[[T], T]:
        """Return a decorator that registers a function under ``name``.

        ``meta`` describes it (``title``, ``unit`` ...) and comes back from `meta` and `describe`.
        Raise `BadRequest` if another function already has the name; a plug-in that is being loaded
        becomes a fault instead, so that the others of its file are there.
        """

        def register(function: T) -> T:
            if (problem := self._unusable(name, function)) is not None:
                self._refuse(str(name), function, problem)
            elif name in self._entries and self._is_another(self._entries[name][0], function):
                self._refuse_second(name, self._entries[name][0], function)
            else:
                self._entries[name] = (function, MappingProxyType(dict(meta)))
            return function

        return register

    def _unusable(self, name: object, function: object) -> str | None:
        """Say why nobody could ask for a plug-in by its name, or run it."""
        if not isinstance(name, str) or not name.strip() or not name.isprintable():
            return f"{self.kind} {name!r}: that is no name. Give it a text, such as 'my_own'."
        if not callable(function):
            return f"{self.kind} {name!r} is not a function. Put the decorator above one."
        return None

    def _is_another(self, first: T, second: T) -> bool:
        """Say whether a name is given away twice; a file that is read again gives it once."""
        if self._loading is not None:
            return first is not second
        return _address(first) != _address(second)

    def _refuse_second(self, name: str, first: T, second: T) -> None:
        problem = (
            f"{self.kind} {name!r} is registered twice: in {_address(first)} and in "
            f"{_address(second)}. Rename one of them or uninstall its package."
        )
        # A name of ours stays ours; of two strangers nobody can say which was meant.
        self._refuse(name, second, problem, stays=self._is_ours(first))

    def _refuse(self, name: str, function: T, problem: str, *, stays: bool = False) -> None:
        if self._loading is None:
            raise BadRequest(problem)
        fault = Fault(self.kind, name, owner_of(function, self._loading.dist), problem)
        self._faults[f"{name} of {fault.owner}" if stays else name] = fault

    def get(self, name: str) -> T:
        """Return the function registered under ``name``, or raise `BadRequest`."""
        return self._entry(name)[0]

    def meta(self, name: str) -> Mapping[str, Any]:
        """Return what the function registered under ``name`` says of itself."""
        return self._entry(name)[1]

    def names(self) -> tuple[str, ...]:
        """Return every name that can be had, in alphabetical order; faults are not among them."""
        self.discover()
        return tuple(name for name in sorted(self._entries) if self._fault(name) is None)

    def faults(self) -> tuple[Fault, ...]:
        """Return every plug-in that is left out, with the reason."""
        self.discover()
        found = [self._fault(name) for name in sorted(self._entries)]
        others = [f for name, f in sorted(self._faults.items()) if name not in self._entries]
        return (*(fault for fault in found if fault is not None), *others)

    def owner(self, name: str) -> Owner | None:
        """Return whose a plug-in is; None for one of this package."""
        function = self._entry(name)[0]
        return None if self._is_ours(function) else owner_of(function, self._home(function))

    def code(self, name: str) -> str | None:
        """Return a digest of a plug-in's whole distribution; None for one of this package.

        It is looked at once a process: what was imported then is what runs.
        """
        function = self._entry(name)[0]
        if self._is_ours(function):
            return None
        seen = self._codes.get(name)
        if seen is None or seen[0] is not function:
            seen = self._codes[name] = (function, code_of(function, self._home(function)))
        return seen[1]

    def describe(self) -> list[dict[str, Any]]:
        """Return one record a plug-in: name, title, what it was registered with, meaning."""
        return [self._record(name) for name in self.names()]

    def discover(self) -> None:
        """Import every plug-in once: the package's own files, then installed entry points."""
        if self._found:
            return
        self._found = True
        try:
            if self._package is not None:
                _import_folder(self._package)
            if self._group is not None:
                self._load_entry_points(self._group)
        except BaseException:
            self._found = False
            raise

    def _load_entry_points(self, group: str) -> None:
        follow_moves()
        self._points = sorted(entry_points(group=group), key=lambda p: (p.name, p.value))
        for point in self._points:
            before = dict(self._entries)
            self._loading = point
            try:
                with redirect_stdout(sys.stderr):  # our output is ours: it may be JSON
                    point.load()
                # Looked at now, while the files are still those that were imported.
                for name in self._entries.keys() - before.keys():
                    function = self._entries[name][0]
                    self._codes[name] = (function, code_of(function, point.dist))
            except (Exception, SystemExit) as error:
                self._entries = before
                fault = self._unloadable(point, error)
                self._faults[f"{point.name} of {fault.owner}"] = fault
            finally:
                self._loading = None

    def _unloadable(self, point: EntryPoint, error: BaseException) -> Fault:
        owner = point.dist.name if point.dist is not None else "an installed package"
        version = point.dist.version if point.dist is not None else "?"
        told = f"{type(error).__name__}: {error}".strip().removesuffix(":")
        problem = (
            f"{self.kind} plug-in {point.name!r} ({point.value}) of {owner} cannot be "
            f"loaded: {told}. Repair or uninstall {owner}."
        )
        return Fault(self.kind, point.name, Owner(owner, version), problem)

    def _entry(self, name: str) -> tuple[T, Mapping[str, Any]]:
        if name not in self._entries:
            self.discover()
        fault = self._fault(name)
        if fault is not None:
            raise BadRequest(fault.problem)
        if name not in self._entries:
            broken = [f.problem for key, f in self._faults.items() if key != f.name]
            known = [known for known in self._entries if self._fault(known) is None]
            told = f"{self.kind} {name!r} is not known. {did_you_mean(name, known)}"
            raise BadRequest("\n".join([told, *broken]))
        return self._entries[name]

    def _fault(self, name: str) -> Fault | None:
        if name in self._faults or name not in self._entries:
            return self._faults.get(name)
        function, meta = self._entries[name]
        try:
            for check in self._checks:
                check(name, meta)
        except BadRequest as error:
            if self._is_ours(function):
                return Fault(self.kind, name, Owner("placematters", "this"), str(error))
            owner = owner_of(function, self._home(function))
            return Fault(self.kind, name, owner, f"{error} It is of {owner}.")
        return None

    def _is_ours(self, function: T) -> bool:
        mine = (self._package or __name__).partition(".")[0]
        return str(getattr(function, "__module__", "")).partition(".")[0] == mine

    def _home(self, function: T) -> Distribution | None:
        """Return the distribution whose entry point brought a function."""
        module = str(getattr(function, "__module__", ""))
        near = [p for p in self._points if p.module.partition(".")[0] == module.partition(".")[0]]
        exact = [p for p in near if p.module == module]
        return next((point.dist for point in exact + near), None)

    def _record(self, name: str) -> dict[str, Any]:
        function, meta = self._entries[name]
        meaning = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
        return {"name": name, "title": name, **meta, "meaning": meaning}


def _address(function: Callable[..., Any]) -> str:
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return f"{getattr(function, '__module__', '?')}.{name}"


def _import_folder(package: str) -> None:
    folder = importlib.import_module(package)
    for module in sorted(m.name for m in pkgutil.iter_modules(folder.__path__)):
        if not module.startswith("_"):
            importlib.import_module(f"{package}.{module}")


RULES: Registry[Callable[..., Any]] = Registry("rule", "sim.rules", "placematters.rules")
"""Funding rules: (census, rates, settings) -> pence a school, by clause."""

MEASURES: Registry[Callable[..., Any]] = Registry("measure", "sim.metrics", "placematters.measures")
"""Measures: Dataset of sums -> DataArray."""
