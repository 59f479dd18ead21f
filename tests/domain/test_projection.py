"""A nurse's day as it is expected to go: stories of what pushes what, and properties that hold of every day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import exp, sqrt
from random import Random
from statistics import fmean, pstdev
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.attendance import Noted, attend
from domain.causes import Carried
from domain.geo import Place
from domain.nurses_day import Gone, NursesDay, StopAhead
from domain.outlook import Cause, Expected, Projection, Spread
from domain.projection import project
from domain.round import Rest
from domain.spreads import factors, felt_after, lasting

NURSE = "team:N1"
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
WAY_S = 600


def at(hour: int, minute: int = 0) -> datetime:
    return NINE.replace(hour=hour, minute=minute)


def door(number: int) -> Place:
    """Doors of one street, ten minutes from each to the next."""
    return Place(lat=53.2, lon=-2.0 + number / 100)


def way_s(here: Place, there: Place, when: datetime) -> float:
    return WAY_S * abs(here.lon - there.lon) * 100


def stop(number: int, planned: datetime, **otherwise: Any) -> StopAhead:
    """A visit of half an hour whose window is from half an hour before to an hour after the planned start."""
    wanted: dict[str, Any] = {
        "visit_id": f"V{number}",
        "number": number,
        "place": door(number),
        "window_start": planned - timedelta(minutes=30),
        "window_end": planned + timedelta(hours=1),
        "planned_start": planned,
        "planned_end": planned + timedelta(minutes=30),
        "duration_s": 1800,
    }
    return StopAhead(**(wanted | otherwise))


def gone(number: int, planned: datetime, **otherwise: Any) -> Gone:
    wanted: dict[str, Any] = {
        "visit_id": f"V{number}",
        "number": number,
        "place": door(number),
        "planned_start": planned,
        "planned_end": planned + timedelta(minutes=30),
        "started_at": planned,
    }
    return Gone(**(wanted | otherwise))


def day(*stops: StopAhead, **otherwise: Any) -> NursesDay:
    known: dict[str, Any] = {
        "nurse_id": NURSE,
        "shift": "on",
        "shift_starts_at": at(8),
        "shift_ends_at": at(16),
        "started_at": at(8),
        "start": door(-1),
        "end": door(-1),
        "stops": stops,
    }
    return NursesDay(**(known | otherwise))


def seen(nurses_day: NursesDay, now: datetime) -> dict[str, Expected]:
    return {stop.visit_id: stop for stop in project(nurses_day, now, way_s).stops}


def minutes(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds() / 60


def test_a_45_minute_overrun_pushes_the_next_visits_and_says_why() -> None:
    being_made = stop(0, at(8, 25), state="in_progress", arrived_at=at(8, 25))
    pushed = seen(day(being_made, *(stop(n, at(8, 25) + timedelta(minutes=40 * n)) for n in (1, 2, 3))), at(9, 40))
    for expected in (pushed["V1"], pushed["V2"], pushed["V3"]):
        assert expected.cause is not None
        assert (expected.cause.kind, expected.cause.visit_id) == ("overrun", "V0")
        assert 45 <= expected.cause.by_s / 60 <= 52
    assert 45 <= minutes(at(9, 5), pushed["V1"].starts.p50) <= 52
    assert 45 <= minutes(at(10, 25), pushed["V3"].starts.p50) <= 60
    assert pushed["V0"].starts.p50 == at(8, 25)
    assert pushed["V0"].ends.p50 >= at(9, 40)


def test_the_same_day_without_the_overrun_is_on_time_and_blames_nobody() -> None:
    being_made = stop(0, at(9, 35), state="in_progress", arrived_at=at(9, 35))
    expected = seen(day(being_made, stop(1, at(10, 20))), at(9, 40))["V1"]
    assert abs(minutes(at(10, 20), expected.starts.p50)) <= 1
    assert expected.cause is None


def test_slack_absorbs_a_delay_and_the_cause_with_it() -> None:
    over = stop(0, at(8, 25), state="in_progress", arrived_at=at(8, 25))
    pushed = seen(day(over, stop(1, at(9, 5)), stop(2, at(13))), at(9, 40))
    assert pushed["V1"].cause is not None
    assert pushed["V2"].cause is None
    assert abs(minutes(at(13), pushed["V2"].starts.p50)) <= 1


def test_the_idle_time_around_a_break_absorbs_a_delay_but_the_break_is_had_whole() -> None:
    over = stop(0, at(10), state="in_progress", arrived_at=at(10))
    lunch = Rest(starts_at=at(12), ends_at=at(12, 30), before=1)
    on_time = seen(day(over, stop(1, at(12, 40)), rest=lunch), at(11, 30))["V1"]
    assert on_time.cause is None
    assert abs(minutes(at(12, 40), on_time.starts.p50)) <= 1
    pushed = seen(day(over, stop(1, at(12, 40)), rest=lunch), at(12, 10))["V1"]
    assert pushed.cause is not None
    assert minutes(at(12, 10), pushed.starts.p50) >= 40


def test_a_break_starts_no_earlier_than_planned() -> None:
    done = gone(0, at(11), ended_at=at(11, 30))
    lunch = Rest(starts_at=at(12), ends_at=at(12, 30), before=1)
    expected = seen(day(stop(1, at(12)), rest=lunch, gone=(done,)), at(11, 30))["V1"]
    assert expected.arrives.p50 >= at(12, 39)


def test_a_break_is_had_once_something_after_it_has_begun() -> None:
    being_made = stop(1, at(12, 40), state="in_progress", arrived_at=at(12, 40))
    lunch = Rest(starts_at=at(12), ends_at=at(12, 30), before=1)
    expected = seen(day(being_made, stop(2, at(13, 20)), rest=lunch), at(12, 45))["V2"]
    assert minutes(at(13, 20), expected.starts.p50) < 5


def test_who_jumps_ahead_in_the_morning_has_not_had_the_break() -> None:
    being_made = stop(2, at(13, 20), state="in_progress", arrived_at=at(11, 20))
    lunch = Rest(starts_at=at(12), ends_at=at(12, 30), before=1)
    assert seen(day(being_made, stop(1, at(12)), rest=lunch), at(11, 40))["V1"].arrives.p50 > at(12, 39)


def test_there_is_one_break() -> None:
    lunch = Rest(starts_at=at(12), ends_at=at(12, 30), before=0)
    expected = seen(day(stop(0, at(12, 40)), stop(1, at(13, 20)), rest=lunch), at(12))
    assert minutes(at(13, 20), expected["V1"].starts.p50) < 3


def test_en_route_counts_from_where_the_nurse_was_last_seen_on_the_way() -> None:
    on_the_way = stop(0, at(10), state="en_route", en_route_at=at(9, 30), place=door(3))
    near = seen(day(on_the_way, position=door(2), position_at=at(9, 38)), at(9, 40))["V0"]
    assert 8 <= minutes(at(9, 38), near.arrives.p50) <= 13
    assert near.cause is None


def test_en_route_with_a_stale_position_counts_from_when_the_nurse_set_off() -> None:
    on_the_way = stop(0, at(10), state="en_route", en_route_at=at(9, 30), place=door(3))
    expected = seen(day(on_the_way, position=door(2), position_at=at(9, 20)), at(9, 40))["V0"]
    assert 38 <= minutes(at(9, 30), expected.arrives.p50) <= 42


def test_a_journey_that_should_be_over_is_a_slow_one() -> None:
    on_the_way = stop(0, at(9, 40), state="en_route", en_route_at=at(9, 30))
    expected = seen(day(on_the_way), at(10))["V0"]
    assert expected.arrives.p50 > at(10)
    assert expected.cause is not None
    assert expected.cause.kind == "slow_journey"


def test_nobody_starts_before_the_window_opens() -> None:
    early = stop(0, at(10), state="en_route", en_route_at=at(9), window_start=at(10))
    expected = seen(day(early), at(9, 5))["V0"]
    assert expected.arrives.p90 < at(9, 20)
    assert expected.starts.p50 == expected.starts.p90 == at(10)


def test_a_pair_waits_for_the_one_who_is_late() -> None:
    yusuf = Spread(at(10, 12), at(10, 20))
    here = stop(0, at(10), state="in_progress", arrived_at=at(9, 58), partner=yusuf, partner_nurse="team:N2")
    expected = seen(day(here, stop(1, at(10, 40))), at(10, 5))
    assert expected["V0"].arrives == Spread(at(9, 58), at(9, 58))
    assert abs(minutes(at(10, 12), expected["V0"].starts.p50)) <= 1
    assert abs(minutes(at(10, 20), expected["V0"].starts.p90)) <= 2
    assert expected["V0"].ends.p50 > at(10, 40)
    for one in expected.values():
        assert one.cause is not None
        assert (one.cause.kind, one.cause.nurse_id, one.cause.visit_id) == ("partner_late", "team:N2", "V0")


def test_a_pair_that_is_complete_has_begun_when_the_second_came() -> None:
    here = stop(0, at(10), state="in_progress", arrived_at=at(9, 58), partner=Spread(at(10, 6), at(10, 6)))
    expected = seen(day(here), at(10, 20))["V0"]
    assert expected.starts == Spread(at(10, 6), at(10, 6))
    assert abs(minutes(at(10, 36), expected.ends.p50)) <= 1


def test_a_pair_whose_second_nurse_should_have_come_begins_now_at_the_earliest() -> None:
    overdue = Spread(at(10), at(10, 5))
    here = stop(0, at(10), state="in_progress", arrived_at=at(9, 58), partner=overdue)
    projection = project(day(here), at(10, 10), way_s)
    assert projection.stops[0].starts == Spread(at(10, 10), at(10, 10))
    assert projection.matters_at == at(10, 11)


def test_a_second_part_that_has_begun_has_begun() -> None:
    here = stop(0, at(12), state="in_progress", arrived_at=at(11), partner=Spread(at(8), at(8, 30)), gap_s=4 * 3600)
    expected = seen(day(here), at(11, 10))["V0"]
    assert expected.starts == Spread(at(11), at(11))
    assert abs(minutes(at(11, 30), expected.ends.p50)) <= 1


def test_the_second_part_of_a_visit_keeps_its_distance_from_the_first() -> None:
    after_four_hours = stop(0, at(12), partner=Spread(at(8, 30), at(8, 30)), gap_s=4 * 3600)
    assert seen(day(after_four_hours), at(9))["V0"].starts.p50 == at(12, 30)


def test_who_has_not_set_off_though_it_was_time_is_later_with_every_minute() -> None:
    nobody_moves = day(stop(0, at(9, 30)))
    earlier, later = seen(nobody_moves, at(9, 25))["V0"], seen(nobody_moves, at(9, 40))["V0"]
    assert minutes(earlier.arrives.p50, later.arrives.p50) == 15
    assert later.cause is not None
    assert (later.cause.kind, later.cause.by_s) == ("not_set_off", 20 * 60)


def test_who_waits_where_they_were_last_seen_sets_off_from_there() -> None:
    near = seen(day(stop(5, at(9, 30)), position=door(4), position_at=at(8, 50)), at(9, 30))["V5"]
    assert 9 <= minutes(at(9, 30), near.arrives.p50) <= 11


def test_a_position_counts_for_the_next_way_alone() -> None:
    expected = seen(day(stop(5, at(9, 30)), stop(6, at(9, 30)), position=door(4), position_at=at(9, 20)), at(9, 30))
    assert abs(minutes(expected["V5"].ends.p50, expected["V6"].arrives.p50) - 10) <= 1


def test_a_position_from_before_the_last_visit_was_over_says_nothing() -> None:
    over = gone(0, at(9), ended_at=at(9, 30))
    near = seen(day(stop(1, at(9, 40)), gone=(over,), position=door(-1), position_at=at(8, 55)), at(9, 40))["V1"]
    assert abs(minutes(at(9, 50), near.arrives.p50)) <= 1


def test_a_nurse_is_where_the_last_visit_was_over_whatever_its_place_in_the_round() -> None:
    jumped_to, then = gone(2, at(10, 20), ended_at=at(9, 30)), gone(1, at(9, 40), ended_at=at(10, 10))
    expected = seen(day(stop(3, at(11)), gone=(then, jumped_to)), at(11))["V3"]
    assert abs(minutes(at(11, 20), expected.arrives.p50)) <= 1


def test_before_the_shift_it_does_not_matter_where_a_nurse_is() -> None:
    at_home = day(stop(0, at(9)), shift="expected", started_at=None, position=door(20), position_at=at(8, 40))
    assert abs(minutes(at(9, 10), seen(at_home, at(9))["V0"].arrives.p50)) <= 1


def test_a_shift_that_has_not_begun_in_time_is_why() -> None:
    absent = day(stop(0, at(8, 30)), shift="expected", started_at=None)
    expected = seen(absent, at(8, 50))["V0"]
    assert abs(minutes(at(9), expected.arrives.p50)) <= 1
    assert expected.cause is not None
    assert (expected.cause.kind, expected.cause.visit_id, expected.cause.by_s) == ("shift_late", None, 50 * 60)
    assert seen(absent, at(7))["V0"].cause is None


def test_who_works_without_having_begun_the_shift_is_not_late_for_it() -> None:
    at_work = stop(0, at(8, 40), state="in_progress", arrived_at=at(9, 10))
    expected = seen(day(at_work, stop(1, at(9, 20)), shift="expected", started_at=None), at(9, 15))
    for one in expected.values():
        assert one.cause is not None
        assert (one.cause.kind, one.cause.visit_id, one.cause.by_s) == ("started_late", "V0", 1800)


@pytest.mark.parametrize(
    ("kind", "started_at", "ended_at"), [("took_longer", at(9), at(10)), ("started_late", at(9, 30), at(10))]
)
def test_what_made_a_visit_late_that_is_over_is_still_why_afterwards(
    kind: str, started_at: datetime, ended_at: datetime
) -> None:
    over = gone(0, at(9), started_at=started_at, ended_at=ended_at)
    expected = seen(day(stop(1, at(9, 40)), gone=(over,)), at(10))["V1"]
    assert expected.cause is not None
    assert (expected.cause.kind, expected.cause.visit_id, expected.cause.by_s) == (kind, "V0", 1800)


def test_what_is_begun_comes_first_whatever_its_place() -> None:
    jumped_to = stop(2, at(11), state="in_progress", arrived_at=at(9, 30))
    projection = project(day(stop(0, at(9, 30)), stop(1, at(10, 10)), jumped_to), at(9, 40), way_s)
    assert [one.visit_id for one in projection.stops] == ["V2", "V0", "V1"]
    assert projection.stops[1].cause is not None
    assert projection.stops[1].cause.kind == "not_set_off"


def test_who_forgot_to_check_out_is_where_the_last_sign_says() -> None:
    forgotten = stop(0, at(8, 30), state="in_progress", arrived_at=at(8, 30))
    now_here = stop(1, at(10), state="in_progress", arrived_at=at(10))
    expected = seen(day(forgotten, now_here, stop(2, at(10, 40))), at(10, 10))
    assert minutes(at(10, 40), expected["V2"].starts.p50) < 3


def test_a_forgotten_check_out_holds_nothing_up_when_the_next_visit_is_over() -> None:
    forgotten = stop(0, at(8, 30), state="in_progress", arrived_at=at(8, 30))
    over = gone(1, at(9, 10), ended_at=at(9, 40))
    told = project(day(forgotten, stop(2, at(11)), gone=(over,)), at(10), way_s)
    expected = {one.visit_id: one for one in told.stops}
    assert expected["V0"].ends.p50 >= at(10)
    assert abs(minutes(at(11), expected["V2"].starts.p50)) <= 1
    assert expected["V2"].cause is None
    assert told.matters_at is not None
    assert told.matters_at <= at(10, 1)


def test_who_was_last_at_a_visit_that_is_over_sets_off_from_there_and_now() -> None:
    forgotten = stop(0, at(8, 30), state="in_progress", arrived_at=at(8, 30))
    over = gone(4, at(9, 10), ended_at=at(9, 40))
    expected = seen(day(forgotten, stop(5, at(9, 50)), gone=(over,)), at(10))["V5"]
    assert abs(minutes(at(10, 10), expected.arrives.p50)) <= 0.5


def test_who_set_off_from_a_forgotten_visit_comes_from_there() -> None:
    forgotten = stop(3, at(8, 30), state="in_progress", arrived_at=at(8, 30))
    on_the_way = stop(4, at(9, 10), state="en_route", en_route_at=at(9))
    assert abs(minutes(at(9, 10), seen(day(forgotten, on_the_way), at(9, 1))["V4"].arrives.p50)) <= 1


def test_who_set_off_before_another_visit_was_over_sets_off_again() -> None:
    turned_away_from = stop(1, at(9, 40), state="en_route", en_route_at=at(8, 30))
    over = gone(0, at(9), ended_at=at(9, 30))
    expected = seen(day(turned_away_from, gone=(over,)), at(9, 35))["V1"]
    assert abs(minutes(at(9, 45), expected.arrives.p50)) <= 1


def test_who_arrives_elsewhere_than_they_set_off_for_goes_there_afterwards() -> None:
    set_off_for = stop(1, at(9, 40), state="en_route", en_route_at=at(9))
    turned_to = stop(0, at(9), state="in_progress", arrived_at=at(9, 10))
    here, next_one, last = project(day(set_off_for, turned_to, stop(0, at(9), visit_id="V9")), at(9, 15), way_s).stops
    assert last.visit_id == "V9"
    assert (here.visit_id, next_one.visit_id) == ("V0", "V1")
    assert next_one.arrives.p50 > here.ends.p50 + timedelta(minutes=9)


def test_after_the_shift_only_what_is_under_way_is_expected() -> None:
    still_there = stop(0, at(15, 30), state="in_progress", arrived_at=at(15, 30))
    over = project(day(still_there, stop(1, at(16)), shift="ended"), at(15, 50), way_s)
    assert [one.visit_id for one in over.stops] == ["V0"]
    assert over.home is None
    assert project(day(shift="ended"), at(16), way_s).matters_at is None


def test_it_matters_again_when_the_nurse_should_have_set_off_and_then_every_minute() -> None:
    waiting = day(stop(0, at(10)))
    assert project(waiting, at(9), way_s).matters_at == at(9, 50)
    assert project(waiting, at(9, 50), way_s).matters_at == at(9, 51)


def test_it_matters_at_the_booked_end_at_the_latest_and_then_every_minute() -> None:
    being_made = day(stop(0, at(9), state="in_progress", arrived_at=at(9)))
    matters_at = project(being_made, at(9), way_s).matters_at
    assert matters_at is not None
    assert at(9, 10) < matters_at <= at(9, 25)
    hardly_varies = day(stop(0, at(9), state="in_progress", arrived_at=at(9), spread=0.02))
    assert project(hardly_varies, at(9), way_s).matters_at == at(9, 30)
    over = project(being_made, at(9, 40), way_s).matters_at
    assert over is not None
    assert timedelta(seconds=20) <= over - at(9, 40) <= timedelta(minutes=1)


def test_a_nurse_is_home_after_the_last_visit_and_the_way_back() -> None:
    home = project(day(stop(1, at(10))), at(9), way_s).home
    assert home is not None
    assert abs(minutes(at(10, 50), home.p50)) <= 2


def test_roads_are_asked_for_the_hour_at_which_they_are_driven() -> None:
    over = day(stop(0, at(9), state="in_progress", arrived_at=at(9)), stop(1, at(9, 40)))
    late = project(over, at(10, 5), slow_from_ten).stops[1]
    assert minutes(at(11), late.arrives.p50) > 0
    assert late.cause is not None
    assert (late.cause.kind, late.cause.visit_id) == ("slow_journey", "V1")


def test_between_two_half_hours_the_pace_changes_evenly() -> None:
    waits = project(day(stop(0, at(9, 30))), at(9, 45), slow_from_ten).stops[0]
    assert abs(minutes(at(9, 45), waits.arrives.p50) - (10 + 60) / 2) <= 0.5


def slow_from_ten(here: Place, there: Place, when: datetime) -> float:
    """Ten minutes between neighbours, from ten o'clock an hour."""
    return way_s(here, there, when) * (6 if when >= at(10) else 1)


