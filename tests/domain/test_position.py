"""The steps that a position walks, each alone and all together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.position import Fix, Rejection, Sited, Walk, clean, fence, is_clean, motion, order, plausible, step

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DEGREE_M = 111_195


def fix(minute: float = 0, north_m: float = 0, accuracy_m: float | None = 10, **more: object) -> Fix:
    at = NOON + timedelta(minutes=minute)
    return Fix(at, at, at, 53 + north_m / DEGREE_M, -2.0, accuracy_m, **more)  # type: ignore[arg-type]


def after(known: Fix) -> Walk:
    return Walk(known, moving=False, still_since=None, at_visit=None)


def test_null_island_is_rejected() -> None:
    assert clean(Fix(NOON, NOON, NOON, 0.0, 0.0, 5), None) == "zero"


def test_a_fix_from_the_future_is_rejected() -> None:
    ahead = Fix(NOON, NOON + timedelta(minutes=3), NOON, 53, -2, 5)
    assert clean(ahead, None) == "future"


@pytest.mark.parametrize(("accuracy_m", "rejection"), [(None, None), (500, None), (501, "inaccurate")])
def test_a_circle_too_wide_means_nothing(accuracy_m: float | None, rejection: Rejection | None) -> None:
    assert clean(fix(accuracy_m=accuracy_m), None) == rejection


def test_time_never_runs_back() -> None:
    assert order(fix(-1), after(fix(0))) == "outdated"
    assert order(fix(0), after(fix(0))) == "duplicate"
    assert order(fix(1), after(fix(0))) is None


def test_nobody_travels_twenty_kilometres_in_a_minute() -> None:
    assert plausible(fix(1, north_m=20_000), after(fix(0))) == "impossible_speed"
    assert plausible(fix(1, north_m=1_000), after(fix(0))) is None


def test_the_radius_of_both_fixes_is_allowed_for() -> None:
    assert plausible(fix(1, north_m=4_800, accuracy_m=400), after(fix(0, accuracy_m=300))) is None
    assert plausible(fix(1, north_m=4_800, accuracy_m=10), after(fix(0))) == "impossible_speed"


def test_after_a_long_silence_any_place_is_possible() -> None:
    assert plausible(fix(11, north_m=200_000), after(fix(0))) is None


def test_the_nearest_fence_counts() -> None:
    sites = [Sited("far", 53 + 70 / DEGREE_M, -2.0), Sited("near", 53 + 20 / DEGREE_M, -2.0), Sited("out", 54, -2.0)]
    assert fence(fix(), sites) == "near"
    assert fence(fix(north_m=-80), sites) is None


def test_motion_is_what_the_phone_says_or_else_its_speed_or_else_the_way_gone() -> None:
    assert motion(fix(moving=False, speed_mps=20.0), None) is False
    assert motion(fix(speed_mps=20.0), None) is True
    assert motion(fix(1, north_m=200), after(fix(0))) is True
    assert motion(fix(1, north_m=30), after(fix(0))) is False
    assert motion(fix(), None) is False


def test_a_rejected_fix_leaves_the_walk_where_it_was() -> None:
    _, walk = step(fix(0), None)
    assert step(fix(1, north_m=90_000), walk) == ("impossible_speed", walk)


def test_standing_still_is_remembered_since_when() -> None:
    _, walk = step(fix(0, moving=False), None)
    _, walk = step(fix(5, moving=False), walk)
    assert walk is not None
    assert walk.still_since == NOON
    _, walk = step(fix(6, moving=True), walk)
    assert walk is not None
    assert walk.still_since is None


def test_a_new_day_starts_a_new_walk() -> None:
    tomorrow = fix(24 * 60, north_m=900_000)
    rejection, walk = step(tomorrow, after(fix(0)))
    assert rejection is None
    assert walk is not None
    assert walk.fix == tomorrow


def test_a_fix_that_is_good_by_itself_is_told_from_one_that_only_came_late() -> None:
    assert is_clean(fix())
    assert not is_clean(fix(accuracy_m=5_000))
