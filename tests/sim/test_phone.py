"""Phones with a far end: a whole day goes over the wire, nothing of it is lost, and nothing is told before it happens."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from domain.attendance import Noted, attend
from domain.clock import ManualClock
from domain.errors import BadFile
from domain.events import Event, Position, kind_of
from sim.faults import HARSH, Faults
from sim.fleet import Fleet
from sim.owners import PhoneOwner, owners_as_json, owners_of, read_owners
from sim.town import district
from tests.sim.far_end import EIGHT, FarEnd, far_end, hang_up, lose_the_answer, not_know
from tests.sim.rounds import FOUR, amy, stop

EVENING = ManualClock(FOUR + timedelta(hours=12))
"""Long after the day: phones switched on now tell of it at once."""


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Phones that gather for moments only."""
    monkeypatch.setattr("sim.outbox.GATHER_S", 0.02)


@pytest.fixture
async def end() -> AsyncIterator[FarEnd]:
    async with far_end() as opened:
        opened.rounds["amy"] = [stop(number) for number in (1, 2, 3)]
        yield opened


async def lived(end: FarEnd, *owners: PhoneOwner, faults: Faults | None = None, seed: int = 3) -> Fleet:
    """The whole day of these phones, told in the evening."""
    fleet = Fleet(end.url, owners, EVENING, seed, faults)
    async with asyncio.timeout(20):
        await fleet.run(asyncio.Event())
    return fleet


def steps(events: list[Event]) -> list[str]:
    return [kind_of(event) for event in events if not isinstance(event, Position) and kind_of(event) != "heartbeat"]


async def eventually(holds: Callable[[], object], within_s: float = 5.0) -> None:
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - what is waited for comes over the network
            await asyncio.sleep(0.005)


async def passes(clock: ManualClock, minutes: int) -> None:
    """Let time pass minute by minute, with turns of the loop in between for what goes over the network."""
    for _ in range(minutes):
        await clock.forward(minutes=1)
        for _ in range(20):
            await asyncio.sleep(0)


async def test_a_day_without_faults_is_told_in_legal_steps_and_in_order(end: FarEnd) -> None:
    fleet = await lived(end, amy())
    events = list(end.stored.values())
    assert steps(events) == ["shift_started", *("en_route", "arrived", "finished") * 3, "shift_ended"]
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert fleet.ledger.accepted == set(end.stored)
    assert fleet.ledger.noted.total() == len(end.stored)
    assert (fleet.ledger.unsent, fleet.ledger.repeats, fleet.ledger.refused.total()) == (0, 0, 0)


async def test_on_the_worst_of_days_what_was_noted_is_stored_and_nothing_else(end: FarEnd) -> None:
    owners = [PhoneOwner(nurse_id=f"north:n{n}", token=f"t{n}", duty=amy().duty) for n in range(6)]
    for owner in owners:
        end.rounds[owner.token] = [stop(number) for number in range(1, 6)]
    end.will.extend([hang_up, lose_the_answer] * 2)
    fleet = await lived(end, *owners, faults=HARSH)
    assert fleet.ledger.accepted == set(end.stored)
    assert fleet.ledger.noted.total() == len(end.stored)
    assert fleet.ledger.repeats > 0
    assert fleet.ledger.noted == Counter(_noted_as(event) for event in end.stored.values())


