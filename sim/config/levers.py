"""Levers paid with new money, declared once: the field of `Policy` says what each does and costs.

The line of the record that holds its cost, the measures of cost by payer, its words in `sim list`
and its entry in ``conf/config.yaml`` follow from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel

from sim.config.values import Values

__all__ = ["Lever", "Payer", "declared"]

Payer = Literal["public", "universities", "employers"]


@dataclass(frozen=True)
class Lever:
    """What a lever's field says of it beside type, bounds and default (`typing.Annotated`).

    Attributes:
        meaning: What it is, in a few words.
        manual: Its comment in ``conf/config.yaml``.
        payer: Who pays: new money, none that the formula gives. None: it costs nothing by itself.
        price: Reads, among all beliefs, the price of a unit of what it buys, GBP. None: the lever
            is itself in pounds.
        books: Line of the record under which its cost is added up; the field's name if empty.
    """

    meaning: str
    manual: str
    payer: Payer | None = None
    price: Callable[[Values], float] | None = None
    books: str = ""


def declared(policy: type[BaseModel]) -> Mapping[str, Lever]:
    """Return what the fields of a policy's groups declare, by their keys under ``policy``.

    >>> from sim.config import Policy
    >>> declared(Policy)["higher.student_success"].payer
    'universities'
    """
    found: dict[str, Lever] = {}
    for group, holder in policy.model_fields.items():
        kind = holder.annotation
        assert isinstance(kind, type) and issubclass(kind, BaseModel), group
        for name, field in kind.model_fields.items():
            for lever in field.metadata:
                if isinstance(lever, Lever):
                    found[f"{group}.{name}"] = replace(lever, books=lever.books or name)
    return MappingProxyType(found)
