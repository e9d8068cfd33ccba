"""What local authorities of England are called in files of other people.

The Department for Education numbers them, the Office for National Statistics gives a new code
when a boundary moves, and names are written in many ways. What became of the authorities of earlier
years is in :mod:`sim.config.old_areas`.

References:
    DfE, *Local authority codes*; ONS, *Register of geographic codes* and its code history.
"""

from __future__ import annotations

import re
import unicodedata

from sim.config.old_areas import OLD, SAME, old_keys

__all__ = ["GONE", "NOT_MODELLED", "NUMBERS", "OTHER_CODES", "OTHER_NAMES", "plain"]

_TABLE = """
    E06000001 805  E06000002 806  E06000003 807  E06000004 808  E06000005 841  E06000006 876
    E06000007 877  E06000008 889  E06000009 890  E06000010 810  E06000011 811  E06000012 812
    E06000013 813  E06000014 816  E06000015 831  E06000016 856  E06000017 857  E06000018 892
    E06000019 884  E06000020 894  E06000021 861  E06000022 800  E06000023 801  E06000024 802
    E06000025 803  E06000026 879  E06000027 880  E06000030 866  E06000031 874  E06000032 821
    E06000033 882  E06000034 883  E06000035 887  E06000036 867  E06000037 869  E06000038 870
    E06000039 871  E06000040 868  E06000041 872  E06000042 826  E06000043 846  E06000044 851
    E06000045 852  E06000046 921  E06000047 840  E06000049 895  E06000050 896  E06000051 893
    E06000052 908  E06000053 420  E06000054 865  E06000055 822  E06000056 823  E06000057 929
    E06000058 839  E06000059 838  E06000060 825  E06000061 940  E06000062 941  E06000063 942
    E06000064 943  E06000065 815  E06000066 933  E08000001 350  E08000002 351  E08000003 352
    E08000004 353  E08000005 354  E08000006 355  E08000007 356  E08000008 357  E08000009 358
    E08000010 359  E08000011 340  E08000012 341  E08000013 342  E08000014 343  E08000015 344
    E08000016 370  E08000017 371  E08000018 372  E08000019 373  E08000021 391  E08000022 392
    E08000023 393  E08000024 394  E08000025 330  E08000026 331  E08000027 332  E08000028 333
    E08000029 334  E08000030 335  E08000031 336  E08000032 380  E08000033 381  E08000034 382
    E08000035 383  E08000036 384  E08000037 390  E09000001 201  E09000002 301  E09000003 302
    E09000004 303  E09000005 304  E09000006 305  E09000007 202  E09000008 306  E09000009 307
    E09000010 308  E09000011 203  E09000012 204  E09000013 205  E09000014 309  E09000015 310
    E09000016 311  E09000017 312  E09000018 313  E09000019 206  E09000020 207  E09000021 314
    E09000022 208  E09000023 209  E09000024 315  E09000025 316  E09000026 317  E09000027 318
    E09000028 210  E09000029 319  E09000030 211  E09000031 320  E09000032 212  E09000033 213
    E10000003 873  E10000007 830  E10000008 878  E10000011 845  E10000012 881  E10000013 916
    E10000014 850  E10000015 919  E10000016 886  E10000017 888  E10000018 855  E10000019 925
    E10000020 926  E10000024 891  E10000025 931  E10000028 860  E10000029 935  E10000030 936
    E10000031 937  E10000032 938  E10000034 885
"""

NUMBERS = dict(zip(_TABLE.split()[1::2], _TABLE.split()[::2], strict=True))
"""ONS code by DfE number."""

OTHER_CODES = {key: one.became[0] for one in OLD if one.how == SAME for key in old_keys(one)}
"""ONS code by codes and numbers of earlier or later years, where the area is the same."""

OTHER_NAMES = {
    "hull": "E06000010", "east riding": "E06000011", "durham": "E06000047",
    "bournemouth and poole": "E06000058", "bcp": "E06000058", "brighton": "E06000043",
    "southend": "E06000033", "stoke": "E06000021", "telford": "E06000020",
    "newcastle": "E08000021", "isle of wight": "E06000046",
}  # fmt: skip
"""ONS code by names that people write, as `plain` leaves them."""

NOT_MODELLED = {
    **dict.fromkeys(("e09000001", "201", "city of london", "london, city of"), "City of London"),
    **dict.fromkeys(("e06000053", "420", "isles of scilly", "scilly"), "Isles of Scilly"),
}
"""Authorities too small to be simulated, by code, number and name without capitals."""

_COUNCIL = re.compile(
    r" (?:(?:city|county|borough|district|metropolitan|unitary) )*(?:council|authority)$"
    r"| (?:city|county)$"
    r"| (?:metropolitan |london |royal )*borough$| (?:city|county) of$"
    r"| (?:london |royal |metropolitan )*borough of$| (?:ua|mbc|cc|bc|lb)$"
)
_STYLE = re.compile(
    r"^(?:the )?(?:(?:(?:london|royal|metropolitan)[ ])*borough of|(?:city|county)(?: and "
    r"(?:county|city))? of|lb of|lb|rb of) "
)


def plain(name: str) -> str:
    """Return a name as it is compared: no capitals, signs, styles or words for the council.

    >>> plain("Bristol, City of"), plain("London Borough of Hackney"), plain("St. Helens")
    ('bristol', 'hackney', 'st helens')
    """
    whole = re.sub(r"\(.*\)$", "", name.strip())  # such as (Pre LG): before it was merged
    folded = unicodedata.normalize("NFKD", whole.casefold().replace("&", " and "))
    words = re.sub(r"[^a-z0-9]+", " ", folded.replace("'", "")).strip()
    words = re.sub(r"\bsaint\b", "st", words)
    return _STYLE.sub("", _COUNCIL.sub("", words))


GONE = {
    key: one
    for one in OLD
    if one.how != SAME
    for key in (*map(str.casefold, old_keys(one)), plain(one.name))
}
"""Authorities that are no more, by code and number without capitals and by name: none of today is
what they were."""
