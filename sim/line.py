"""The line to the server: plain HTTP, and what each answer asks of whoever sent something."""

from __future__ import annotations

from http import HTTPStatus
from types import TracebackType
from typing import Self, TypeVar

import httpx
import msgspec

from domain.errors import BadInput, DutyboardError, NotRecognised, Overloaded
from sim.wire import EVENTS, ROUND, Receipt, Request, RoundTold, bearer

TIMEOUT_S = 20.0
RETRY_AFTER_S = 5
CONNECTIONS = 100
Shape = TypeVar("Shape")


class NoAnswer(DutyboardError):
    """Nothing came back, or nothing that can be read: what was sent may have been taken, and has to be sent again."""

    title = "The server did not answer"


class TooMuch(DutyboardError):
    """More than the server takes in one request."""

    title = "The batch is too large"


class NotTaken(BadInput):
    """The server understood and will never take it; `receipt` says what it has against each event, where it does."""

    title = "The server refuses what was sent"

    def __init__(self, detail: str, receipt: Receipt) -> None:
        super().__init__(detail)
        self.receipt = receipt


class _Problem(msgspec.Struct):
    detail: str = "it does not say why"


class Line:
    """One pool of connections for any number of phones. Open it with `async with`.

    Whatever is asked raises `Overloaded` or `NoAnswer` when it is to be asked again, `TooMuch` when for less at once, and
    `NotRecognised` or `BadInput` (`NotTaken` among them) when it is in vain.
    """

    def __init__(self, base_url: str) -> None:
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self._http = httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_S, limits=limits, trust_env=False)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    async def ask(self, request: Request) -> bytes:
        """Send a request and return what a successful answer says."""
        try:
            answer = await self._http.request(
                request.method, request.path, content=request.body, headers=request.headers
            )
        except (httpx.HTTPError, OSError) as error:
            raise NoAnswer(f"{type(error).__name__} at {request.path.partition('?')[0]}.") from error
        if not answer.is_success:
            raise _meant_by(answer)
        return answer.content

    async def send(self, token: str, body: bytes) -> Receipt:
        """Send a batch of events; of a batch that is refused as a whole, the receipt says so for each."""
        try:
            return read(await self.ask(Request("POST", EVENTS, bearer(token), body)), Receipt)
        except NotTaken as error:
            if not error.receipt.refused:
                raise
            return error.receipt

    async def round(self, token: str) -> RoundTold:
        """Today's round of the nurse."""
        return read(await self.ask(Request("GET", ROUND, bearer(token))), RoundTold)


def read(content: bytes, shape: type[Shape]) -> Shape:
    """What an answer says; `NoAnswer` where it is not what was to be expected."""
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.MsgspecError as error:
        raise NoAnswer(f"The answer cannot be read: {error}.") from error


def _meant_by(answer: httpx.Response) -> DutyboardError:
    status = answer.status_code
    said = f"The server answers {status} at {answer.url.path}."
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return NotRecognised(f"{said} The token is not known, or is revoked.")
        case HTTPStatus.SERVICE_UNAVAILABLE | HTTPStatus.TOO_MANY_REQUESTS:
            return Overloaded(said, _retry_after_s(answer))
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return TooMuch(said)
        case HTTPStatus.UNPROCESSABLE_ENTITY:
            return NotTaken(_detail(answer), _refusals(answer))
    return NoAnswer(said) if answer.is_server_error else BadInput(said)


def _retry_after_s(answer: httpx.Response) -> int:
    told = answer.headers.get("retry-after", "")
    return int(told) if told.isdigit() else RETRY_AFTER_S


def _detail(answer: httpx.Response) -> str:
    try:
        return msgspec.json.decode(answer.content, type=_Problem).detail
    except msgspec.MsgspecError:
        return _Problem().detail


def _refusals(answer: httpx.Response) -> Receipt:
    try:
        return msgspec.json.decode(answer.content, type=Receipt)
    except msgspec.MsgspecError:
        return Receipt()
