"""`POST /api/v1/events`: where phones send what happened. Answered 202 when every accepted event is durable.

Most of the server's work comes through here, so it is served by plain ASGI in front of the framework. `post_events` is the
same door as the framework serves it; it documents the route, and a contract test holds the two together.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency as Given
from litestar.params import RawBody
from litestar.types import HTTPScope, Receive, Send

from realtime.api.batch import SentEvents, read_batch
from realtime.api.openapi import DEVICE_TOKEN, problems, reads_json
from realtime.api.problems import Problem, TooLarge, problem_of
from realtime.api.reception import MAX_BODY_BYTES, Receipt, Reception

PATH = "/api/v1/events"
PROTOCOL = "native"

_encoder = msgspec.json.Encoder()
_TAKEN_HEADERS = [(b"content-type", b"application/json")]


async def take_events(reception: Reception, authorization: bytes | None, body: bytes) -> Receipt:
    """Recognise the phone, judge what it sent and make it durable."""
    phone = await reception.phone_of(authorization)
    return await reception.take(phone, PROTOCOL, read_batch(body))


class EventsRoute:
    """The route as an ASGI application."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(scope, receive)
            if body is None:
                return
            receipt = await take_events(self._reception, _authorization(scope), body)
        except Exception as error:
            await _send_problem(send, problem_of(error))
        else:
            await _send(send, HTTPStatus.ACCEPTED, _TAKEN_HEADERS, _encoder.encode(receipt))


@post(
    PATH,
    status_code=HTTPStatus.ACCEPTED,
    operation_id="postEvents",
    summary="Send what happened",
    description="At most 500 events and 1 MB in one request. An event keeps its id however often it is sent.",
    response_description="Every event in `accepted` is durable; those in `refused` would be refused again, unchanged.",
    responses=problems(400, 401, 413, 422, 503),
    operation_class=reads_json(SentEvents),
    security=DEVICE_TOKEN,
    tags=["phones"],
)
async def post_events(request: Request[Any, Any, Any], body: RawBody, reception: Given[Reception]) -> Response[Receipt]:
    authorization = request.headers.get("authorization", "").encode()
    return Response(await take_events(reception, authorization, body), status_code=HTTPStatus.ACCEPTED)


async def read_body(scope: HTTPScope, receive: Receive) -> bytes | None:
    """The body, or nothing when whoever sends it has gone; `TooLarge` above `MAX_BODY_BYTES`."""
    announced = _header(scope, b"content-length")
    if announced is not None and announced.isdigit() and int(announced) > MAX_BODY_BYTES:
        raise _too_large()
    body = b""
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            return None
        part: bytes = message.get("body", b"")
        body = body + part if body else part
        if len(body) > MAX_BODY_BYTES:
            raise _too_large()
        if not message.get("more_body"):
            return body


def _too_large() -> TooLarge:
    return TooLarge(f"A request may have {MAX_BODY_BYTES} bytes. Send several.")


def _authorization(scope: HTTPScope) -> bytes | None:
    return _header(scope, b"authorization")


def _header(scope: HTTPScope, wanted: bytes) -> bytes | None:
    for name, value in scope["headers"]:
        if name == wanted:
            return value
    return None


async def _send_problem(send: Send, problem: Problem) -> None:
    headers = [(name.encode(), value.encode()) for name, value in problem.headers.items()]
    await _send(send, problem.status, headers, _encoder.encode(problem))


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body, "more_body": False})
