"""Named, documented plug-ins: funding rules and measures.

A plug-in is one decorated function in one file. Files in the package's own folder are found by
themselves; other distributions offer theirs through the entry-point groups
``placematters.rules`` and ``placematters.measures`` (each entry names a module). YAML may only
name what is registered here, so a configuration file cannot run code.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sim.errors import BadRequest, did_you_mean

__all__ = ["MEASURES", "RULES", "Registry"]

T = TypeVar("T", bound=Callable[..., Any])


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

    def add(self, name: str, **meta: Any) -> Callable[[T], T]:
        """Return a decorator that registers a function under ``name``.

        ``meta`` describes it (``title``, ``unit`` ...) and comes back from `meta` and `describe`.
        Raise `BadRequest` if another function already has the name.
        """

        def register(function: T) -> T:
            holder = self._entries.get(name)
            if holder is not None and _address(holder[0]) != _address(function):
                raise BadRequest(
                    f"{self.kind} {name!r} is registered twice: in {_address(holder[0])} and in "
                    f"{_address(function)}. Rename one of them or uninstall its package."
                )
            self._entries[name] = (function, MappingProxyType(dict(meta)))
            return function

        return register

    def get(self, name: str) -> T:
        """Return the function registered under ``name``, or raise `BadRequest`."""
        return self._entry(name)[0]

    def meta(self, name: str) -> Mapping[str, Any]:
        """Return what the function registered under ``name`` says of itself."""
        return self._entry(name)[1]

    def names(self) -> tuple[str, ...]:
        """Return every known name, in alphabetical order."""
        self.discover()
        return tuple(sorted(self._entries))

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
        for point in sorted(entry_points(group=group), key=lambda p: (p.name, p.value)):
            try:
                point.load()
            except BadRequest:
                raise
            except Exception as error:
                owner = point.dist.name if point.dist is not None else "an installed package"
                raise BadRequest(
                    f"{self.kind} plug-in {point.name!r} ({point.value}) of {owner} cannot be "
                    f"loaded: {type(error).__name__}: {error}. Repair or uninstall {owner}."
                ) from error

    def _entry(self, name: str) -> tuple[T, Mapping[str, Any]]:
        if name not in self._entries:
            self.discover()
        if name not in self._entries:
            raise BadRequest(
                f"{self.kind} {name!r} is not known. {did_you_mean(name, self._entries)}"
            )
        return self._entries[name]

    def _record(self, name: str) -> dict[str, Any]:
        function, meta = self._entries[name]
        meaning = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
        return {"name": name, "title": name, **meta, "meaning": meaning}


def _address(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _import_folder(package: str) -> None:
    folder = importlib.import_module(package)
    for module in sorted(m.name for m in pkgutil.iter_modules(folder.__path__)):
        if not module.startswith("_"):
            importlib.import_module(f"{package}.{module}")


RULES: Registry[Callable[..., Any]] = Registry("rule", "sim.rules", "placematters.rules")
"""Funding rules: (census, rates, settings) -> pence a school, by clause."""

MEASURES: Registry[Callable[..., Any]] = Registry("measure", "sim.metrics", "placematters.measures")
"""Measures: Dataset of sums -> DataArray."""
