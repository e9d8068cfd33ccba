"""What the project decides or takes from lists in words, and the derivation needs.

Postcode districts name parts of authorities that have no code of their own in the source files.
"""

from __future__ import annotations

__all__ = [
    "BROAD_MEMBERS",
    "FRINGE_DISTRICTS",
    "HERITAGE_MEMBERS",
    "JOINED",
    "OPPORTUNITY_AREAS",
    "TENTH_WEIGHTS",
]

JOINED = {"E09000001": "E09000007", "E06000053": "E06000052"}
"""Authorities counted with another: City of London with Camden, Isles of Scilly with Cornwall."""

OPPORTUNITY_AREAS: dict[str, tuple[str, str]] = {
    "E06000009": ("Blackpool", ""),
    "E08000032": ("Bradford", ""),
    "E06000015": ("Derby", ""),
    "E08000017": ("Doncaster", ""),
    "E08000004": ("Oldham", ""),
    "E06000021": ("Stoke-on-Trent", ""),
    "E10000020": ("Norwich", "NR1 NR2 NR3 NR4 NR5 NR7"),
    "E10000029": ("Ipswich", "IP1 IP2 IP3 IP4"),
    "E10000011": ("Hastings", "TN34 TN35 TN37 TN38"),
    "E06000065": ("North Yorkshire Coast", "YO11 YO12 YO13 YO14 YO21 YO22"),
    "E06000066": ("West Somerset", "TA22 TA23 TA24"),
    "E10000003": ("Fenland and East Cambridgeshire", "PE13 PE14 PE15 PE16 CB6 CB7"),
}
"""Authority code -> name of its Opportunity Area and postcode districts (none: all of it)."""

FRINGE_DISTRICTS: dict[str, tuple[str, bool]] = {
    "E06000060": ("HP5 HP6 HP7 HP8 HP9 SL0 SL1 SL2 SL3 SL9 UB9", True),
    "E10000012": (
        "SS11 SS12 SS13 SS14 SS15 SS16 CM4 CM5 CM11 CM12 CM13 CM14 CM15 CM16 CM17 CM18 CM19 CM20 "
        "IG7 IG9 IG10 EN9 RM4",
        True,
    ),
    "E10000016": ("DA1 DA2 DA3 DA4 DA9 DA10 BR8 TN8 TN13 TN14 TN15 TN16", True),
    "E10000015": ("SG1 SG2 SG3 SG4 SG5 SG6 SG7 SG8", False),
    "E10000032": ("RH10 RH11", True),
}
"""Authority code -> postcode districts of its London fringe part (False: all but these)."""

TENTH_WEIGHTS = {
    "E06000012": 7,
    "E06000017": 2,
    "E06000018": 7,
    "E06000024": 6,
    "E06000032": 10,
    "E06000035": 8,
    "E06000041": 6,
    "E06000045": 12,
    "E06000050": 11,
    "E06000051": 9,
    "E06000054": 8,
    "E06000055": 16,
    "E06000062": 5,
    "E06000063": 8,
    "E08000013": 10,
    "E08000017": 7,
    "E08000022": 15,
    "E08000030": 11,
    "E08000033": 10,
    "E09000004": 7,
    "E09000018": 5,
    "E09000019": 11,
    "E09000021": 14,
    "E09000023": 5,
    "E10000011": 5,
}
"""The 25 whole areas of the world ``tenth`` and how many areas like itself each stands for.

Chosen by simulated annealing so that about a hundred national margins agree: pupils by region and
phase, disadvantaged pupils by affluence fifth, Opportunity and Education Investment Areas,
rurality, distances, language, heritage, qualifications, pay, segregation, grammar share and school
sizes. No result of pupils was among the margins.
"""

HERITAGE_MEMBERS: dict[str, tuple[str, ...]] = {
    "white_british": ("white_british", "unclassified"),
    "white_other": ("white_irish", "gypsy_roma", "irish_traveller", "white_other"),
    "indian_chinese": ("indian", "chinese"),
    "pakistani": ("pakistani",),
    "bangladeshi": ("bangladeshi",),
    "asian_other": ("asian_other",),
    "black_african": ("black_african", "black_other"),
    "black_caribbean": ("black_caribbean",),
    "white_black_caribbean": ("mixed_white_black_caribbean",),
    "other_mixed": ("mixed_other", "mixed_white_asian", "mixed_white_black_african"),
    "any_other": ("any_other",),
}
"""Heritage group of the model -> the census groups in it; those not classified go with the most."""

BROAD_MEMBERS = {
    "white_british": ("white_british",),
    "white_other": ("white_other",),
    "asian": ("indian_chinese", "pakistani", "bangladeshi", "asian_other"),
    "black": ("black_african", "black_caribbean"),
    "mixed_any_other": ("white_black_caribbean", "other_mixed", "any_other"),
}
"""Broad group with a published FSM rate -> the heritage groups of the model in it."""
