"""Keyed luck: what the numbers look like, and that none is used for two things."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import codes, rng
from sim.rng import Key, Purpose

SIM = Path(rng.__file__).parent
MANY = 20_000
SEEDS = range(40)


def drawn(seed: int, purpose: Purpose = Purpose.YEAR, **key: int) -> np.ndarray:
    return rng.words(Key(seed, 0), np.arange(MANY, dtype=np.uint32), purpose, **key)


# ---- What they look like -----------------------------------------------------------------------


def test_normals_are_normal_over_many_seeds() -> None:
    """Of 40 tests at each of four words about one in a hundred fails at 1 %: none at 0.001 %."""
    for seed in SEEDS:
        for values in rng.normals(drawn(seed)):
            assert stats.kstest(values, "norm").pvalue > 1e-5
            assert abs(values.mean()) < 4.5 / MANY**0.5
            assert abs(values.std() - 1) < 4.5 / (2 * MANY) ** 0.5


def test_uniforms_are_even_over_many_seeds() -> None:
    for seed in SEEDS:
        for values in rng.uniforms(drawn(seed)):
            assert stats.kstest(values, "uniform").pvalue > 1e-5
            assert values.min() > 0 and values.max() < 1


def test_p_values_over_seeds_are_themselves_even() -> None:
    found = [stats.kstest(rng.normals(drawn(seed)[0]), "norm").pvalue for seed in range(300)]
    assert stats.kstest(found, "uniform").pvalue > 1e-4


def test_normals_stop_at_5_3_standard_deviations() -> None:
    ends = rng.normals(np.array([0, 0xFFFFFFFF], np.uint32))
    assert ends.tolist() == [-ends[1], ends[1]]
    assert 5.29 < ends[1] < 5.30
    assert "5.3" in (rng.normal.__doc__ or "")


@given(st.lists(st.integers(0, 0xFFFFFFFF), min_size=1, max_size=50))
def test_a_word_turned_over_gives_the_same_normal_with_the_other_sign(words: list[int]) -> None:
    given_words = np.array(words, np.uint32)
    assert np.array_equal(rng.normals(given_words), -rng.normals(~given_words))


def test_normals_rise_with_their_word_and_follow_the_true_quantiles() -> None:
    words = np.linspace(0, 2**32 - 1, 200_001).astype(np.uint32)
    found = rng.normals(words)
    assert np.all(np.diff(found) >= 0)
    middle = (words // 512 + 0.5) / 2**23
    assert np.abs(found - stats.norm.ppf(middle)).max() < 3e-6


def test_no_word_gives_nought_or_one() -> None:
    """24 bits and a half round to 1 at the top: seen, and held below it."""
    top = np.array([0, 255, 0xFFFFFE00, 0xFFFFFF00, 0xFFFFFFFF], np.uint32)
    found = rng.uniforms(top)
    assert found.min() > 0 and found.max() < 1
    assert np.all(np.diff(found) >= 0)


def test_words_of_other_keys_are_unrelated() -> None:
    base = rng.normals(drawn(1)[0])
    others = [
        drawn(2)[0],
        rng.words(Key(1, 1), np.arange(MANY, dtype=np.uint32), Purpose.YEAR)[0],
        drawn(1, Purpose.MOVE)[0],
        drawn(1, year=1)[0],
        drawn(1, slot=1)[0],
        drawn(1, other=1)[0],
        *drawn(1)[1:],
        np.roll(drawn(1)[0], 1),
    ]
    for other in others:
        assert abs(np.corrcoef(base, rng.normals(np.ascontiguousarray(other)))[0, 1]) < 0.035


def test_year_and_slot_share_a_word_without_meeting() -> None:
    assert rng.when(2024) == 2024 << 16
    assert rng.when(2024, 3) == (2024 << 16) + 3
    assert len({int(rng.when(y, s)) for y in range(2000, 2060) for s in range(10)}) == 600


# ---- What they are used for --------------------------------------------------------------------


def purposes() -> dict[str, str]:
    """Name of each purpose with the comment beside it."""
    source = (SIM / "codes.py").read_text(encoding="utf-8")
    return dict(re.findall(r"^    ([A-Z_]+) = \d+  # (.+)$", source, re.MULTILINE))


def test_purposes_are_literal_unique_and_documented() -> None:
    """Values are part of every result: this list may grow at its end and never change."""
    names = [
        "SMALL_AREA", "WARD", "SCHOOL_SITE", "SCHOOL_EFFECT", "AREA_EFFECT", "BIRTH", "BIRTH_MORE",
        "YEAR", "TASTE_PRIMARY", "TASTE_SECONDARY", "ELEVEN_PLUS", "SCHOOL_YEAR", "MOVE", "HABIT",
        "PANEL", "INCOME_PAST",
    ]  # fmt: skip
    assert [(p.name, p.value) for p in Purpose][: len(names)] == [
        (name, value) for value, name in enumerate(names, 1)
    ]
    assert len({p.value for p in Purpose}) == len(list(Purpose))
    assert list(purposes()) == [p.name for p in Purpose]


USES: dict[tuple[str, str], dict[tuple[str, int], dict[str, str]]] = {
    # Under the key (0, 0) of no run: where homes lie in their small area, the same in all runs.
    ("world/places.py", "_homes"): {("SMALL_AREA", 0): {"0 of key 0": "x", "1 of key 0": "y"}},
    # Once, and in every year of a drift what is drawn anew.
    ("world/effects.py", "of_areas"): {
        ("AREA_EFFECT", 0): {"0": "residual at 5", "1": "residual at 11", "2": "residual at 16"},
    },
    ("world/effects.py", "of_schools"): {
        ("SCHOOL_EFFECT", 0): {"0": "value added", "1": "for disadvantaged pupils"},
        ("AREA_EFFECT", 1): {"0": "shared by primaries", "1": "shared by secondaries"},
    },
    ("world/effects.py", "of_cohorts"): {
        ("AREA_EFFECT", 2): {"0": "shock of a year at 11", "1": "shock of a year at 16"},
    },
    # First reputations follow value added: the same number on purpose.
    ("world/build.py", "_school_effects"): {("SCHOOL_EFFECT", 0): {"0": "value added"}},
    ("world/build.py", "small_area_luck"): {("SMALL_AREA", 1): {"0": "residual at 5"}},
    ("world/people.py", "_endow"): {
        ("BIRTH", 0): {
            "0": "home", "1": "heritage", "2": "income", "3": "parents", "3, lower 9 bits": "sex",
        },
        ("BIRTH_MORE", 0): {
            "0, upper 24 bits": "registering", "0, lower 16 bits": "language", "1": "arriving",
            "2": "leaving", "1 and 2, lower 8 bits": "Catholic or not", "3": "endowment",
        },
    },
    ("year/learning.py", "_draw"): {("YEAR", 0): {"0": "learning"}},
    ("year/households.py", "_turn"): {("YEAR", 0): {"1": "income"}},
    ("year/households.py", "_critical"): {("YEAR", 0): {"1": "income"}},
    ("year/assessment.py", "came_late"): {("LATE", 0): {"0": "no mark at 11"}},
    ("world/attendance.py", "assign"): {("ABSENCE", 0): {"0": "absence from school"}},
    ("model/allocation.py", "mirrors"): {
        ("LOCAL_FORMULA", 0): {"0": "how far an authority mirrors the national formula"},
    },
    ("world/needs.py", "month_of_birth"): {("NEEDS", 0): {"1": "month of birth"}},
    ("world/needs.py", "assign"): {("NEEDS", 0): {"0": "special needs"}},
    ("year/assessment.py", "_mark"): {("YEAR", 0): {"2": "marks"}},
    ("year/moving.py", "_wish"): {("YEAR", 0): {"3": "moving school"}},
    ("year/moving.py", "move"): {("MOVE", 0): {"0": "turn in the queue for a school"}},
    ("year/admissions.py", "leftover"): {("MOVE", 0): {"0": "turn in the queue for a school"}},
    ("markets/choosing.py", "rank"): {
        ("TASTE_PRIMARY", 0): {"0": "taste", "1": "lottery"},
        ("TASTE_SECONDARY", 0): {"0": "taste", "1": "lottery"},
    },
    ("year/teachers.py", "staff"): {("SCHOOL_YEAR", 0): {"0": "recruits' quality", "1": "leaving"}},
    ("model/admissions.py", "_eleven_plus"): {("ELEVEN_PLUS", 0): {"0": "mark of the day"}},
    ("model/plans.py", "_money_use"): {("SCHOOL_EFFECT", 0): {"2": "use of money"}},
    ("model/plans.py", "first_views"): {
        ("HABIT", 0): {"0": "first belief in the programme of a slot"},
    },
    ("record/recorder.py", "_panel"): {("PANEL", 0): {"0": "membership of the panel of children"}},
    ("world/offers.py", "lay_out"): {("OFFER_SITE", 2): {"2": "apprenticeships"}},
    ("world/parents.py", "occupation"): {("PARENTS", 0): {"0": "parents' occupation"}},
    # Under the seed and no replicate: every replicate has the same universities.
    ("world/universities.py", "found"): {
        ("HIGHER", 2): {"0": "size", "1": "turn to back students"},
    },
    ("year/post16.py", "_choose"): {("ROUTE", 0): {"0": "taste for the route"}},
    ("year/post16.py", "_finish"): {
        ("LEVELS", 0): {
            "0": "shared trait", "1": "Level 2", "2": "Level 3", "3": "academic or technical",
        },
    },
    ("year/higher.py", "_enter"): {
        ("HIGHER", 0): {"0": "entering", "1": "high tariff", "2": "living at home"},
        ("HIGHER", 1): {"0": "which university", "1": "entering without Level 3"},
    },
    ("year/higher.py", "_graduate"): {
        ("HIGHER", 0): {"3": "dropping out"}, ("CLASS", 0): {"0": "class of the degree"},
    },
    ("year/higher.py", "_later"): {("CLASS", 0): {"1": "later degree in the year of the slot"}},
    # Years have eight bits each.
    ("year/spells.py", "_foresee"): {
        ("SPELL", 0): {
            "0": "out of work all life", "1": "in years of 19 to 22", "2": "in years of 23 to 26",
            "3": "in years of 27 to 30",
        },
    },
    ("year/funnel.py", "_applicants"): {("FUNNEL", 0): {"0": "applying"}},
    ("year/funnel.py", "_scores"): {
        ("FUNNEL", 0): {"1": "sift", "2": "interview", "3": "kind of employer"},
        ("FUNNEL", 1): {"0": "contacts"},
    },
    ("year/recruitment.py", "seek"): {("JOB", 0): {"2": "searching again this year"}},
    ("year/recruitment.py", "score"): {
        ("JOB", 0): {"0": "score of the day", "1": "score of the day for other posts"},
    },
    # Of other parties than everything else that jobs draw: the nine regions, ten bits each, and the
    # markets within them, from party 2 on twelve a party.
    ("markets/jobs.py", "_markets"): {
        ("JOB", 0): {
            "0 to 3 of party 2 on": "tastes for the markets within regions, three a word",
        },
    },
    ("markets/jobs.py", "_regions"): {
        ("JOB", 0): {
            "0 of party 1": "tastes for regions 0 to 2", "1 of party 1": "tastes for 3 to 5",
            "2 of party 1": "tastes for 6 to 8",
        },
    },
    ("year/progression.py", "_promote"): {("PROMOTION", 0): {"0": "a step up this year"}},
    # What got somebody a post pays as well: the same number on purpose.
    ("year/progression.py", "_log_pay"): {
        ("PAY", 0): {"0": "lasting pay"}, ("JOB", 0): {"0": "score of the day"},
    },
}  # fmt: skip
"""Every place that draws: purpose and slot, and what each word means there."""

LITERALS = {
    "_YEAR": 8, "_BIRTH": 6, "_BIRTH_MORE": 7, "_ROUTE": 20, "_LEVELS": 21, "_HIGHER": 22,
    "_CLASS": 23, "_PURPOSE": 25, "_PROMOTION": 27, "_PAY": 26, "_JOB": 25,
    "_SPELL": 32,
}  # fmt: skip
"""Purposes as kernels take them, by the name of the constant."""

SLOTS = {"_WHERE": 1}
"""Constants that stand for a slot other than 0; a slot that varies counts as 0."""


def test_no_word_of_a_purpose_and_slot_means_two_things() -> None:
    meanings: dict[tuple[str, int, str], str] = {}
    for used in USES.values():
        for (purpose, slot), words in used.items():
            for word, meaning in words.items():
                assert meanings.setdefault((purpose, slot, word), meaning) == meaning


ABOVE = ("cli/", "evidence/", "metrics/", "show/", "study/", "tabulate/")
"""Rooms above the model: what they draw is nobody's luck."""


