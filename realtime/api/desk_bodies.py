"""What comes to the desk's routes, read: a JSON body of one shape, from our own pages or a program, by a coordinator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Request
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Operation, Parameter, Schema
from litestar.openapi.spec.enums import OpenAPIType

from domain.actor import Actor
from domain.errors import BadInput
from realtime.api.batch import EARLIEST_YEAR, LATEST_YEAR, readable, sentence
from realtime.api.openapi import problems, reads_json
from realtime.api.problems import NotReadable
from realtime.desk.coordinator import HEADER, LONGEST_NAME, coordinator_of, refuse_other_sites

Asked = TypeVar("Asked", bound=msgspec.Struct)
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
CarerNo = Annotated[int, msgspec.Meta(ge=1, le=9)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_NUL = b"\\u0000"
"""JSON's way to write a NUL, which no text in PostgreSQL may contain."""
TAG: Sequence[str] = ["desk"]


def read(shape: type[Asked], request: Request[Any, Any, Any], body: bytes) -> tuple[Asked, Actor]:
    """What is asked for and by whom. `NotAllowed` for another site's page, `NotReadable` where it is no JSON text, `BadInput`
    where it is not of this shape."""
    refuse_other_sites(request.headers)
    return _decoded(shape, body), coordinator_of(request.headers)


def in_calendar(field: str, at: datetime | None) -> None:
    """Raise `BadInput` for a time that databases and calendars cannot hold."""
    if at is not None and not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise BadInput(f"`{field}`: the year must be between {EARLIEST_YEAR} and {LATEST_YEAR}.")


def asks(shape: type[msgspec.Struct]) -> type[Operation]:
    """An operation that reads a JSON body of this shape and the name of the coordinator."""
    of_body = reads_json(shape)
    said = Parameter(
        name=HEADER,
        param_in="header",
        required=False,
        schema=Schema(type=OpenAPIType.STRING, max_length=9 * LONGEST_NAME),
        description="Who asks, percent-encoded; without it `desk`.",
    )

    class Asks(of_body):  # type: ignore[misc, valid-type]
        def __post_init__(self) -> None:
            super().__post_init__()
            told: Operation = self
            told.parameters = [*(told.parameters or []), said]

    return Asks


def refusals(*more: int) -> dict[int, ResponseSpec]:
    """The problems that every route of the desk may answer, and others."""
    return problems(400, 403, 413, 422, 503, *more)


def _decoded(shape: type[Asked], body: bytes) -> Asked:
    readable(body)
    if _NUL in body:
        raise NotReadable("A text holds the character NUL, which no name or id of ours has.")
    try:
        asked: Asked = _decoder(shape).decode(body)
    except msgspec.ValidationError as error:
        raise BadInput(sentence(error)) from None
    except msgspec.DecodeError as error:
        raise NotReadable(f"The body is not JSON: {error}.") from None
    except RecursionError:
        raise NotReadable("The body is nested too deeply.") from None
    return asked


@cache
def _decoder(shape: type[Asked]) -> msgspec.json.Decoder[Asked]:
    return msgspec.json.Decoder(shape)
