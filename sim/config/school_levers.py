"""Levers of schools beside the formula: what each is, who pays, and the belief on its price."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.config.levers import Lever
from sim.config.strict import Strict

__all__ = ["Schools"]


class Schools(Strict):
    """What schools are given for one purpose: new money beside the formula."""

    cpd: Annotated[
        float,
        Lever(
            "share of the full cost of teachers' development paid in every school",
            "teachers' development paid in every school, 0 to 1: 1 is a full year's course of 35 "
            "hours for every teacher",
            payer="public",
            price=lambda values: values.plans.cpd_cost_gbp,
        ),
    ] = Field(default=0.0, ge=0.0, le=1.0)
    tutoring: Annotated[
        float,
        Lever(
            "share of disadvantaged pupils whose tutoring is paid",
            "share of disadvantaged pupils (ever-6) whose tutoring is paid in every school, 0 to 1",
            payer="public",
            price=lambda values: values.plans.tutoring_cost_gbp,
        ),
    ] = Field(default=0.0, ge=0.0, le=1.0)
    evidence: Annotated[
        float,
        Lever(
            "how far schools are led to follow evidence in what they buy",
            "how far every school is led, on from today, to follow the evidence in what it buys, "
            "as far as that is secure, 0 to 1",
            payer="public",
            price=lambda values: values.plans.evidence_cost_gbp,
        ),
    ] = Field(default=0.0, ge=0.0, le=1.0)
    retention_pay_gbp: Annotated[
        float,
        Lever(
            "pounds a year on top of the pay of each teacher of a listed place",
            "pounds a year on top of the pay of each teacher in Education Investment Areas; what "
            "employers pay on top of pay is paid too. It moves teachers where switches."
            "teachers_market is on",
            payer="public",
            books="retention_pay",
        ),
    ] = Field(default=0.0, ge=0.0, le=20_000.0)
    retention_pay_everywhere: Annotated[
        bool,
        Lever(
            "that pay is for teachers of all schools",
            "true: that pay is for the teachers of all schools",
        ),
    ] = False
    attendance: Annotated[
        float,
        Lever(
            "how far every school works on attendance",
            "how far every school works on attendance, 0 to 1: officers, letters and mentors for "
            "the pupils who miss much",
            payer="public",
            price=lambda values: values.attendance.work_cost_gbp,
        ),
    ] = Field(default=0.0, ge=0.0, le=1.0)
