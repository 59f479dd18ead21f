"""Nurses read that their rounds have changed: most soon, some late, a few never; they go on by the changed round."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, timedelta
from random import Random

import pytest

from domain.clock import ManualClock
from domain.events import RoundAcknowledged, RoundContested
from sim.answering import NEVER, Answer, Reader, answer
from sim.fleet import Fleet
from sim.nurse import LONG_STAY, LONG_STAY_TIMES, Nurse
from sim.town import TEAM
from sim.wire import NoticeTold
from tests.sim.far_end import EIGHT, FarEnd, far_end
from tests.sim.rounds import amy, stop
from tests.sim.test_phone import eventually, passes

MONDAY = date(2026, 11, 23)
SOON = Answer("round_acknowledged", timedelta(minutes=1))


def notice(revision: int = 2, state: str = "reached") -> NoticeTold:
    return NoticeTold(day=MONDAY, revision=revision, state=state)  # type: ignore[arg-type]


def test_most_acknowledge_soon_some_late_and_a_few_contest_or_never_answer() -> None:
    answers = [answer(Random(seed)) for seed in range(2000)]
    kinds = Counter(one.kind if one else "never" for one in answers)
    assert NEVER * 1000 < kinds["never"] < NEVER * 4000
    assert 40 < kinds["round_contested"] < 140
    late = sum(one.after > timedelta(minutes=10) for one in answers if one)
    assert 100 < late < 400
    assert all((one.because is None) == (one.kind == "round_acknowledged") for one in answers if one)


def test_a_nurse_answers_once_and_as_late_as_the_seed_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.answering.answer", lambda rng: SOON)
    reader = Reader("7")
    assert reader.says(notice(), EIGHT) is None
    said = reader.says(notice(), EIGHT + timedelta(minutes=1))
    assert said is not None
    assert (said.day, said.revision) == (MONDAY, 2)
    assert reader.says(notice(), EIGHT + timedelta(minutes=2)) is None


def test_a_newer_change_is_read_anew_and_an_answered_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.answering.answer", lambda rng: SOON)
    reader, later = Reader("7"), EIGHT + timedelta(minutes=5)
    assert reader.says(notice(2, "acknowledged"), later) is None
    assert reader.says(notice(2), EIGHT) is None
    assert reader.says(notice(3), later) is None
    assert reader.says(notice(3), later + timedelta(minutes=1)) is not None


def test_a_few_stays_go_far_beyond_what_is_booked() -> None:
    nurse, booked_s = Nurse(TEAM.base, EIGHT, None, Random(1)), 1800
    shares = [nurse._stays(booked_s).total_seconds() / booked_s for _ in range(4000)]
    long = sum(share > LONG_STAY_TIMES[0] for share in shares) / len(shares)
    assert LONG_STAY * 0.8 < long < LONG_STAY * 2
    assert max(shares) <= LONG_STAY_TIMES[1]


@pytest.fixture
async def end(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FarEnd]:
    monkeypatch.setattr("sim.outbox.GATHER_S", 0.02)
    monkeypatch.setattr("sim.phone.ASKS_AT_MOST_S", 0.0)
    monkeypatch.setattr("sim.answering.answer", lambda rng: SOON)
    async with far_end() as opened:
        opened.rounds["amy"] = [stop(2)]
        yield opened


async def test_a_phone_tells_that_the_changed_round_was_read_and_goes_by_it(end: FarEnd) -> None:
    clock, stopping = ManualClock(EIGHT), asyncio.Event()
    running = asyncio.create_task(Fleet(end.url, [amy()], clock, 3).run(stopping))
    await eventually(lambda: end.rounds_told)
    await passes(clock, 10)
    end.rounds["amy"], end.notices["amy"] = [stop(3)], notice()
    asked = end.rounds_told
    while not _answers(end):
        await passes(clock, 1)
        assert clock.now() < EIGHT + timedelta(hours=1), "nobody answered"
    assert end.rounds_told > asked
    while not _set_off(end):
        await passes(clock, 1)
        assert clock.now() < EIGHT + timedelta(hours=4), "nobody set off"
    stopping.set()
    await running
    assert [(one.day, one.revision) for one in _answers(end)] == [(MONDAY, 2)]
    assert _set_off(end)[0] == stop(3).visit_id


def _answers(end: FarEnd) -> list[RoundAcknowledged | RoundContested]:
    return [one for one in end.stored.values() if isinstance(one, RoundAcknowledged | RoundContested)]


def _set_off(end: FarEnd) -> list[str]:
    return [visit_id for one in end.stored.values() if (visit_id := getattr(one, "visit_id", None))]