# -------------------------------------------------------------------------------------------------- properties

MOMENTS = st.integers(min_value=-60, max_value=240)


@st.composite
def stops(draw: st.DrawFn, number: int, begun: str) -> StopAhead:
    planned = NINE + timedelta(minutes=45 * number + draw(st.integers(-20, 20)))
    since = NINE + timedelta(seconds=draw(st.integers(-5400, 1800)))
    partner = None
    if draw(st.integers(0, 4)) == 0:
        comes_at = planned + timedelta(minutes=draw(st.integers(-30, 60)))
        partner = Spread(comes_at, comes_at + timedelta(minutes=draw(st.integers(0, 20))))
    return stop(
        number,
        planned,
        duration_s=draw(st.sampled_from([0, 600, 1800, 3600])),
        spread=draw(st.sampled_from([0.0, 0.02, 0.25, 0.8])),
        state=begun,
        en_route_at=since if begun == "en_route" else None,
        arrived_at=since if begun == "in_progress" else None,
        partner=partner,
        partner_nurse="team:N2",
        gap_s=draw(st.sampled_from([0, 900])),
    )


@st.composite
def days(draw: st.DrawFn) -> NursesDay:
    begun = draw(st.lists(st.sampled_from(["planned", "planned", "en_route", "in_progress"]), min_size=1, max_size=6))
    ahead = [draw(stops(number, state)) for number, state in enumerate(begun)]
    shift = draw(st.sampled_from(["on", "on", "expected", "ended"]))
    rest_at = NINE + timedelta(minutes=draw(MOMENTS))
    return day(
        *draw(st.permutations(ahead)),
        shift=shift,
        started_at=at(8, draw(st.integers(0, 30))) if shift == "on" else None,
        position=draw(st.sampled_from([None, door(0), door(3)])),
        position_at=NINE + timedelta(minutes=draw(st.integers(-60, 0))),
        gone=draw(st.sampled_from([(), (gone(9, at(8, 30), ended_at=at(8, 50)),)])),
        rest=draw(st.sampled_from([None, Rest(starts_at=rest_at, ends_at=rest_at + timedelta(minutes=30), before=2)])),
    )


