"""The far end of the wire for phones under test: a real HTTP server that takes events, and misbehaves as it is told."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import msgspec

from domain.events import MAX_BATCH, Event
from sim.wire import NoticeTold, Stop

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
Reply = tuple[int, dict[str, str], object]
Behaviour = Callable[["FarEnd", "Sent"], Reply | None]
"""What to answer to a batch; None hangs up without a word."""


class Sent(msgspec.Struct):
    v: int
    events: list[Event]
    sent_at: datetime | None = None


class FarEnd:
    """What came, in its order, and how the next batches are to be met (`will`); after those, everything is taken."""

    def __init__(self, now: Callable[[], datetime] = lambda: EIGHT) -> None:
        self.batches: list[Sent] = []
        self.received_at: list[datetime] = []
        self.stored: dict[UUID, Event] = {}
        self.complaints: list[Exception] = []
        self.told: list[str] = []
        self.rounds_told = 0
        self.rounds: dict[str, list[Stop]] = {}
        self.notices: dict[str, NoticeTold] = {}
        self.will: deque[Behaviour] = deque()
        self.always: Behaviour = take
        self.url = ""
        self._now, self._asked = now, count()

    def store(self, sent: Sent) -> list[UUID]:
        for event in sent.events:
            self.stored.setdefault(event.id, event)
        return [event.id for event in sent.events]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _head(reader):
                body = await reader.readexactly(int(head.get("content-length", 0)))
                reply = self._meet(head, body)
                if reply is None:
                    break
                writer.write(_answer(*reply))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except (AssertionError, msgspec.MsgspecError) as complaint:
            self.complaints.append(complaint)
        finally:
            writer.close()

    def _meet(self, head: dict[str, str], body: bytes) -> Reply | None:
        token = head.get("authorization", "").removeprefix("Bearer ")
        if head["target"] == "/api/v1/round":
            self.rounds_told += 1
            told: dict[str, object] = {"nurse_id": token, "day": "2026-11-23", "stops": self.rounds.get(token, [])}
            told["notice"] = self.notices.get(token)
            return 200, {}, told
        if head["target"].startswith("/ingest/"):
            self.told.append(head["target"] + " " + body.decode())
            return self.will.popleft()(self, Sent(1, [])) if self.will else (200, {}, [])
        assert head["target"] == "/api/v1/events"
        sent = msgspec.json.decode(body, type=Sent)
        assert 0 < len(sent.events) <= MAX_BATCH
        self.batches.append(sent)
        self.received_at.append(self._now())
        behave = self.will.popleft() if self.will else self.always
        return behave(self, sent)


def take(end: FarEnd, sent: Sent) -> Reply:
    return 202, {}, {"received_at": EIGHT, "accepted": end.store(sent), "refused": []}


def lose_the_answer(end: FarEnd, sent: Sent) -> None:
    """What came is kept, and nobody hears of it."""
    end.store(sent)


def hang_up(end: FarEnd, sent: Sent) -> None:
    pass


def fail(end: FarEnd, sent: Sent) -> Reply:
    return 500, {}, {"status": 500}


def answer_nonsense(end: FarEnd, sent: Sent) -> Reply:
    return 202, {}, "what?"


def be_busy(end: FarEnd, sent: Sent) -> Reply:
    return 503, {"retry-after": "7"}, {"status": 503}


def not_know(end: FarEnd, sent: Sent) -> Reply:
    return 401, {}, {"status": 401}


def refuse_all(end: FarEnd, sent: Sent) -> Reply:
    refused = [{"index": index, "id": None, "problem": "bad"} for index in range(len(sent.events))]
    return 422, {}, {"status": 422, "refused": refused}


def refuse_the_second(end: FarEnd, sent: Sent) -> Reply:
    kept = Sent(sent.v, [event for index, event in enumerate(sent.events) if index != 1])
    refused = [{"index": 1, "id": str(sent.events[1].id), "problem": "bad"}]
    return 202, {}, {"received_at": EIGHT, "accepted": end.store(kept), "refused": refused}


def at_most(events: int) -> Behaviour:
    return lambda end, sent: take(end, sent) if len(sent.events) <= events else (413, {}, {"status": 413})


@asynccontextmanager
async def far_end(now: Callable[[], datetime] = lambda: EIGHT) -> AsyncIterator[FarEnd]:
    """A far end that listens on this machine."""
    end = FarEnd(now)
    server = await asyncio.start_server(end.serve, "127.0.0.1", 0)
    end.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield end
    finally:
        server.close()
        await server.wait_closed()
    assert not end.complaints


async def _head(reader: asyncio.StreamReader) -> dict[str, str]:
    request = (await reader.readline()).decode().split()
    if not request:
        return {}
    head = {"target": request[1]}
    while line := (await reader.readline()).decode().strip():
        name, _, value = line.partition(":")
        head[name.lower()] = value.strip()
    return head


def _answer(status: int, headers: dict[str, str], body: object) -> bytes:
    content = msgspec.json.encode(body)
    lines = [f"HTTP/1.1 {status} Said", f"content-length: {len(content)}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + content
