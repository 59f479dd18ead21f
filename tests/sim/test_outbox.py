"""The outbox of a phone, against a server that refuses, delays and loses: nothing is lost, and nothing goes before its time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from domain.errors import BadInput, NotRecognised
from domain.events import MAX_BATCH, Position
from domain.ids import uuid7
from sim.faults import Faults
from sim.ledger import Ledger
from sim.line import Line
from sim.outbox import Outbox
from tests.sim.far_end import (
    EIGHT,
    FarEnd,
    answer_nonsense,
    at_most,
    be_busy,
    fail,
    far_end,
    hang_up,
    lose_the_answer,
    not_know,
    refuse_all,
    refuse_the_second,
    take,
)


class Pocket:
    """An outbox under test: its books, and how long it was asked to wait (which it need not here)."""

    def __init__(self, line: Line, faults: Faults) -> None:
        self.ledger, self.pauses, self.put = Ledger(), list[float](), list[UUID]()
        self.meanwhile = 0
        self.outbox = Outbox(line, "amy", lambda: EIGHT, self.ledger, faults, Random(5), self._pause)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.note(self.meanwhile)
        self.meanwhile = 0

    def note(self, events: int) -> None:
        for _ in range(events):
            at = EIGHT + timedelta(seconds=len(self.put))
            self.put.append(uuid7(at))
            self.outbox.put(Position(id=self.put[-1], at=at, lat=53.2, lon=-2.15), urgent=True)

    async def send(self) -> None:
        await self.outbox.flush(within_s=20)


@pytest.fixture
async def end() -> AsyncIterator[FarEnd]:
    async with far_end() as opened:
        yield opened


@pytest.fixture
async def line(end: FarEnd) -> AsyncIterator[Line]:
    async with Line(end.url) as opened:
        yield opened


@pytest.fixture
def pocket(line: Line) -> Pocket:
    return Pocket(line, Faults())


@pytest.mark.parametrize("misbehaves", [lose_the_answer, hang_up, fail, answer_nonsense])
async def test_an_event_leaves_only_when_the_server_has_said_that_it_has_it(
    end: FarEnd, pocket: Pocket, misbehaves: object
) -> None:
    end.will.extend([misbehaves, misbehaves])  # type: ignore[list-item]
    pocket.note(3)
    await pocket.send()
    assert [len(batch.events) for batch in end.batches] == [3, 3, 3]
    assert list(end.stored) == pocket.put
    assert pocket.ledger.accepted == set(pocket.put)
    assert pocket.ledger.unanswered == 2
    assert len(pocket.outbox) == 0


async def test_without_an_answer_the_phone_waits_longer_each_time_and_never_for_long(
    end: FarEnd, pocket: Pocket
) -> None:
    end.will.extend([hang_up] * 9)
    pocket.note(1)
    await pocket.send()
    assert len(pocket.pauses) == 9
    assert pocket.pauses[0] < 2 < pocket.pauses[3] < pocket.pauses[-1] <= 45


async def test_a_batch_is_sent_again_as_it_was_whatever_has_come_since(end: FarEnd, pocket: Pocket) -> None:
    end.will.append(lose_the_answer)
    pocket.note(2)
    pocket.meanwhile = 3
    await pocket.send()
    assert [len(batch.events) for batch in end.batches] == [2, 2, 3]
    assert list(end.stored) == pocket.put


async def test_a_busy_server_gets_the_time_it_asks_for(end: FarEnd, pocket: Pocket) -> None:
    end.will.append(be_busy)
    pocket.note(2)
    await pocket.send()
    assert pocket.pauses == [7]
    assert pocket.ledger.put_off == 1
    assert list(end.stored) == pocket.put


async def test_a_phone_that_is_not_recognised_stops_loudly_and_keeps_what_it_has(end: FarEnd, pocket: Pocket) -> None:
    end.always = not_know
    pocket.note(2)
    with pytest.raises(NotRecognised, match="401"):
        await pocket.send()
    assert len(pocket.outbox) == 2


async def test_a_server_that_knows_no_such_door_is_told_of_loudly(end: FarEnd, pocket: Pocket) -> None:
    end.always = lambda end, sent: (404, {}, {})
    pocket.note(1)
    with pytest.raises(BadInput, match="404"):
        await pocket.send()


async def test_what_is_refused_is_dropped_and_counted_and_the_rest_is_sent(end: FarEnd, pocket: Pocket) -> None:
    end.will.append(refuse_the_second)
    pocket.note(3)
    await pocket.send()
    assert len(end.batches) == 1
    assert list(end.stored) == [pocket.put[0], pocket.put[2]]
    assert pocket.ledger.refused == {"bad": 1}


async def test_a_batch_of_which_nothing_is_taken_is_dropped_and_counted(end: FarEnd, pocket: Pocket) -> None:
    end.will.append(refuse_all)
    pocket.note(3)
    await pocket.send()
    assert pocket.ledger.refused == {"bad": 3}
    assert not end.stored
    assert len(pocket.outbox) == 0


async def test_what_is_too_large_at_once_goes_in_parts(end: FarEnd, pocket: Pocket) -> None:
    end.always = at_most(2)
    pocket.note(7)
    await pocket.send()
    assert list(end.stored) == pocket.put
    assert not pocket.ledger.refused


async def test_what_is_too_large_by_itself_is_dropped_and_counted(end: FarEnd, pocket: Pocket) -> None:
    end.always = at_most(0)
    pocket.note(2)
    await pocket.send()
    assert pocket.ledger.refused.total() == 2
    assert len(pocket.outbox) == 0


async def test_a_long_queue_goes_in_batches_that_the_server_takes(end: FarEnd, pocket: Pocket) -> None:
    pocket.note(MAX_BATCH + 10)
    await pocket.send()
    assert [len(batch.events) for batch in end.batches] == [MAX_BATCH, 10]
    assert list(end.stored) == pocket.put


async def test_whatever_the_network_does_all_arrives_once_and_in_order(end: FarEnd, pocket: Pocket) -> None:
    rng = Random(11)
    end.will.extend(rng.choices([take, lose_the_answer, hang_up, fail, answer_nonsense, be_busy], k=200))
    for _ in range(40):
        pocket.note(rng.randint(1, 20))
        await pocket.outbox.flush(within_s=0.005)
    await pocket.send()
    assert list(end.stored) == pocket.put
    assert pocket.ledger.accepted == set(pocket.put)


async def test_the_faults_of_a_phone_repeat_and_reorder_but_lose_nothing(end: FarEnd, line: Line) -> None:
    pocket = Pocket(line, Faults(lost_answers=0.3, newest_first=0.5))
    for _ in range(30):
        pocket.note(7)
        await pocket.outbox.flush(within_s=0.005)
    await pocket.send()
    assert set(end.stored) == pocket.ledger.accepted == set(pocket.put)
    assert list(end.stored) != pocket.put
    sent = [event.id for batch in end.batches for event in batch.events]
    assert len(sent) > len(set(sent))
    assert pocket.ledger.repeats > 0


async def test_an_urgent_event_is_sent_at_once_and_a_position_waits_for_others(end: FarEnd, pocket: Pocket) -> None:
    async def signal() -> None:
        pass

    sending = asyncio.create_task(pocket.outbox.send_for_ever(signal))
    pocket.outbox.put(Position(id=uuid7(EIGHT), at=EIGHT, lat=53.2, lon=-2.15), urgent=False)
    await asyncio.sleep(0)
    assert not end.batches
    pocket.note(1)
    async with asyncio.timeout(1):
        while len(pocket.outbox):  # noqa: ASYNC110 - what is waited for comes over the network
            await asyncio.sleep(0.005)
    assert [len(batch.events) for batch in end.batches] == [2]
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
