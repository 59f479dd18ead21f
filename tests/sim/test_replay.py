"""A trace is sent in its order until each fix is answered for: in its own time, or as fast as the server acknowledges."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.errors import BadInput, NotRecognised
from domain.events import MAX_BATCH, Position
from sim.line import Line
from sim.protocols import PROTOCOLS
from sim.replay import Replay
from sim.traces import Fix
from tests.sim.far_end import (
    EIGHT,
    FarEnd,
    be_busy,
    far_end,
    hang_up,
    lose_the_answer,
    not_know,
    refuse_all,
    refuse_the_second,
)

WALK = [Fix(7 + n, EIGHT + timedelta(seconds=20 * n), 53.2 + n / 1000, -2.15) for n in range(5)]


@pytest.fixture
async def end() -> AsyncIterator[FarEnd]:
    async with far_end() as opened:
        yield opened


@pytest.fixture
async def line(end: FarEnd) -> AsyncIterator[Line]:
    async with Line(end.url) as opened:
        yield opened


def replay(line: Line, protocol: str = "native", speed: float = 0, pauses: list[float] | None = None) -> Replay:
    waited = pauses if pauses is not None else []

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        assert len(waited) < 50, "it is sent again and again"

    return Replay(line, PROTOCOLS[protocol], speed, pause)


def places(end: FarEnd) -> list[float]:
    return [event.lat for event in end.stored.values() if isinstance(event, Position)]


async def test_as_fast_as_acknowledged_it_goes_in_full_batches(end: FarEnd, line: Line) -> None:
    fixes = [Fix(n, EIGHT + timedelta(seconds=n), 53.2, -2.15) for n in range(MAX_BATCH + 1)]
    outcome = await replay(line).run(fixes, "amy")
    assert [len(sent.events) for sent in end.batches] == [MAX_BATCH, 1]
    assert (outcome.sent, outcome.accepted, outcome.last) == (MAX_BATCH + 1, MAX_BATCH + 1, fixes[-1])


@pytest.mark.parametrize("protocol", ["traccar", "traccar-query", "owntracks"])
async def test_a_tracker_app_tells_one_fix_at_a_time(end: FarEnd, line: Line, protocol: str) -> None:
    outcome = await replay(line, protocol).run(WALK, "amy")
    assert outcome.accepted == len(end.told) == len(WALK)
    assert all(str(fix.lat) in told for fix, told in zip(WALK, end.told, strict=True))


async def test_at_a_speed_each_fix_waits_for_its_time(end: FarEnd, line: Line) -> None:
    outcome = await Replay(line, PROTOCOLS["native"], speed=400).run(WALK, "amy")
    assert 0.2 <= outcome.took_s < 2
    assert len(end.batches) == len(WALK)
    assert places(end) == [fix.lat for fix in WALK]


@pytest.mark.parametrize("protocol", ["native", "traccar"])
async def test_nothing_is_lost_where_the_server_is_busy_or_silent(end: FarEnd, line: Line, protocol: str) -> None:
    end.will.extend([be_busy, hang_up, lose_the_answer, be_busy])
    pauses: list[float] = []
    outcome = await replay(line, protocol, pauses=pauses).run(WALK, "amy")
    assert outcome.accepted == len(WALK)
    assert pauses == [7, 1, 1, 7]
    assert outcome.again == {"busy": 2, "no answer": 2}
    if protocol == "native":
        assert places(end) == [fix.lat for fix in WALK]


async def test_what_is_refused_is_named_by_the_row_in_the_file(end: FarEnd, line: Line) -> None:
    end.will.append(refuse_the_second)
    outcome = await replay(line).run(WALK, "amy")
    assert outcome.refused == [(8, "bad")]
    assert outcome.accepted == 4


@pytest.mark.parametrize(("protocol", "refused"), [("native", "bad"), ("owntracks", "it does not say why")])
async def test_a_request_that_is_refused_as_a_whole_is_not_sent_again(
    end: FarEnd, line: Line, protocol: str, refused: str
) -> None:
    end.will.append(refuse_all)
    outcome = await replay(line, protocol).run(WALK[:1], "amy")
    assert outcome.refused == [(7, refused)]
    assert (outcome.accepted, outcome.last) == (0, None)


async def test_the_last_position_is_the_newest_not_the_last_in_the_file(end: FarEnd, line: Line) -> None:
    outcome = await replay(line).run([*WALK[3:], *WALK[:3]], "amy")
    assert outcome.last == WALK[-1]


async def test_a_token_nobody_knows_or_a_door_that_is_not_there_ends_it_loudly(end: FarEnd, line: Line) -> None:
    end.will.append(not_know)
    with pytest.raises(NotRecognised):
        await replay(line).run(WALK, "amy")
    end.will.append(lambda end, sent: (404, {}, {}))
    with pytest.raises(BadInput, match="404"):
        await replay(line).run(WALK, "amy")