def busy_roads(here: Place, there: Place, when: datetime) -> float:
    """Slower towards half past ten, quicker afterwards, evenly; who leaves later arrives later."""
    from_peak_s = abs((when - at(10, 30)).total_seconds())
    return way_s(here, there, when) * (1 + 0.3 * max(0.0, 1 - from_peak_s / 7200))


def times(projection: Projection) -> dict[str, datetime]:
    found = {}
    for one in projection.stops:
        for name in ("arrives", "starts", "ends"):
            spread = getattr(one, name)
            found |= {f"{one.visit_id} {name} p50": spread.p50, f"{one.visit_id} {name} p90": spread.p90}
    return found | ({"home p50": projection.home.p50, "home p90": projection.home.p90} if projection.home else {})


@given(days(), st.lists(st.integers(0, 6 * 3600), min_size=2, max_size=6))
def test_it_never_goes_backwards_while_nothing_happens(nurses_day: NursesDay, seconds: list[int]) -> None:
    told = [times(project(nurses_day, NINE + timedelta(seconds=s), busy_roads)) for s in sorted(seconds)]
    for earlier, later in pairwise(told):
        assert earlier.keys() == later.keys()
        assert {name: (when, later[name]) for name, when in earlier.items() if when > later[name]} == {}


@given(days(), st.floats(0, 6 * 3600))
def test_nothing_is_expected_in_the_past_and_p50_is_never_after_p90(nurses_day: NursesDay, seconds: float) -> None:
    now = NINE + timedelta(seconds=seconds)
    projection = project(nurses_day, now, busy_roads)
    begun = {one.visit_id for one in nurses_day.stops if one.state == "in_progress"}
    for one in projection.stops:
        assert one.arrives.p50 <= one.starts.p50 <= one.ends.p50
        assert all(spread.p50 <= spread.p90 for spread in (one.arrives, one.starts, one.ends))
        assert one.ends.p50 >= now
        assert one.visit_id in begun or one.arrives.p50 >= now
    assert projection.matters_at is None or projection.matters_at > now
    assert (projection.matters_at is None) == (not projection.stops)


