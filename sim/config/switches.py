"""Switches: mechanisms, each of which can be turned off to see what it does.

How things are without one stands with its field; ``conf/config.yaml`` has it from here.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sim.config.strict import Strict

__all__ = ["Switches"]


def switch(off: str, *, heading: str = "", on: bool = True) -> bool:
    """Declare a switch.

    Args:
        off: How things are when it is off.
        heading: What the manual writes above it, where another kind begins.
        on: Whether it is on unless a request says otherwise.
    """
    extra: dict[str, Any] = {"heading": heading}
    return Field(default=on, description=off, json_schema_extra=extra)


class Switches(Strict):
    """Mechanisms, each of which can be turned off to see what it does."""

    allocation: bool = switch(
        "schools are paid for heads, nothing is known of needs",
        heading="The ten processes of the year",
    )
    plans: bool = switch("all margin goes to extra staff, no programmes")
    teachers: bool = switch("all schools are staffed alike")
    admissions: bool = switch("every family wants the nearest school")
    learning: bool = switch("attainment stays as it was before Reception")
    assessment: bool = switch("marks are the truth, without measurement error")
    post16: bool = switch("everybody goes to a technical college; routes make no difference")
    higher: bool = switch("nobody enters higher education, then or later")
    recruitment: bool = switch("posts go by luck alone, and schemes do not look at results")
    progression: bool = switch("nobody is promoted, pay hangs on the level of the job alone")
    money: bool = switch("a pound changes no child", heading="Mechanisms inside them")
    background: bool = switch("family, heritage and neighbourhood change no child")
    peers: bool = switch("classmates change no child")
    critical_mass: bool = switch("support does not depend on how many need it")
    early_support: bool = switch("no denser early support where many need it")
    setting: bool = switch("no loss from rank or set below a school's mean")
    fade: bool = switch("gains last for ever")
    value_added: bool = switch("schools differ only in what they have and whom they teach")
    fixed_costs: bool = switch("programmes need no critical mass of money")
    reputation: bool = switch("families do not follow results")
    practice: bool = switch("practice does not spread between schools")
    moves: bool = switch("nobody changes school during a year")
    grammar: bool = switch("no selective schools")
    isolation: bool = switch("travel to 18 takes the national mean; remoteness deters no student")
    terrain: bool = switch("a country mile takes no longer than a town mile")
    offer: bool = switch("places after 16 are as plentiful everywhere")
    attachment: bool = switch(
        "no special liking for the home region; travel and leaving home weigh the same "
        "whatever parents do"
    )
    neighbours: bool = switch("older neighbours' routes change nobody's")
    after_school_background: bool = switch(
        "from 16 on, free meals, parents' jobs and the deprivation of the home change no "
        "chance at equal results"
    )
    heritage_gaps: bool = switch(
        "being disadvantaged takes the same from children of every heritage, but for the slope of "
        "income"
    )
    late_arrivals: bool = switch(
        "who comes after Year 6 is as frequent in every heritage group, and does as well at 16 as "
        "others"
    )
    parents_by_place: bool = switch("poor parents are as well educated everywhere")
    fade_by_source: bool = switch(
        "what early support and critical mass made fades at 11 like all else"
    )
    drift: bool = switch("value added and what is unexplained of areas last for ever")
    cohort_shocks: bool = switch("no year of its own in the results of an area at 11 and at 16")
    sex: bool = switch("girls and boys do alike, at school and after")
    special_needs: bool = switch("nobody has special educational needs")
    local_work: bool = switch(
        "unemployment around home changes no route, and everybody who is not studying looks for "
        "work every year"
    )
    causal_gains: bool = switch(
        "what money adds to a result at 16 counts afterwards like any other difference in it"
    )
    pay_by_level: bool = switch(
        "regions differ in pay by what all who live there are paid, whatever their jobs"
    )
    local_labour_markets: bool = switch(
        "the labour market is nine regions, and nobody goes to work in another one every day"
    )
    tariff_places: bool = switch(
        "universities of high tariff have a place for everybody who is good enough"
    )
    attendance: bool = switch("every child misses as much of school as such homes do on average")
    teachers_market: bool = switch(
        "teachers hear of no pay, no development and no other post; who leaves and who comes hangs "
        "on disadvantage alone"
    )
    primary_push: bool = switch(
        "no push of a whole primary where many are disadvantaged, most of which fades at 11",
        heading="Off unless asked for: of no known size",
        on=False,
    )
