"""A nurse's day as it is expected to go: stories of what pushes what, and properties that hold of every day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.geo import Place
from domain.nurses_day import NursesDay, StopAhead
from domain.outlook import Expected
from domain.projection import project

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
