"""Two parts of a visit tried once for both, held against each tried by itself."""

from __future__ import annotations

import pytest
from drawn_days import drawn, planned

from solver.explain.alike import openings_of_both
from solver.explain.trial import Day


@pytest.mark.parametrize("careful", [True, False])
@pytest.mark.parametrize("told", [True, False])
def test_tried_together_is_as_tried_apart(told: bool, careful: bool) -> None:
    tried = 0
    for seed in range(60):
        problem, travel, params = drawn(seed)
        made = planned(problem, travel, params, seed)
        day = Day(problem, made, travel, params, made if told else None)
        for visit in problem.visits:
            rows = [day.rows[visit.visit_id, no] for no in (1, 2) if (visit.visit_id, no) in day.rows]
            if len(rows) < 2:
                continue
            base, nurses = day.without(day.state, rows), range(len(problem.nurses))
            both = openings_of_both(day, base, {rows[0]: nurses, rows[1]: nurses[:2]}, spare=0, careful=careful)
            for row, who in zip(rows, (nurses, nurses[:2]), strict=True):
                alone, tried = day.openings(base, row, who, careful=careful), tried + 1
                assert (both[row].fits, both[row].nearest) == (alone.fits, alone.nearest)
                assert both[row].lone == alone.lone
                assert all(both[row].spots(nurse) == alone.spots(nurse) for nurse in alone.fits)
    assert tried > 50
