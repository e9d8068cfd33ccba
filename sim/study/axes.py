"""Values of an axis: several values of one key, as they are written on the command line.

``a,b``, ``choice(a,b)`` and ``range(start,stop,step)`` name values. A range ends before ``stop``,
as in Python, and is counted in decimals: 0.1, 0.2 and nothing else for ``range(0.1,0.3,0.1)``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sim.config.grammar import readable, written
from sim.config.variants import is_variant, rejoined
from sim.errors import BadRequest

__all__ = ["axis_problem", "lasting", "scenario_names", "swept", "text_of", "twice"]

MOST_VALUES = 100_000
"""Values of one axis: more are a slip of the pen in a range."""

_WORDS = re.compile(r"^[A-Za-z][A-Za-z-]*( [A-Za-z-]+)+$")  # of a region, which need no quotes
_INSTEAD = {
    "scenario": "Scenarios are named with scenarios=a,b.",
    "scenarios": "Scenarios are named with scenarios=a,b.",
    "draw": "draws=8 runs draws 1 to 8.",
    "replicate": "replicates=10 runs ten replicates of draw 0.",
    "draws": "Give the largest number: draws 1 to that many are run.",
    "replicates": "Give the largest number: that many are run.",
}
_ONE_MACHINE = "Where and how hard to work is one thing for a whole sweep."


def axis_problem(key: str) -> str | None:
    """Return why a key cannot differ between the cells of a sweep, or None if it can."""
    instead = _INSTEAD.get(key)
    if key == "machine" or key.startswith("machine."):
        instead = _ONE_MACHINE
    return None if instead is None else f"{key} cannot be an axis. {instead}"


def lasting(words: Iterable[str]) -> tuple[str, ...]:
    """Leave out how many cells there are: rows say it, and a study may grow."""
    return tuple(w for w in words if w.partition("=")[0] not in ("draws", "replicates"))


def swept(word: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the key and the values, as texts, of a word that names several; else None.

    ``choice(1)`` is an axis of one value. A word that cannot be read is none: what is wrong with
    it is told when it is composed.

    Raises:
        BadRequest: No value, a value twice, or a way of naming values that has no meaning here.

    >>> swept("seed=range(1,3)")
    ('seed', ('1', '2'))
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import ChoiceSweep, RangeSweep
    from hydra.errors import HydraException

    try:
        override = OverridesParser.create().parse_override(readable(word))
        is_sweep = override.is_sweep_override()
    except (HydraException, ValueError, RecursionError):
        return None
    if not is_sweep:
        return None
    key, found = str(override.key_or_group), override.value()
    if not isinstance(found, ChoiceSweep | RangeSweep) or found.shuffle:
        raise BadRequest(
            f"{word}: only a list (a,b), range() and choice() name values. Write {key}=a,b."
        )
    listed = _range(word, found) if isinstance(found, RangeSweep) else found.list
    values = tuple(text_of(value) for value in listed)
    if not values:
        raise BadRequest(f"{word}: no value at all. Give at least one.")
    if twice(values):
        raise BadRequest(f"{word}: a value is given twice. Name each once.")
    return key, values


def _range(word: str, found: Any) -> list[int | float]:
    """Count in decimals, so that no value comes or goes by a rounding of the machine."""
    ends = (found.start, found.stop, found.step)
    try:
        start, stop, step = (Decimal(str(end)) for end in ends)
        steps, rest = divmod(stop - start, step)
        count = max(0, int(steps) + (rest * step > 0))
    except ArithmeticError:
        raise BadRequest(
            f"{word}: no such range. Write range(START,STOP,STEP), with a STEP that leads there."
        ) from None
    if count > MOST_VALUES:
        raise BadRequest(f"{word}: {count:,} values. Give a larger step.")
    whole = all(isinstance(end, int) for end in ends)
    values = [start + number * step for number in range(count)]
    return [int(value) if whole else float(value) for value in values]


def twice(values: Sequence[str]) -> bool:
    """Say whether two texts are the same value: 0 and -0.0 are, as 1e9 and 1000000000.

    >>> twice(["0", "-0.0"]), twice(["true", "1"])
    (True, False)
    """
    return len({_value(text) for text in values}) < len(values)


def _value(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def text_of(value: object) -> str:
    """Write a value in the grammar of the command line, so that it is read back as it is.

    >>> [text_of(value) for value in (None, True, 0.01, "South West", "1", ["a", "b, c"])]
    ['null', 'true', '0.01', 'South West', "'1'", "[a,'b, c']"]
    """
    value = _bare(value)
    if isinstance(value, str) and _WORDS.match(value):
        return value
    return written(value)


def _bare(value: object) -> Any:
    """Return a value without the marks that the grammar leaves on text in quotes."""
    from hydra.core.override_parser.types import QuotedString

    if isinstance(value, QuotedString):
        return value.text
    if isinstance(value, list | tuple):
        return [_bare(entry) for entry in value]
    if isinstance(value, Mapping):
        return {key: _bare(entry) for key, entry in value.items()}
    return value


# ---- names of scenarios ------------------------------------------------------------------------


def scenario_names(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Part a list of scenarios by the names there are: a name may hold a comma or a bracket.

    Args:
        text: What stands behind ``scenarios=``: ``a,b``, ``[a,b]`` or ``choice(a,b)``.
        known: Names of all scenarios.

    Raises:
        BadRequest: The list can be read in two ways, or names one twice or none.

    >>> scenario_names("baseline,a,b", ["baseline", "a,b"])
    ('baseline', 'a,b')
    """
    text = unicodedata.normalize("NFC", text)
    if text not in known:
        for before, after in (("choice(", ")"), ("[", "]")):
            if text.startswith(before) and text.endswith(after):
                text = text[len(before) : -len(after)]
    pieces = _with_levers(_pieces(text))
    known = {*known, *(name for name, quoted in pieces if quoted or is_variant(name))}
    ways = list(_ways([name for name, _ in pieces], [quoted for _, quoted in pieces], known))
    if len(ways) > 1:
        raise BadRequest(
            f"scenarios={text}: can be read in several ways ({'; '.join(map(str, ways[:2]))}). "
            f"Put a name that holds a comma in quotes, inside those of the shell."
        )
    names = ways[0] if ways else tuple(name for name, _ in pieces)
    if not any(names):
        raise BadRequest("scenarios=: no value at all. Give at least one; see: sim list scenarios.")
    if len(set(names)) < len(names):
        raise BadRequest(f"scenarios={text}: a value is given twice. Name each once.")
    return names


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Part a text at its commas; a piece in quotes is whole."""
    pieces, rest = [], text.strip()
    while True:
        found = re.match(r"""(["'])(.*?)\1\s*(?:,|$)""", rest)
        if found:
            pieces.append((found[2], True))
            taken = found.end()
        else:
            piece = re.match(r"(?:\\,|[^,])*", rest)
            assert piece is not None  # it matches nothing at all, too
            pieces.append((piece[0].strip().replace("\\,", ","), False))
            taken = piece.end() + (piece.end() < len(rest))
        if taken >= len(rest):
            return pieces
        rest = rest[taken:].lstrip()


def _with_levers(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Put commas back that stand inside the levers of a scenario, such as ``a@policy.x=[1,2]``."""
    whole: list[tuple[str, bool]] = []
    for name, quoted in pieces:
        joined = rejoined([whole[-1][0], name]) if whole and not (quoted or whole[-1][1]) else []
        if len(joined) == 1:
            whole[-1] = (joined[0], False)
        else:
            whole.append((name, quoted))
    return whole


def _ways(
    pieces: list[str], quoted: list[bool], known: Collection[str]
) -> Iterable[tuple[str, ...]]:
    """Yield the ways (two at most) to put pieces together to names that are known."""
    most = max((name.count(",") for name in known), default=0)
    ways: list[list[tuple[str, ...]]] = [[] for _ in pieces] + [[()]]
    for start in reversed(range(len(pieces))):
        for end in range(start + 1, min(len(pieces), start + 1 + most) + 1):
            for name in {",".join(pieces[start:end]), ", ".join(pieces[start:end])}:
                whole = end == start + 1
                if name in known and (whole or not any(quoted[start:end])):
                    ways[start] += [(name, *rest) for rest in ways[end]]
        ways[start] = ways[start][:2]
    return ways[0]