@given(days(), st.integers(0, 6 * 3600))
def test_what_is_to_come_keeps_the_order_of_the_round(nurses_day: NursesDay, seconds: int) -> None:
    projection = project(nurses_day, NINE + timedelta(seconds=seconds), busy_roads)
    number = {one.visit_id: one.number for one in nurses_day.stops if one.state == "planned"}
    to_come = [one for one in projection.stops if one.visit_id in number]
    assert [number[one.visit_id] for one in to_come] == sorted(number[one.visit_id] for one in to_come)
    for before, after in pairwise(to_come):
        assert before.ends.p50 <= after.arrives.p50
        assert before.ends.p90 <= after.arrives.p90


@given(days(), st.integers(0, 6 * 3600), st.floats(0, 1))
def test_before_it_matters_nothing_moves_that_anybody_would_notice(
    nurses_day: NursesDay, seconds: int, share: float
) -> None:
    now = NINE + timedelta(seconds=seconds)
    told = project(nurses_day, now, busy_roads)
    if told.matters_at is None:
        return
    later = times(project(nurses_day, now + (told.matters_at - now) * share, busy_roads))
    # The ninth decile of a long sum is one of few far-out scenarios, each with gaps to the next.
    noticed = {"p50": timedelta(minutes=3), "p90": timedelta(minutes=10)}
    assert all(later[name] - when <= noticed[name[-3:]] for name, when in times(told).items())


