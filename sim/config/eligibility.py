"""Who counts as eligible for free meals where money is paid out: a lever with a date.

Children are labelled by the rule of today whatever is set here (`sim.year.households`): the label
alone acts in learning, in groups and after school. A dated rule keeps a second register, which
money follows as far as each setting says.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, model_validator

from sim.config.strict import Strict

__all__ = ["Eligibility"]

FIRST_AUTUMN = 2025
"""The first autumn with another rule: before that of 2024 households have had policy year 1."""


LAST_AUTUMN = FIRST_AUTUMN + 59


def _autumn(given: object) -> object:
    """Accept the year of an autumn, as a plain number."""
    if given is None:
        return None
    plain = isinstance(given, int) and not isinstance(given, bool)
    if not plain or not FIRST_AUTUMN <= int(str(given)) <= LAST_AUTUMN:
        raise ValueError(
            f"{given!r} is not an autumn from {FIRST_AUTUMN} to {LAST_AUTUMN}; write its year, "
            f"such as 2026 for September 2026, or null"
        )
    return given


Autumn = Annotated[int | None, BeforeValidator(_autumn)]


class Eligibility(Strict):
    """Free meals for every household on Universal Credit, and what money follows them."""

    universal_credit_from: Autumn = None
    ends_protection: bool | None = None
    fsm: bool | None = None
    fsm6: bool | None = None
    premium: bool | None = None
    targeting: bool | None = None
    programmes: bool | None = None

    @model_validator(mode="after")
    def _says_all_or_nothing(self) -> Eligibility:
        told = {name: value for name, value in self if name != "universal_credit_from"}
        unsaid = [name for name, value in told.items() if value is None]
        if self.universal_credit_from is not None and unsaid:
            raise ValueError(
                f"universal_credit_from={self.universal_credit_from} leaves open what follows "
                f"newly eligible pupils; say true or false for {', '.join(unsaid)} too"
            )
        if self.universal_credit_from is None and len(unsaid) < len(told):
            said = next(name for name, value in told.items() if value is not None)
            raise ValueError(
                f"{said} has no meaning without a date; give universal_credit_from, the autumn "
                f"from which households on Universal Credit are eligible, such as 2026"
            )
        return self