def sites() -> dict[tuple[str, str], set[tuple[str, int]]]:
    """Every function at or below the model that draws, with purposes and slots, off the source."""
    found: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for path in sorted(SIM.rglob("*.py")):
        name = path.relative_to(SIM).as_posix()
        if name == "rng.py" or name.startswith(ABOVE):
            continue
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call):
                        for drawing in told(call):
                            found.setdefault((name, function.name), set()).add(drawing)
    return found


def told(call: ast.Call) -> list[tuple[str, int]]:
    """Purposes and slot that a call draws with; empty if it draws nothing."""
    what = ast.unparse(call.func).rpartition(".")[2]
    if what in ("draw", "draw_block", "philox"):
        purpose = ast.unparse(call.args[2])
        if purpose == "purpose":  # it comes from the caller, for one phase or the other
            return [("TASTE_PRIMARY", 0), ("TASTE_SECONDARY", 0)]
        return [(Purpose(LITERALS[purpose]).name, SLOTS.get(ast.unparse(call.args[1]), 0))]
    if what == "words" and len(call.args) >= 3:
        slot = next((ast.unparse(k.value) for k in call.keywords if k.arg == "slot"), "0")
        number = int(getattr(codes, slot, 0))
        return [(ast.unparse(call.args[2]).rpartition(".")[2], number)]
    return []


