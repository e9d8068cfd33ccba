"""Money by depth of low income, its duration and its place: what a formula of 2026 might count.

The white paper of 2026 named the three and no number, so that none of these has a default: a file
that names the rule says them all.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sim.config.strict import Strict

__all__ = ["BY_DEPTH", "STEPS", "Depth"]

BY_DEPTH = "income_depth"
"""Name of the rule that pays by depth of low income."""

STEPS = ("deep_long", "deep_short", "low_long", "low_short", "above")
"""Steps of low income as the census counts them, from the deepest; each at home in a place that
counts, and elsewhere."""

_THOUSAND = 1000

Lines = Annotated[
    tuple[Literal["fsm", "fsm6", "idaci"], ...] | None,
    BeforeValidator(lambda given: tuple(given) if isinstance(given, list) else given),
]
Weight = Annotated[float | None, Field(ge=0.0, le=10.0)]


class Depth(Strict):
    """Where steps of this year's income lie, and what a pupil on each weighs.

    ``deep_sd``: household SD below the line of free meals from which income is deep; ``above_sd``:
    how far above the line it still counts. ``long_share``: share of school years registered from
    which it is long. ``place`` multiplies the weight of those whose home lies in IDACI bands A to
    C. ``replaces``: lines of the formula whose pounds are shared out by these weights.
    """

    deep_sd: float | None = Field(default=None, ge=0.0, le=3.0)
    above_sd: float | None = Field(default=None, ge=0.0, le=3.0)
    long_share: float | None = Field(default=None, ge=0.0, le=1.0)
    deep_long: Weight = None
    deep_short: Weight = None
    low_long: Weight = None
    low_short: Weight = None
    above: Weight = None
    place: float | None = Field(default=None, ge=1.0, le=5.0)
    replaces: Lines = None

    def thousandths(self) -> tuple[int, ...]:
        """Return weights by cell of the census: steps elsewhere, then where the place counts.

        >>> Depth(deep_long=1.5, above=0.3, place=2.0).thousandths()
        (1500, 0, 0, 0, 300, 3000, 0, 0, 0, 600)
        """
        plain = [getattr(self, step) or 0.0 for step in STEPS]
        placed = [(self.place or 1.0) * one for one in plain]
        return tuple(round(_THOUSAND * one) for one in (*plain, *placed))

    def problem(self, rule: str) -> str | None:
        """Say what is missing beside a rule, or has no meaning beside it; None if all is well."""
        told = dict(self)
        unsaid = [f"policy.funding.depth.{name}" for name, value in told.items() if value is None]
        if rule != BY_DEPTH:
            said = [name for name, value in told.items() if value is not None]
            if not said:
                return None
            return (
                f"policy.funding.depth.{said[0]} has no meaning under rule {rule!r}; write "
                f"policy.funding.rule={BY_DEPTH} beside it, or leave it out"
            )
        if unsaid:
            return (
                f"policy.funding.rule={BY_DEPTH} has no numbers of its own; give {unsaid[0]}"
                + (f" and {len(unsaid) - 1} more" if len(unsaid) > 1 else "")
                + ", or start from the scenario income_depth"
            )
        if not any(told[step] for step in STEPS):
            return "policy.funding.depth: every step weighs nothing; give one of them a weight"
        if not self.replaces:
            return (
                "policy.funding.depth.replaces names no line, so that there is no money to share "
                "out; name fsm, fsm6 or idaci, such as [fsm6,idaci]"
            )
        return None