KINDS = st.sampled_from(["en_route", "arrived", "finished", "no_access"])


@given(st.lists(st.tuples(KINDS, st.integers(0, 3)), max_size=6), st.randoms(use_true_random=False))
def test_events_of_one_moment_lead_to_the_same_whatever_their_order(
    told: list[tuple[str, int]], chance: Random
) -> None:
    noted = [Noted(UUID(int=n), kind, at(8, 30 + moment), at(8, 30 + moment)) for n, (kind, moment) in enumerate(told)]
    shuffled = chance.sample(noted, len(noted))
    assert project(attended(noted), NINE, way_s) == project(attended(shuffled), NINE, way_s)


def attended(noted: list[Noted]) -> NursesDay:
    """A day of two stops, of which the first has come as far as these events say."""
    progress, _ = attend(noted)
    first, second = stop(0, at(8, 30)), stop(1, at(9, 30))
    ended_at = progress.finished_at or progress.no_access_at
    if ended_at is None:
        begun = {"state": progress.state, "en_route_at": progress.en_route_at, "arrived_at": progress.arrived_at}
        return day(replace(first, **begun), second)
    over = gone(0, first.planned_start, started_at=progress.arrived_at, ended_at=ended_at)
    return day(second, gone=(over,))


def test_what_has_lost_its_share_to_slack_is_less_to_blame() -> None:
    long, slow = (Cause(kind=kind, nurse_id=NURSE, by_s=0) for kind in ("took_longer", "slow_journey"))
    behind = Carried().to(600, long)
    assert behind.to(420, None).to(720, slow).largest == long
    assert behind.to(120, None).to(420, slow).largest == slow
    assert behind.to(59, None).to(120, None).largest is None
    assert Carried().to(59, long).largest is None


