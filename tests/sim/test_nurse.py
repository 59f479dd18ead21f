"""What a nurse does on a round: legal steps in good time, and now and then too long a stay or a closed door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from domain.attendance import Noted, attend
from domain.geo import distance_m
from domain.ids import uuid7
from sim.geography import ashbourne_vale
from sim.nurse import MOVING_FIX_S, STILL_FIX_S, Moment, Nurse
from sim.roads import Roads
from sim.town import TEAM
from sim.wire import Stop
from tests.sim.far_end import EIGHT
from tests.sim.rounds import stop

DAY = [stop(number) for number in range(1, 8)]


@pytest.fixture(scope="module")
def roads() -> Roads:
    return Roads(ashbourne_vale())


def day(seed: int, roads: Roads | None, stops: list[Stop] = DAY) -> Iterator[Moment]:
    nurse = Nurse(TEAM.base, EIGHT, roads, Random(seed))
    yield from nurse.starts_shift()
    for one in stops:
        yield from nurse.visits(one)
    yield from nurse.drives(TEAM.base)
    yield from nurse.ends_shift()


def of_visit(moments: list[Moment], one: Stop) -> list[Moment]:
    return [moment for moment in moments if moment.visit_id == one.visit_id]


@pytest.mark.parametrize("seed", range(20))
def test_every_step_of_every_visit_is_legal_and_ends_it(seed: int, roads: Roads) -> None:
    moments = list(day(seed, roads if seed % 2 else None))
    assert [moment.kind for moment in (moments[0], moments[-1])] == ["shift_started", "shift_ended"]
    for one in DAY:
        noted = [Noted(uuid7(it.at), it.kind, it.at, it.at) for it in of_visit(moments, one)]
        progress, verdicts = attend(noted)
        assert progress.state in ("done", "no_access")
        assert set(verdicts.values()) == {"applied"}


@pytest.mark.parametrize("seed", range(5))
def test_time_never_goes_back_and_nobody_jumps(seed: int, roads: Roads) -> None:
    for before, after in pairwise(day(seed, roads)):
        assert before.at <= after.at
        away_m = distance_m(before.place.lat, before.place.lon, after.place.lat, after.place.lon)
        assert away_m <= 35 * max((after.at - before.at).total_seconds(), MOVING_FIX_S)


def test_a_nurse_is_seen_every_few_seconds_on_the_road_and_every_minute_elsewhere(roads: Roads) -> None:
    fixes = [moment for moment in day(1, roads) if moment.kind == "fix"]
    apart = [(after.at - before.at).total_seconds() for before, after in pairwise(fixes)]
    assert max(apart) <= STILL_FIX_S + MOVING_FIX_S
    moving = [fix for fix in fixes if fix.speed_mps > 0]
    assert 0.1 < len(moving) / len(fixes) < 0.7
    assert max(fix.speed_mps for fix in moving) < 35


def test_nobody_is_visited_before_the_window_opens(roads: Roads) -> None:
    early = stop(1, window_start=EIGHT + timedelta(hours=1, minutes=20))
    for seed in range(10):
        moments = of_visit(list(day(seed, roads, [early])), early)
        assert min(it.at for it in moments if it.kind != "en_route") >= early.window_start


def test_a_nurse_means_to_arrive_shortly_before_a_visit_is_due(roads: Roads) -> None:
    arrivals = [it for seed in range(40) for it in day(seed, roads, [stop(2)]) if it.kind == "arrived"]
    late_s = sorted((it.at - EIGHT).total_seconds() - 7200 for it in arrivals)
    assert -400 < late_s[0] < late_s[len(late_s) // 2] < 60


def test_stays_vary_about_what_is_booked_and_some_doors_stay_shut(roads: Roads) -> None:
    stays, shut = [], 0
    for seed in range(60):
        moments = list(day(seed, None))
        for one in DAY:
            steps = {it.kind: it.at for it in of_visit(moments, one)}
            shut += "no_access" in steps
            if "finished" in steps:
                stays.append((steps["finished"] - steps["arrived"]).total_seconds() / one.duration_s)
    assert 0.85 < sum(stays) / len(stays) < 1.05
    assert 0.03 < sum(stay > 1.3 for stay in stays) / len(stays) < 0.15
    assert 0 < shut < 0.05 * 60 * len(DAY)


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("en_route", ["arrived", "finished"]),
        ("in_progress", ["finished"]),
        ("no_access", ["en_route", "arrived", "finished"]),
    ],
)
def test_a_visit_that_has_begun_is_gone_on_with(state: str, steps: list[str], roads: Roads) -> None:
    begun = stop(1, state=state)
    assert [it.kind for it in of_visit(list(day(3, roads, [begun])), begun)] == steps


def test_the_same_seed_makes_the_same_day(roads: Roads) -> None:
    assert list(day(4, roads)) == list(day(4, roads)) != list(day(5, roads))
