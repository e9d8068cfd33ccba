"""What people ask for by the words of the field, and what this release has instead."""

from __future__ import annotations

import re

__all__ = ["instead_of"]

_RATES = (
    "single rates are policy.funding.rates.NAME under policy.funding.rule=rates, such as "
    "policy.funding.rates.fsm6=2500; docs/formula.md"
)
_INSTEAD = (
    (
        r"mfg|minimum.*guarantee|funding.*guarantee",
        "the minimum funding guarantee (MFG) is policy.funding.floor, such as "
        "policy.funding.floor=-0.015",
    ),
    (
        r"lump.*",
        "the lump sum is policy.funding.rates.lump under policy.funding.rule=rates, such as "
        "policy.funding.rates.lump=120000; docs/formula.md",
    ),
    (
        r".*high_?needs?.*|block_transfer|transfer.*|dsg.*",
        "a transfer between blocks is no lever in this release: the pot for schools is constant. "
        "policy.funding.extra_gbp_per_pupil adds money from outside it, and nothing takes any out",
    ),
    (r"mppl|minimum_per_pupil.*", "minimum per-pupil levels are policy.funding.minimum_levels"),
    (
        r"capping|scaling|capping_and_scaling|gains_cap",
        "capping and scaling are policy.funding.cap and policy.funding.closure=scale_gains",
    ),
    (
        r"places?",
        "places=Cornwall,Hackney is of sim compare, which gives these areas rows of their own (in "
        "Python sim.compare(..., places=[...])); policy.targeting.areas gives areas money",
    ),
    (
        r"awpu|basic_entitlement.*|ks[1-4](_.*)?|primary_rate|secondary_rate|(.*_)?rates?|"
        r"(fsm6?|ever_?6|idaci|eal|lpa|low_prior_attainment|mobility|sparsity|aca)(_.*)?",
        _RATES,
    ),
)


def instead_of(key: str) -> str | None:
    """Return what comes near a lever that is not there, or None if the words say nothing.

    >>> instead_of("policy.funding.mfg").partition(",")[0]
    'the minimum funding guarantee (MFG) is policy.funding.floor'
    """
    last = key.rpartition(".")[2].lower().replace("-", "_")
    return next((told for words, told in _INSTEAD if re.fullmatch(words, last)), None)