def test_to_be_early_is_no_delay_to_grow_from() -> None:
    assert Carried(-600).growth_s(300) == 300
    assert Carried(100).growth_s(300) == 200
    assert Carried(300).growth_s(100) == 0


@pytest.mark.parametrize("lasted_s", [0, 600, 1500, 1800, 3600, 9000])
@pytest.mark.parametrize("spread", [0.05, 0.25, 0.8])
def test_what_is_felt_is_when_median_or_ninth_decile_has_moved_by_so_much(lasted_s: float, spread: float) -> None:
    then_s = felt_after(1800, spread, lasted_s, 60)
    moved = [lasting(1800, spread, then_s, share) - lasting(1800, spread, lasted_s, share) for share in (0.5, 0.1)]
    assert max(moved) == pytest.approx(60, abs=0.5)


def test_what_does_not_vary_takes_as_long_as_booked_or_as_it_has() -> None:
    assert lasting(1800, 0, 600, 0.5) == 1800
    assert lasting(1800, 0, 2400, 0.5) == 2400
    assert felt_after(1800, 0, 600, 60) == 1800
    assert felt_after(1800, 0, 2400, 60) == 2460


def test_the_scenarios_are_those_of_independent_log_normals() -> None:
    """The sum of a long day has the mean and the spread of the theory, within what 128 scenarios can show."""
    sums = [sum(stays) for stays in zip(*(factors(0.25, 3 * n + 1) for n in range(12)), strict=True)]
    assert fmean(sums) == pytest.approx(12 * exp(0.25**2 / 2), rel=0.01)
    assert pstdev(sums) == pytest.approx(sqrt(12 * (exp(0.25**2) - 1) * exp(0.25**2)), rel=0.15)


@given(st.floats(0.02, 0.8), st.floats(0, 40), st.floats(1e-3, 1 - 1e-3))
def test_what_has_lasted_lasts_longer_than_it_has(spread: float, times_booked: float, share: float) -> None:
    lasted_s = 1800 * times_booked
    assert lasting(1800, spread, lasted_s, share) >= lasted_s
    assert lasting(1800, spread, lasted_s, share) >= lasting(1800, spread, 0, share) - 1e-6
    assert lasting(1800, spread, lasted_s + 60, share) >= lasting(1800, spread, lasted_s, share) - 1e-6
