"""Authorities of earlier years: their codes, numbers and names, and what became of each.

One row an authority that is no more, or that got a new code. Where the ground is the same, or a
border moved by a few homes, its codes mean the area of today; where it was divided, or became part
of something larger, nothing of today is what it was, so it is refused with the names of today.

References:
    The Orders named in each row (legislation.gov.uk); codes: ONS, *Code History Database*; numbers:
    DfE, *Local authority codes*.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DIVIDED", "OLD", "PART", "SAME", "Old", "old_keys"]

SAME, DIVIDED, PART = "same", "divided", "part"


class Old(NamedTuple):
    """An authority of earlier years.

    ``code`` and ``number`` are those of the ONS and of DfE then, empty where it had none or still
    has the same; ``became``: ONS codes of today; ``how``: ``same``, ``divided`` or ``part``.
    """

    name: str
    code: str
    number: str
    became: tuple[str, ...]
    how: str
    year: int
    source: str


_ORDER = "(Structural Changes) Order"
_ONE = "(Structural Change) Order"

OLD = (
    # Borders moved by a few homes, or a county became one authority: the same area, a new code.
    Old("Cornwall", "E10000005", "", ("E06000052",), SAME, 2009, f"The Cornwall {_ONE} 2008"),
    Old("Durham", "E10000010", "", ("E06000047",), SAME, 2009, f"The County Durham {_ONE} 2008"),
    Old("Northumberland", "E10000022", "", ("E06000057",), SAME, 2009,
        f"The Northumberland {_ONE} 2008"),
    Old("Shropshire", "E10000026", "", ("E06000051",), SAME, 2009, f"The Shropshire {_ONE} 2008"),
    Old("Wiltshire", "E10000033", "", ("E06000054",), SAME, 2009, f"The Wiltshire {_ONE} 2008"),
    Old("Northumberland", "E06000048", "", ("E06000057",), SAME, 2013,
        "The Gateshead and Northumberland (Boundary Change) Order 2013"),
    Old("Gateshead", "E08000020", "", ("E08000037",), SAME, 2013,
        "The Gateshead and Northumberland (Boundary Change) Order 2013"),
    Old("Buckinghamshire", "E10000002", "", ("E06000060",), SAME, 2020,
        f"The Buckinghamshire {_ORDER} 2019: the area of the county remains unchanged"),
    Old("North Yorkshire", "E10000023", "", ("E06000065",), SAME, 2023,
        f"The North Yorkshire {_ORDER} 2022, S.I. 2022/328"),
    Old("Somerset", "E10000027", "", ("E06000066",), SAME, 2023,
        f"The Somerset {_ORDER} 2022, S.I. 2022/329"),
    Old("Barnsley", "E08000038", "", ("E08000016",), SAME, 2025,
        "The Barnsley and Sheffield (Boundary Change) Order 2024, S.I. 2024/1328; the table of "
        "areas has the code of before"),
    Old("Sheffield", "E08000039", "", ("E08000019",), SAME, 2025,
        "The Barnsley and Sheffield (Boundary Change) Order 2024, S.I. 2024/1328; the table of "
        "areas has the code of before"),
    # Divided: no area of today is what it was.
    Old("Avon", "", "", ("E06000022", "E06000023", "E06000024", "E06000025"), DIVIDED, 1996,
        f"The Avon {_ONE} 1995"),
    Old("Cleveland", "", "", ("E06000001", "E06000002", "E06000003", "E06000004"), DIVIDED, 1996,
        f"The Cleveland {_ONE} 1995"),
    Old("Humberside", "", "", ("E06000010", "E06000011", "E06000012", "E06000013"), DIVIDED, 1996,
        f"The Humberside {_ONE} 1995"),
    Old("Berkshire", "", "",
        ("E06000036", "E06000037", "E06000038", "E06000039", "E06000040", "E06000041"), DIVIDED,
        1998, f"The Berkshire {_ONE} 1996"),
    Old("Hereford and Worcester", "", "", ("E06000019", "E10000034"), DIVIDED, 1998,
        "The Hereford and Worcester (Structural, Boundary and Electoral Changes) Order 1996"),
    Old("Bedfordshire", "E10000001", "820", ("E06000055", "E06000056"), DIVIDED, 2009,
        f"The Bedfordshire {_ORDER} 2008, S.I. 2008/907"),
    Old("Cheshire", "E10000004", "875", ("E06000049", "E06000050"), DIVIDED, 2009,
        f"The Cheshire {_ORDER} 2008, S.I. 2008/634"),
    Old("Dorset with Christchurch", "E10000009", "835", ("E06000059", "E06000058"), DIVIDED, 2019,
        f"The Bournemouth, Dorset and Poole {_ORDER} 2018, S.I. 2018/648: all but Christchurch "
        "became Dorset; the name alone means the Dorset of today"),
    Old("Northamptonshire", "E10000021", "928", ("E06000061", "E06000062"), DIVIDED, 2021,
        f"The Northamptonshire {_ORDER} 2020"),
    Old("Cumbria", "E10000006", "909", ("E06000063", "E06000064"), DIVIDED, 2023,
        f"The Cumbria {_ORDER} 2022, S.I. 2022/331"),
    # Part of something larger: the area of today is more than it was.
    Old("Bournemouth", "E06000028", "837", ("E06000058",), PART, 2019,
        f"The Bournemouth, Dorset and Poole {_ORDER} 2018, S.I. 2018/648"),
    Old("Poole", "E06000029", "836", ("E06000058",), PART, 2019,
        f"The Bournemouth, Dorset and Poole {_ORDER} 2018, S.I. 2018/648"),
    Old("Christchurch", "", "", ("E06000058",), PART, 2019,
        f"The Bournemouth, Dorset and Poole {_ORDER} 2018, S.I. 2018/648"),
)  # fmt: skip
"""Every authority that is no more, in the order of how and when."""


def old_keys(one: Old) -> tuple[str, ...]:
    """Return the codes and numbers that an authority had, and no longer has.

    >>> old_keys(OLD[-2])
    ('E06000029', '836')
    """
    return tuple(key for key in (one.code, one.number) if key)
