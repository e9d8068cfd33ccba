"""A set of beliefs that lies in several files: ``files: [learning, teachers]``.

The named files stand in the folder of the set's own name beside it (``default.yaml`` and
``default/learning.yaml``), and each holds the one group that it is named like. ``others`` at the
end stands for every further file of the folder, in alphabetical order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sim.config.scan import Source, read_file
from sim.errors import did_you_mean

__all__ = ["Parted", "files_in", "read_set"]

_KEY = "files"
_OTHERS = "others"


@dataclass
class Parted(Source):
    """What a set's files say as if they were one; each key is still placed in its own file."""

    parts: dict[str, Source] = field(default_factory=dict)

    @property
    def paths(self) -> list[Path]:
        """Every file of the set, the one that names the others first."""
        return [self.path, *(part.path for part in self.parts.values())]

    def place(self, dotted: str) -> str:
        """Return file and line of a key, or of the nearest key that holds it."""
        part = self.parts.get(dotted.partition(".")[0])
        return part.place(dotted) if part is not None else super().place(dotted)


def read_set(path: Path) -> Parted:
    """Read a set of beliefs with the files it names; like any source, empty if something is wrong.

    Its groups come in the order of ``files``, then those of the file itself.
    """
    own = read_file(path)
    names = own.content.pop(_KEY, None)
    whole = Parted(path, own.content, own.lines, own.problems)
    if names is None:
        return whole
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        whole.problems = [f"{own.place(_KEY)}: {_KEY}: not a list of names. Write {_KEY}: [a, b]."]
        return whole
    for number, name in enumerate(_written_out(names, _folder(whole))):
        whole.problems += _add(whole, name, own.place(f"{_KEY}.{number}"))
    whole.problems += _unnamed(whole)
    whole.content = {}
    for part in (*whole.parts.values(), own):
        whole.lines |= part.lines
        whole.content |= {} if whole.problems else part.content
    return whole


def files_in(folder: Path) -> Iterator[Path]:
    """Yield every file that a set of beliefs in a folder may be read from."""
    for ending in ("*.yaml", "*.yml"):
        for path in folder.glob(ending):
            yield path
            yield from path.with_suffix("").glob("*.yaml")


def _folder(whole: Parted) -> Path:
    return whole.path.with_suffix("")


def _written_out(names: list[str], folder: Path) -> list[str]:
    """Return the names with those that ``others`` at the end stands for."""
    if names[-1:] != [_OTHERS]:
        return names
    *first, _ = names
    return [*first, *sorted({path.stem for path in folder.glob("*.yaml")} - set(first))]


def _add(whole: Parted, name: str, place: str) -> list[str]:
    """Add a file to its set; return what is wrong with it."""
    if name in whole.parts or name in whole.content:
        return [f"{place}: {name} is given twice. Keep one."]
    path = _folder(whole) / f"{name}.yaml"
    if not path.is_file():
        near = did_you_mean(name, [other.stem for other in _folder(whole).glob("*.yaml")])
        return [f"{place}: there is no file {str(path)!r}. {near}"]
    whole.parts[name] = part = read_file(path)
    if part.problems or list(part.content) == [name]:
        return part.problems
    other = next((key for key in part.content if key != name), name)
    return [
        f"{part.place(other)}: a file of a set holds the one group that it is named like, "
        f"{name}. Write its records under {name}:."
    ]


def _unnamed(whole: Parted) -> list[str]:
    """Name files beside the others that would be read by nobody."""
    return [
        f"{path}: {whole.path} does not name it. Add {path.stem} to its {_KEY}, or take it away."
        for path in sorted(_folder(whole).glob("*.yaml"))
        if path.stem not in whole.parts
    ]
