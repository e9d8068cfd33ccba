"""Nobody is lost between 16 and 30, nobody has two jobs, no post two holders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.codes import NOWHERE
from sim.config import compose
from sim.data.labour_markets import labour_markets
from sim.errors import InvariantBroken
from sim.markets.jobs import Assignment, appeal
from sim.model import ORDER, SchoolsModel, progression, turn
from sim.nation import Nation
from sim.year import recruitment
from tests.laws import worlds

Harm = Callable[[Any, int], None]


def test_every_leaver_is_followed_to_thirty() -> None:
    model = worlds.model("student_success")
    followed: dict[int, bytes] = {
        birth: block.id.tobytes() for birth, block in model.after.adults.items()
    }
    assert len(followed) == 14

    def watch(now: SchoolsModel) -> None:
        leaving = now.world.cohorts[now.year - 5 - 11]
        on_roll = leaving.id[leaving.school < len(now.world.schools)]
        blocks = now.after.adults
        assert sorted(blocks) == list(range(now.year - 30, now.year - 16))
        for birth, block in blocks.items():
            assert followed[birth] == block.id.tobytes()
        ids = np.concatenate([block.id for block in blocks.values()])
        assert np.unique(ids).size == ids.size
        followed[leaving.birth_year] = on_roll.tobytes()

    model.watch = watch
    model.run()
    model.close()


def test_posts_left_where_people_wait_are_fewer_than_the_largest_weight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = SchoolsModel(compose("baseline", ("world=tenth", "years=1")))
    largest = model.world.areas.weight.max()
    assert largest > 1
    cleared = []

    clear = recruitment.assign

    def looked_at(
        people: Any, score: Any, posts: Any, liking: Any, key: Any, line: Any
    ) -> Assignment:
        found = clear(people, score, posts, liking, key, line)
        placed = found.market != NOWHERE
        assert set(np.flatnonzero(placed)) <= set(line)
        held = np.bincount(found.market[placed], people.weight[placed], posts.size)
        assert np.array_equal(held + found.left, posts) and (found.left >= 0).all()
        liked = appeal(people, liking, key)[line]
        mine = liked[np.arange(line.size), np.maximum(found.market[line], 0)]
        now = np.where(placed[line], mine, -np.inf)
        waiting = (liked > now[:, None]).any(0)
        assert (found.left[waiting] < largest).all()
        cleared.append(waiting.sum())
        return found

    monkeypatch.setattr(recruitment, "assign", looked_at)
    model.step()
    model.close()
    assert len(cleared) == 3 and cleared[0] == labour_markets().region.size


# ---- broken on purpose -------------------------------------------------------------------------


def _aged(everybody: Any, year: int, age: int) -> Any:
    return everybody.adults[year - age]


def lose_a_person(everybody: Any, year: int) -> None:
    block = _aged(everybody, year, 22)
    block.data = {name: values[:-1].copy() for name, values in block.data.items()}


def lose_a_cohort(everybody: Any, year: int) -> None:
    del everybody.adults[year - 30]


def keep_a_cohort(everybody: Any, year: int) -> None:
    everybody.adults[year - 31] = _aged(everybody, year, 30)


def double_a_person(everybody: Any, year: int) -> None:
    block = _aged(everybody, year, 22)
    block.id[1] = block.id[0]


def swap_cohorts(everybody: Any, year: int) -> None:
    _aged(everybody, year, 22).id[5] = _aged(everybody, year, 23).id[5]


def double_a_cohort(everybody: Any, year: int) -> None:
    block = _aged(everybody, year, 22)
    birth_year, twin = block.birth_year, _aged(everybody, year, 23).copy()
    twin.birth_year = birth_year
    everybody.adults[birth_year] = twin


def lose_a_workplace(everybody: Any, year: int) -> None:
    block = _aged(everybody, year, 26)
    block.market[np.flatnonzero(block.job > 0)[0]] = -1


def lose_a_region(everybody: Any, year: int) -> None:
    block = _aged(everybody, year, 26)
    block.region[np.flatnonzero(block.job > 0)[0]] = -1


def invent_a_level(everybody: Any, year: int) -> None:
    block = _aged(everybody, year, 26)
    block.job[np.flatnonzero(block.job > 0)[0]] = 4


def work_as_a_child(everybody: Any, year: int) -> None:
    block = _aged(everybody, year, 17)
    block.job[0], block.market[0], block.region[0] = 1, 0, everybody.employers.region[0]


def share_a_post(everybody: Any, year: int) -> None:
    block = _aged(everybody, year, 26)
    block.job[np.flatnonzero(block.job == 1)[0]] = 3


def fill_a_vacancy_twice(everybody: Any, year: int) -> None:
    employers = everybody.employers
    employers.filled[5] = employers.vacancies[5] + 1


def fill_with_strangers(everybody: Any, year: int) -> None:
    employers = everybody.employers
    employers.filled_local[5] = employers.filled[5] + 1


BREAKS: list[tuple[Harm, str]] = [
    (lose_a_person, "A person after school appeared or vanished: cohort born 2004"),
    (lose_a_cohort, "A cohort after school is missing or one too many: born 1996"),
    (keep_a_cohort, "A cohort after school is missing or one too many: born 1995"),
    (double_a_person, "Two people after school have one id: cohort born 2004"),
    (swap_cohorts, "A person after school has the id of another cohort: cohort born 2004"),
    (double_a_cohort, "Two cohorts after school share their ids"),
    (lose_a_workplace, "job is without its labour market and region, .*: cohort born 2000"),
    (lose_a_region, "job is without its labour market and region, .*: cohort born 2000"),
    (invent_a_level, "job is without its labour market and region, .*: cohort born 2000"),
    (work_as_a_child, "Somebody is in work before 19: cohort born 2009"),
    (
        share_a_post,
        r"Posts and their holders differ \(\d+ hold \d+\): labour market \d, level of job 1",
    ),
    (fill_a_vacancy_twice, r"A vacancy has two holders .*: labour market 1, level of job 3"),
    (fill_with_strangers, "Posts are filled by people who do not exist .*: labour market 1"),
]


@pytest.mark.parametrize(("harm", "said"), BREAKS, ids=[b[0].__name__ for b in BREAKS])
def test_a_broken_law_after_school_stops_the_run_and_says_what_where_and_when(
    monkeypatch: pytest.MonkeyPatch, harm: Harm, said: str
) -> None:
    def spoilt(nation: Nation, year: int) -> None:
        progression.progress(nation, year)
        if year == 2026:
            harm(nation.after, year)

    order = [spoilt if process is progression.progress else process for process in ORDER]
    monkeypatch.setattr("sim.model.model.ORDER", tuple(order))
    model = worlds.model()
    with pytest.raises(InvariantBroken, match=said + ".*school year ending 2026"):
        model.run()
    assert model.policy_year == 2
    model.close()


def test_a_leaver_who_is_not_followed_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    leave = turn.leave_school

    def spoilt(*given: Any) -> Any:
        block = leave(*given)
        block.data = {name: values[1:].copy() for name, values in block.data.items()}
        return block

    model = worlds.model()
    monkeypatch.setattr(turn, "leave_school", spoilt)
    said = r"Of (\d+) leavers \d+ are followed.*cohort born 2009, school year ending 2026"
    with pytest.raises(InvariantBroken, match=said):
        model.run()
    model.close()
