"""The websocket `/api/v1/phone`: events without a request for each, acknowledged when they are durable.

One line is one phone. It listens, lays what comes down at the door, and answers in turn as batches become durable; with
`WINDOW` batches unanswered it stops listening until the first is. What the server has to say goes out through `say`.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.di import NamedDependency as Given

from db.pool import Pool
from domain.errors import BadInput, NotRecognised, Overloaded, StoreUnavailable
from realtime.api.batch import judge, readable, sentence
from realtime.api.phone_messages import (
    Ack,
    Busy,
    FromPhone,
    Hello,
    Numbered,
    Ping,
    Pong,
    SentBatch,
    ToPhone,
    Trouble,
    Welcome,
)
from realtime.api.phone_news import PhoneNews
from realtime.api.problems import RETRY_AFTER_S, problem_of
from realtime.api.reception import MAX_BODY_BYTES, Offer, Reception
from realtime.api.tokens import Phone
from realtime.notices.lines import PhoneLines
from realtime.settings import RealtimeSettings

PATH = "/api/v1/phone"
PROTOCOL = "websocket"
WINDOW = 32
HELLO_WITHIN_S = 10.0
NOT_RECOGNISED, TRY_LATER, FAULT = 4401, 1013, 1011
"""Close codes; the first is our own, after HTTP's 401."""

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[FromPhone] = msgspec.json.Decoder(FromPhone)
_numbered = msgspec.json.Decoder(Numbered)


@websocket(PATH)
async def phone_socket(
    socket: WebSocket[Any, Any, Any],
    reception: Given[Reception],
    settings: Given[RealtimeSettings],
    pool: Given[Pool],
    lines: Given[PhoneLines],
) -> None:
    await socket.accept()
    line = PhoneLine(socket, reception, settings.ping_s, PhoneNews(pool, reception.clock, lines))
    try:
        await line.serve()
    except* HungUp:
        pass
    except* NotRecognised as errors:
        await line.close(NOT_RECOGNISED, str(errors.exceptions[0]))
    except* Exception as errors:
        problem = problem_of(_first(errors))
        await line.close(FAULT if problem.retry_after_s is None else TRY_LATER, problem.detail)


class HungUp(Exception):
    """The phone has gone."""


class PhoneLine:
    """One connection of one phone."""

    def __init__(self, socket: WebSocket[Any, Any, Any], reception: Reception, ping_s: float, news: PhoneNews) -> None:
        self._socket, self._reception, self._ping_s, self._news = socket, reception, ping_s, news
        self._token = b""
        self._offers: asyncio.Queue[tuple[int, Offer]] = asyncio.Queue(WINDOW)

    async def serve(self) -> None:
        """Talk until the phone hangs up (`HungUp`) or is not recognised, at first or any more (`NotRecognised`)."""
        phone = await self._welcome()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._answer_for_ever())
                group.create_task(self._ping_for_ever())
                group.create_task(self._listen_for_ever())
                group.create_task(self._news.tell_for_ever(phone, self.say))
        finally:
            while not self._offers.empty():
                self._offers.get_nowait()[1].abandon()

    async def say(self, message: ToPhone) -> None:
        """Send the phone a message; `HungUp` when it has gone."""
        try:
            await self._socket.send(
                {"type": "websocket.send", "bytes": None, "text": _encoder.encode(message).decode()}
            )
        except (OSError, RuntimeError) as error:
            raise HungUp from error

    async def close(self, code: int, reason: str) -> None:
        """Hang up with a reason; one too long for a close frame is cut."""
        try:
            await self._socket.close(code, reason.encode()[:120].decode(errors="ignore"))
        except (OSError, RuntimeError):
            return

    async def _welcome(self) -> Phone:
        self._token = await self._told_token()
        phone = await self._reception.tokens.find(self._token)
        await self.say(
            Welcome(
                nurse_id=phone.nurse_id,
                device_id=phone.device_id,
                team_id=phone.team_id,
                now=self._reception.clock.now(),
                window=WINDOW,
            )
        )
        return phone

    async def _told_token(self) -> bytes:
        header = self._socket.headers.get("authorization", "")
        if header:
            return header.partition(" ")[2].strip().encode()
        try:
            async with asyncio.timeout(HELLO_WITHIN_S):
                message = await self._hear()
        except TimeoutError:
            raise NotRecognised("A phone says hello first.") from None
        if not isinstance(message, Hello):
            raise NotRecognised("A phone says hello first.")
        return message.token.encode()

    async def _listen_for_ever(self) -> None:
        while True:
            message = await self._hear()
            match message:
                case SentBatch():
                    await self._take(message)
                case Ping():
                    await self.say(Pong(now=self._reception.clock.now()))
                case Trouble():
                    await self.say(message)

    async def _take(self, sent: SentBatch) -> None:
        try:
            # Asked for each batch, so that a revoked token ends the line.
            phone = await self._reception.tokens.find(self._token)
            offer = self._reception.offer(phone, PROTOCOL, judge(sent.events, sent.sent_at, sent.v))
        except BadInput as error:
            await self.say(Trouble(n=sent.n, problem=error.detail))
        except (Overloaded, StoreUnavailable) as error:
            await self.say(_busy(sent.n, error))
        else:
            await self._offers.put((sent.n, offer))

    async def _answer_for_ever(self) -> None:
        while True:
            n, offer = await self._offers.get()
            try:
                receipt = await offer.durable()
            except Overloaded as error:
                await self.say(_busy(n, error))
            else:
                await self.say(Ack(n=n, received_at=receipt.received_at, refused=receipt.refused))

    async def _ping_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._ping_s)
            await self.say(Ping(now=self._reception.clock.now()))

    async def _hear(self) -> FromPhone | Trouble:
        frame: Any = await self._socket.receive()
        if frame["type"] != "websocket.receive":
            raise HungUp
        text = frame.get("text")
        return understood(frame.get("bytes") or b"" if text is None else text)


def understood(text: str | bytes) -> FromPhone | Trouble:
    """The message in a frame, or what to say of one that is none."""
    if len(text) > MAX_BODY_BYTES:
        return Trouble(problem=f"A message may have {MAX_BODY_BYTES} bytes. Send several.")
    try:
        if isinstance(text, bytes):
            readable(text)
        return _decoder.decode(text)
    except msgspec.ValidationError as error:
        return Trouble(n=_number_of(text), problem=sentence(error))
    except BadInput as error:
        return Trouble(problem=error.detail)
    except (msgspec.DecodeError, RecursionError):
        return Trouble(problem="It is not JSON.")


def _number_of(text: str | bytes) -> int | None:
    try:
        return _numbered.decode(text).n
    except msgspec.MsgspecError:
        return None


def _busy(n: int, error: Exception) -> Busy:
    return Busy(n=n, retry_after_s=error.retry_after_s if isinstance(error, Overloaded) else RETRY_AFTER_S)


def _first(errors: BaseExceptionGroup[Exception]) -> Exception:
    first: BaseException = errors
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    assert isinstance(first, Exception)
    return first
