"""Measures of the public list that this release cannot give, each with the reason."""

from __future__ import annotations

__all__ = ["ABSENT"]

_POST16 = "needs process 7 (post-16 routes), which is not built yet"
_HIGHER = "needs process 8 (higher education), which is not built yet"
_RECRUITMENT = "needs process 9 (recruitment), which is not built yet"
_PROGRESSION = "needs process 10 (promotion and pay to 30), which is not built yet"

ABSENT: dict[str, str] = {
    "post16_options": _POST16,
    "choice_available": _POST16,
    "choice_taken": _POST16,
    "choice_rewarded": "needs processes 7 to 10 (routes and their reward), not built yet",
    "route_shares": _POST16,
    "technical_completion": _POST16,
    "technical_pay_return": "needs processes 7 and 10 (routes, pay), not built yet",
    "post16_sustained_rate": _POST16,
    "level3_rate": _POST16,
    "he_rate": _HIGHER,
    "high_tariff_rate": _HIGHER,
    "degree_completion_rate": _HIGHER,
    "good_degree_rate": _HIGHER,
    "professional_job_rate": _RECRUITMENT,
    "local_professional_jobs_filled": _RECRUITMENT,
    "left_to_get_on_share": _RECRUITMENT,
    "offer_ratio": _RECRUITMENT,
    "promotion_rate": _PROGRESSION,
    "pay": _PROGRESSION,
    "outcome_index": "needs processes 7 to 10 (its four components come after 16)",
    "exchequer_return": "needs process 10 (pay, and the taxes on it), not built yet",
}