async def test_a_phone_whose_server_is_away_at_the_end_of_the_day_goes_on_until_it_is_back(
    end: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.outbox.FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr("sim.phone.FLUSH_S", 0.0)
    end.will.extend([hang_up] * 4)
    fleet = await lived(end, amy())
    assert fleet.ledger.unanswered == 4
    assert fleet.ledger.unsent == 0
    assert fleet.ledger.accepted == set(end.stored)


async def test_a_wrong_clock_is_told_with_every_batch(end: FarEnd) -> None:
    await lived(end, amy(), faults=Faults(wrong_clocks=1))
    offs = {sent.sent_at - EVENING.now() for sent in end.batches if sent.sent_at}
    assert len(offs) == 1
    assert abs(off := offs.pop()) >= timedelta(minutes=1)
    assert next(iter(end.stored.values())).at == EIGHT + off


async def test_visits_that_come_twice_or_out_of_order_end_in_the_same_state(end: FarEnd) -> None:
    await lived(end, amy(), faults=Faults(lost_answers=0.4, newest_first=0.6))
    for one in end.rounds["amy"]:
        events = [event for event in end.stored.values() if getattr(event, "visit_id", None) == one.visit_id]
        assert attend([Noted(it.id, kind_of(it), it.at, it.at) for it in events])[0].state in ("done", "no_access")


async def test_nothing_is_told_before_it_happens(end: FarEnd) -> None:
    clock = ManualClock(EIGHT - timedelta(minutes=5))
    fleet, stop_ = Fleet(end.url, [amy()], clock), asyncio.Event()
    running = asyncio.create_task(fleet.run(stop_))
    await eventually(lambda: end.rounds_told)
    assert not end.stored
    await passes(clock, minutes=100)
    await eventually(lambda: "arrived" in steps(list(end.stored.values())))
    assert all(event.at <= clock.now() for event in end.stored.values())
    stop_.set()
    await running


async def test_when_stopped_the_phones_send_what_they_have(end: FarEnd) -> None:
    clock = ManualClock(EIGHT + timedelta(minutes=80))
    fleet, stop_ = Fleet(end.url, [amy()], clock), asyncio.Event()
    running = asyncio.create_task(fleet.run(stop_))
    await eventually(lambda: fleet.ledger.noted["arrived"])
    stop_.set()
    async with asyncio.timeout(5):
        await running
    assert fleet.ledger.noted.total() == len(end.stored)
    assert "shift_ended" not in steps(list(end.stored.values()))


async def test_a_change_of_plan_changes_where_the_nurse_goes_next(end: FarEnd) -> None:
    """A visit that somebody else has made meanwhile is passed over."""
    changed = [stop(1), stop(5), stop(3, state="done"), stop(2)]
    clock = ManualClock(EIGHT + timedelta(minutes=58))
    fleet, stop_ = Fleet(end.url, [amy()], clock), asyncio.Event()
    running = asyncio.create_task(fleet.run(stop_))
    await eventually(lambda: fleet.ledger.noted["en_route"])
    end.rounds["amy"] = changed
    await clock.forward(hours=6)
    await eventually(lambda: fleet.ledger.noted["en_route"] == 3)
    stop_.set()
    await running
    been = dict.fromkeys(event.visit_id for event in end.stored.values() if hasattr(event, "visit_id"))
    assert list(been) == [one.visit_id for one in changed if one.state == "planned"]


async def test_a_phone_that_comes_back_goes_on_where_the_round_stands(end: FarEnd) -> None:
    end.rounds["amy"] = [stop(1, state="done"), stop(2, state="in_progress"), stop(3, state="no_access"), stop(4)]
    clock = ManualClock(EIGHT + timedelta(hours=2, minutes=20))
    fleet, stop_ = Fleet(end.url, [amy()], clock), asyncio.Event()
    running = asyncio.create_task(fleet.run(stop_))
    await eventually(lambda: end.rounds_told)
    await passes(clock, minutes=200)
    await eventually(lambda: fleet.ledger.noted["finished"] == 2)
    stop_.set()
    await running
    told = [(event.visit_id[-2:], kind_of(event)) for event in end.stored.values() if hasattr(event, "visit_id")]
    assert told == [("v2", "finished"), ("v4", "en_route"), ("v4", "arrived"), ("v4", "finished")]
    assert min(event.at for event in end.stored.values()) >= EIGHT + timedelta(hours=2, minutes=20)


async def test_a_phone_without_a_known_duty_starts_before_its_first_visit(end: FarEnd) -> None:
    await lived(end, PhoneOwner(nurse_id="north:amy", token="amy"))
    first = next(iter(end.stored.values()))
    assert kind_of(first) == "shift_started"
    assert timedelta(minutes=10) < stop(1).due_at - first.at < timedelta(minutes=40)


async def test_a_revoked_phone_falls_silent_loudly_and_the_others_go_on(
    end: FarEnd, caplog: pytest.LogCaptureFixture
) -> None:
    end.rounds["ben"] = [stop(1)]
    end.will.append(not_know)
    ben = PhoneOwner(nurse_id="north:ben", token="ben", duty=amy().duty)
    fleet = await lived(end, amy(), ben)
    assert len(fleet.ledger.silenced) == 1
    assert "gives up" in caplog.text
    assert fleet.ledger.unsent > 0
    assert fleet.ledger.accepted == set(end.stored)
    assert "shift_ended" in steps(list(end.stored.values()))


async def test_nothing_is_sent_where_there_is_no_signal() -> None:
    clock = ManualClock(EIGHT)
    async with far_end(clock.now) as end:
        end.rounds["amy"] = [stop(1), stop(2)]
        fleet = Fleet(end.url, [amy()], clock, seed=5, faults=Faults(signal_gaps_per_h=3, gap_min=12))
        silent_for = fleet.phones[0]._handset.silent_for
        stop_ = asyncio.Event()
        running = asyncio.create_task(fleet.run(stop_))
        await passes(clock, minutes=180)
        received_at = list(end.received_at)
        stop_.set()
        await running
    gaps = [minute for minute in range(180) if silent_for(EIGHT + timedelta(minutes=minute))]
    assert len(gaps) > 20
    assert received_at
    assert not any(silent_for(at - timedelta(minutes=2)) and silent_for(at) for at in received_at)
    assert fleet.ledger.accepted == set(end.stored)
    assert fleet.ledger.noted.total() == len(end.stored)


def test_owners_come_from_a_day_or_from_lines() -> None:
    sheet = district(7, EIGHT.date(), nurses=3, visits=10)
    owners = owners_of(sheet, {"ashbourne:N001": "t1", "ashbourne:N003": "t3", "other:N001": "t4"})
    assert [owner.nurse_id for owner in owners] == ["ashbourne:N001", "ashbourne:N003"]
    assert owners[0].duty
    assert owners[0].duty.home == sheet.staff[0].shift.start


def test_owners_go_through_a_file_and_come_out_the_same() -> None:
    owners = [amy(), PhoneOwner(nurse_id="north:ben", token="b")]
    assert read_owners(owners_as_json(owners), "phones.json") == owners
    assert read_owners(b'{"north:ben": "b"}', "phones.json") == owners[1:]


@pytest.mark.parametrize("content", [b"", b"{}", b'["t"]', b'{"north:amy": {"duty": null}}', b'{"north:amy": 3}'])
def test_a_file_that_holds_no_phones_is_refused(content: bytes) -> None:
    with pytest.raises(BadFile, match=r"phones\.json: "):
        read_owners(content, "phones.json")


def _noted_as(event: Event) -> str:
    return "fix" if isinstance(event, Position) else kind_of(event)