def test_the_table_of_uses_is_whole() -> None:
    assert sites() == {place: set(used) for place, used in USES.items()}


def test_purposes_inside_kernels_are_those_of_the_list() -> None:
    from sim.markets import jobs
    from sim.rng import when
    from sim.world import people
    from sim.year import (
        assessment,
        higher,
        households,
        learning,
        moving,
        post16,
        progression,
        spells,
    )

    for module in (assessment, households, learning, moving):
        assert int(module._YEAR) == Purpose.YEAR
    assert (int(people._BIRTH), int(people._BIRTH_MORE)) == (Purpose.BIRTH, Purpose.BIRTH_MORE)
    assert (int(post16._ROUTE), int(post16._LEVELS)) == (Purpose.ROUTE, Purpose.LEVELS)
    assert (int(higher._HIGHER), int(higher._CLASS)) == (Purpose.HIGHER, Purpose.CLASS)
    assert (int(jobs._PURPOSE), int(progression._PROMOTION)) == (Purpose.JOB, Purpose.PROMOTION)
    assert int(spells._SPELL) == Purpose.SPELL
    assert when(0, SLOTS["_WHERE"]) == higher._WHERE
    schools = (people, assessment, households, learning, moving)
    for module in (*schools, post16, higher, progression, spells, jobs):
        for name, value in LITERALS.items():
            assert int(getattr(module, name, value)) == value, (module.__name__, name)


