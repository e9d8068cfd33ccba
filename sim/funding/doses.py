"""How far pounds a pupil can go before no study of money has seen the like."""

from __future__ import annotations

__all__ = ["EVIDENCE_GBP", "EVIDENCE_SOURCE", "dose_mark"]

EVIDENCE_GBP = 3_000
"""Pounds a year for each pupil reached, 2024-25 prices, up to which effects have been measured."""

EVIDENCE_SOURCE = "the largest programmes in Jackson and Mackevicius (2024)"


def dose_mark(pounds: float, whom: str = "pupil reached") -> str:
    """Return a warning where a yearly dose lies outside the evidence, else nothing.

    Args:
        pounds: Targeted pounds a year for each disadvantaged pupil of the schools that get some.
        whom: Who is reached, in the singular.

    >>> dose_mark(2_999.0)
    ''
    >>> dose_mark(float("nan"))
    ''
    >>> dose_mark(33_703.0, "pupil reached").split(": ")[0]
    'GBP 33,703 a pupil reached is outside the evidence'
    """
    if not pounds > EVIDENCE_GBP:  # also where nobody is reached, and there is no dose
        return ""
    return (
        f"GBP {pounds:,.0f} a {whom} is outside the evidence: it ends at about "
        f"GBP {EVIDENCE_GBP:,} a pupil a year ({EVIDENCE_SOURCE}). Do not read the effect as known"
    )
