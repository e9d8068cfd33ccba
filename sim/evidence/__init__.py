"""Is it England, and does it hold: the scorecard, what each belief moves, what decides.

`structure`, `results` and `after_school` read what published figures can be held against,
`scorecard` holds them; `probes` and ``moves_*`` look at what a belief is said to move; `doubt`
measures which beliefs decide what a policy does.
"""