def test_a_comment_beside_a_purpose_names_every_word_that_is_used() -> None:
    counts: dict[str, int] = {}
    for used in USES.values():
        for (purpose, slot), words in used.items():
            if slot == 0 and "key 0" not in " ".join(words):
                highest = max(int(word[0]) for word in words)
                counts[purpose] = max(counts.get(purpose, 0), highest + 1)
    for purpose, count in counts.items():
        named = purposes()[purpose].partition("words:")[2].split("; slot 1")[0]
        assert len(re.split(r"[;,] ", named)) == count, purpose


def test_language_and_registering_share_a_word_and_are_unrelated() -> None:
    """Eight bits are shared, the highest of one and the lowest of the other."""
    word = drawn(3, Purpose.BIRTH_MORE)[0]
    registering = rng.uniforms(np.ascontiguousarray(word))
    language = (word & 0xFFFF) / 2**16
    assert abs(np.corrcoef(registering, language)[0, 1]) < 0.03
    assert stats.kstest(language, "uniform").pvalue > 1e-4


def test_a_year_of_draws_repeats_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls with one purpose, year, slot and other party are never about one id."""
    import inspect

    from sim.config import compose
    from sim.model import SchoolsModel

    seen: dict[tuple[int, ...], list[tuple[str, np.ndarray]]] = {}
    plain = rng.words

    def watched(key: Key, ids: np.ndarray, purpose: Purpose, **more: int) -> np.ndarray:
        caller = inspect.stack()[1].function
        place = (*key, int(purpose), *(more.get(k, 0) for k in ("year", "slot", "other")))
        seen.setdefault(place, []).append((caller, np.array(ids, np.uint32)))
        return plain(key, ids, purpose, **more)

    monkeypatch.setattr(rng, "words", watched)
    monkeypatch.setattr("sim.model.plans.words", watched)
    settings = compose("baseline", ["world=tiny", "years=1", "machine.threads=1"])
    model = SchoolsModel(settings)
    year = model.year
    model.step()
    model.close()
    assert {caller for calls in seen.values() for caller, _ in calls} > {
        "move",
        "leftover",
        "staff",
    }
    for place, calls in seen.items():
        if place[3] != year:
            continue
        everyone = np.concatenate([ids for _, ids in calls])
        assert np.unique(everyone).size == everyone.size, [caller for caller, _ in calls]
