"""What a visit is on the board, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.outlook import Spread, VisitState
from domain.tolerance import Tolerance
from domain.visit_state import PartNow, due_by, lateness, visit_state

TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATE_15_OVER_10 = Tolerance(late_s=900, overrun_s=600)


def after(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def starts(p50: float, p90: float | None = None) -> dict[str, Spread]:
    return {"starts": Spread(after(p50), after(p50 if p90 is None else p90))}


DONE, WITH, SET_OFF, NOT_IN = ({"attendance": it} for it in ("done", "in_progress", "en_route", "no_access"))
NOBODY: dict[str, Any] = {"has_nurse": False}

# What holds of a half-hour visit that is due at 10:00, how many minutes after that it is now, and what it is then.
TABLE: list[tuple[dict[str, Any], float, VisitState]] = [
    ({**DONE, **starts(-60)}, 0, "done"),
    ({**DONE, "cancelled": True}, 0, "done"),
    ({**DONE, "day_over": True}, 600, "done"),
    ({**WITH, **starts(-40)}, 0, "in_progress"),
    ({**WITH, **starts(-40)}, 0.01, "overrunning"),
    ({**WITH, **starts(20)}, 21, "in_progress"),
    ({**WITH, **starts(-20), "cancelled": True}, 0, "in_progress"),
    ({**WITH, **starts(-20), "nurse_gone": True}, 0, "in_progress"),
    ({**WITH, "starts": None}, 0, "in_progress"),
    ({"cancelled": True, "deferred": True}, 0, "cancelled"),
    ({**NOT_IN, "cancelled": True}, 0, "cancelled"),
    ({**SET_OFF, **starts(0), "cancelled": True}, 0, "cancelled"),
    ({"cancelled": True, "day_over": True}, 600, "cancelled"),
    ({"deferred": True, **NOBODY}, 600, "deferred"),
    ({"optional": True, **NOBODY}, 0, "deferred"),
    ({"optional": True, **NOBODY, "day_over": True}, 600, "deferred"),
    ({"optional": True, **starts(0)}, -60, "planned"),
    (NOT_IN, 0, "no_access"),
    ({**NOT_IN, "day_over": True}, 600, "no_access"),
    ({"nurse_gone": True}, 15.01, "missed"),
    ({"nurse_gone": True}, 15, "at_risk"),
    (NOBODY, 15.01, "missed"),
    (NOBODY, 15, "unallocated"),
    ({**starts(0), "day_over": True}, 0, "missed"),
    ({**SET_OFF, **starts(0), "day_over": True}, 0, "missed"),
    ({**starts(16), "day_over": False}, 15.01, "late"),
    ({**starts(15.01)}, -60, "late"),
    ({**SET_OFF, **starts(15.01)}, -60, "late"),
    ({**SET_OFF, **starts(20), "nurse_gone": True}, 19, "late"),
    ({"starts": None}, 15.01, "late"),
    ({**starts(15, 15.01)}, -60, "at_risk"),
    ({**SET_OFF, **starts(0, 16)}, -10, "at_risk"),
    ({**starts(-5, 15)}, -60, "planned"),
    ({**SET_OFF, **starts(-5, 15)}, -20, "en_route"),
    ({**SET_OFF, **starts(-5), "nurse_gone": True}, -20, "en_route"),
    ({"starts": None}, -60, "planned"),
]


@pytest.mark.parametrize(("holds", "minutes_past", "state"), TABLE)
def test_one_rule_decides(holds: dict[str, Any], minutes_past: float, state: VisitState) -> None:
    part = PartNow(**({"due": TEN, "duration_s": 1800} | holds))
    assert visit_state(part, LATE_15_OVER_10, after(minutes_past)) == state


def test_a_time_critical_visit_is_late_sooner() -> None:
    part = PartNow(due=TEN, duration_s=600, starts=Spread(after(6), after(6)))
    assert visit_state(part, LATE_15_OVER_10, TEN) == "planned"
    assert visit_state(part, Tolerance(late_s=300, time_critical=True), TEN) == "late"


def test_a_promise_counts_where_it_is_tighter_than_the_window() -> None:
    assert due_by(TEN, None) == TEN
    assert due_by(TEN, after(-30)) == after(-30)
    assert due_by(TEN, after(30)) == TEN


@pytest.mark.parametrize(
    ("expected", "missed_by"),
    [
        (Spread(after(-10), after(5)), (0, 0)),
        (Spread(after(5), after(15)), (0, 0)),
        (Spread(after(5), after(20)), (0, 1200)),
        (Spread(after(18), after(30)), (1080, 1800)),
        (None, (1500, 1500)),
    ],
)
def test_lateness_is_that_of_the_window_where_the_tolerance_does_not_cover_it(
    expected: Spread | None, missed_by: tuple[int, int]
) -> None:
    assert lateness(expected, TEN, LATE_15_OVER_10, now=after(25)) == missed_by
