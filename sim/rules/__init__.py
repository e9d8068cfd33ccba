"""Funding rules: one plug-in a file (`nff`, `flat`, `need_weighted`), and what rules share.

`census` is what a rule may know of schools, `lines` the clauses of the national formula,
`protection` minimum levels, floors and who pays for them, `targeting` and `trigger` who gets
targeted money. A rule is a function ``(census, rates, funding) -> {clause: pence a school}``
registered with ``sim.registry.RULES``.
"""
