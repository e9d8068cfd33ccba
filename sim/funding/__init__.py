"""What all funding rules share, each step from a count of pupils to pence a school.

`census` is what a rule may know of schools, `lines` the clauses of the national formula,
`protection` minimum levels, floors and who pays for them, `targeting` and `trigger` who gets
targeted money, `grants` what comes out, `checks` what a rule may return, `doses` how far pounds
can go before no study has seen the like.
"""
