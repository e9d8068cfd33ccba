"""Results: what this year's marks say to schools, to families and to the next year."""

from __future__ import annotations

import numpy as np

from sim.codes import STAGE_EARLY, STAGE_KS2, STAGE_KS4
from sim.model import results
from tests.model.stage import before, columns, written

LEARNT = columns("schools", "reputation gap_level gap_progress")


def test_publishing_writes_no_column_and_keeps_three_sittings() -> None:
    with before(results.publish_results) as nation:
        assert written(nation, results.publish_results) == set()
        made = nation.made
        assert [s.stage for s in made.sittings] == [STAGE_EARLY, STAGE_KS2, STAGE_KS4]
        assert (made.sittings[STAGE_KS4].score == made.marks_at_16).all()


def test_progress_is_measured_against_tables_that_are_fixed_with_year_0() -> None:
    with before(results.publish_results) as nation:
        fixed = nation.memory.expected
        results.publish_results(nation, nation.year)
        assert nation.made.results.expected is fixed


def test_learning_from_results_moves_reputations_and_the_history_of_gaps() -> None:
    with before(results.learn_from_results) as nation:
        schools = nation.world.schools
        was = schools.gap_level.reshape(-1, 6, 3).copy()
        assert written(nation, results.learn_from_results) == LEARNT
        now = schools.gap_level.reshape(-1, 6, 3)
        assert (now[:, :, :-1] == was[:, :, 1:]).all()
        assert (now[:, :, -1] == nation.made.results.level).all()
        assert np.array_equal(nation.memory.leavers.score, nation.made.marks_at_16)


def test_without_reputation_families_learn_nothing() -> None:
    with before(results.learn_from_results, without="reputation") as nation:
        assert "schools.reputation" not in written(nation, results.learn_from_results)
