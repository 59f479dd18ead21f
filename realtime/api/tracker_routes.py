"""Where tracker apps post: Traccar Client and OwnTracks, for phones on which nothing of ours is installed.

Answered 200 when what was told is durable. OwnTracks wants an array back; Traccar Client looks at the status alone.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency as Given
from litestar.params import RawBody

from realtime.api import owntracks, traccar
from realtime.api.batch import batch_of
from realtime.api.openapi import DEVICE_TOKEN, problems, reads_json, reads_query
from realtime.api.owntracks import OwnTracksMessage
from realtime.api.reception import Receipt, Reception
from realtime.api.traccar import TraccarMessage, TraccarQuery
from realtime.api.trackers import Fix, event_of

_PLACE_TAKEN = "The place is durable."


@post(
    "/ingest/traccar",
    status_code=HTTPStatus.OK,
    operation_id="postTraccar",
    summary="Traccar Client: tell a place",
    description="As JSON, or as the parameters of the GET form in the URL or the body. The device identifier is the token.",
    response_description=_PLACE_TAKEN,
    responses=problems(400, 401, 413, 422, 503),
    operation_class=reads_json(TraccarMessage, form=TraccarQuery),
    tags=["trackers"],
)
async def post_traccar(request: Request[Any, Any, Any], body: RawBody, reception: Given[Reception]) -> Receipt:
    return await _take_traccar(reception, body, request.scope["query_string"])


@get(
    "/ingest/traccar",
    operation_id="getTraccar",
    summary="Traccar Client: tell a place in the URL",
    description="Older versions and OsmAnd. The token is then in the URL: prefer the JSON form.",
    response_description=_PLACE_TAKEN,
    responses=problems(400, 401, 422, 503),
    operation_class=reads_query(TraccarQuery),
    tags=["trackers"],
)
async def get_traccar(request: Request[Any, Any, Any], reception: Given[Reception]) -> Receipt:
    return await _take_traccar(reception, b"", request.scope["query_string"])


@post(
    "/ingest/owntracks",
    status_code=HTTPStatus.OK,
    operation_id="postOwnTracks",
    summary="OwnTracks in HTTP mode",
    description="Locations and transitions tell a place; other messages, and empty ones, are answered and left.",
    response_description="What was told is durable; there is nothing to tell the app.",
    responses=problems(400, 401, 413, 422, 503),
    operation_class=reads_json(OwnTracksMessage, required=False),
    security=DEVICE_TOKEN,
    tags=["trackers"],
)
async def post_owntracks(request: Request[Any, Any, Any], body: RawBody, reception: Given[Reception]) -> list[str]:
    phone = await reception.phone_of(request.headers.get("authorization", "").encode())
    message = owntracks.read(body)
    if message is not None:
        event = event_of(owntracks.fix_of(message), phone.device_id)
        await reception.take(phone, "owntracks", batch_of([event]))
    return []


async def _take_traccar(reception: Reception, body: bytes, query: bytes) -> Receipt:
    message = traccar.read(body, query)
    phone = await reception.tokens.find(traccar.token_of(message))
    fix: Fix = traccar.fix_of(message, reception.clock.now())
    return await reception.take(phone, "traccar", batch_of([event_of(fix, phone.device_id)]))


TRACKER_ROUTES = [post_traccar, get_traccar, post_owntracks]
