"""Several doses of one policy: ``pupil_need@policy.targeting.envelope_gbp=3e9``.

Behind the ``@`` stand levers, and nothing but levers, that the scenario is to have otherwise. The
whole word is the scenario's name in results.
"""

from __future__ import annotations

import re
import unicodedata

from sim.config.grammar import pieces, plain_value

__all__ = ["display", "in_short", "is_variant", "levers_of", "rejoined"]

_ACRONYMS = {"eia": "EIA", "oa": "OA", "nff": "NFF"}
_LEVER = re.compile(r"policy(\.\w+)+=")


def is_variant(word: str) -> bool:
    """Say whether a word names a scenario with levers of its own.

    >>> is_variant("pupil_need@policy.targeting.envelope_gbp=3e9"), is_variant("world=tiny")
    (True, False)
    """
    return "@" in word.partition("=")[0] and not word.startswith(("~", "policy."))


def levers_of(name: str) -> tuple[str, list[str]]:
    """Part a name into the scenario's and the ``key=value`` words behind the ``@``.

    >>> levers_of("flat@policy.funding.floor=-0.01,policy.post16.transport=true")
    ('flat', ['policy.funding.floor=-0.01', 'policy.post16.transport=true'])
    """
    scenario, found, levers = unicodedata.normalize("NFC", name).partition("@")
    return scenario, list(pieces(levers)) if found else []


def rejoined(parts: list[str]) -> list[str]:
    """Put together what commas parted inside the levers of a scenario.

    >>> rejoined(["a", "b@policy.x.y=[1", "2]", "policy.x.z=3", "c"])
    ['a', 'b@policy.x.y=[1,2],policy.x.z=3', 'c']
    """
    whole: list[str] = []
    for part in parts:
        last = whole[-1] if whole else ""
        is_open = any(last.count(a) > last.count(b) for a, b in ("[]", "{}"))
        if is_variant(last) and (is_open or _LEVER.match(part)):
            whole[-1] = f"{last},{part}"
        else:
            whole.append(part)
    return whole


def display(name: str) -> str:
    """Return the name of a scenario as people read it.

    >>> display("area_list_eia"), display("pupil_need@policy.targeting.envelope_gbp=3e9")
    ('Area list EIA', 'Pupil need (envelope £3bn)')
    """
    scenario, levers = levers_of(name)
    words = [_ACRONYMS.get(word, word) for word in scenario.split("_")]
    text = " ".join(words)
    text = text[:1].upper() + text[1:]
    return f"{text} ({told(levers)})" if levers else text


def told(levers: list[str]) -> str:
    """Return levers in a few words: ``envelope £3bn, transport on``."""
    return ", ".join(_told(lever) for lever in levers)


def in_short(pounds: float) -> str:
    """Write pounds in billions or millions, whatever is needed of them.

    >>> in_short(2.5e9), in_short(-250e6), in_short(12_000.0)
    ('2.5bn', '-250m', '12,000')
    """
    for size, unit in ((1e9, "bn"), (1e6, "m")):
        if abs(pounds) >= size:
            return f"{pounds / size:.10g}{unit}"
    return f"{pounds:,.10g}"


def _told(lever: str) -> str:
    key, _, text = lever.partition("=")
    last = key.rpartition(".")[2]
    name = last.replace("_gbp", "").replace("_", " ")
    value = plain_value(text)
    if isinstance(value, bool):
        return f"{name} {'on' if value else 'off'}"
    if not isinstance(value, int | float):
        return f"{name} {text.strip('[]').replace(',', ', ') if value is not None else 'as usual'}"
    if "gbp" not in last:
        return f"{name} {value:.10g}"
    return f"{name} £{in_short(value)}"
