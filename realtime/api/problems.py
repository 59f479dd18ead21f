"""What goes wrong, as HTTP says it: RFC 9457 problem details. One function turns any error into one.

What an error of ours says is written for whoever asks; what any other error says is for us alone and stays in the log.
"""

from __future__ import annotations

import os
from http import HTTPStatus
from traceback import extract_tb

import msgspec
import psycopg
import structlog
from litestar.exceptions import HTTPException, ValidationException
from psycopg_pool import PoolTimeout
from redis.exceptions import RedisError

from domain.errors import (
    BadEvent,
    BadInput,
    BadSetting,
    Conflict,
    DutyboardError,
    NotAllowed,
    NotFound,
    NotRecognised,
    Overloaded,
    StoreUnavailable,
)
from realtime.metrics import OVERLOADED

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5

_log = structlog.get_logger(__name__)


class NotReadable(BadInput):
    """The body is not what it should be at all: no JSON, no text."""

    title = "The request cannot be read"


class TooLarge(BadInput):
    """More than is taken in one request."""

    title = "The request is too large"


class Refusal(msgspec.Struct, frozen=True):
    """One event that was not taken: `index` counts from 0 in the batch, `id` is null where it could not be read."""

    index: int
    id: str | None
    problem: str


class AllRefused(BadEvent):
    """Not one event of a batch can be taken."""

    title = "None of the events can be taken"

    def __init__(self, refused: list[Refusal]) -> None:
        super().__init__("Sending them again unchanged will not help; `refused` says what is wrong with each.")
        self.refused = refused


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem of RFC 9457. `refused` comes with a batch of which nothing was taken, `reference` with a fault of ours,
    `retry_after_s` (also the header Retry-After) when the same request may be sent again."""

    type: str
    title: str
    status: int
    detail: str
    refused: list[Refusal] = []
    reference: str | None = None
    retry_after_s: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers that belong to the answer."""
        headers = {"content-type": MEDIA_TYPE, "cache-control": "no-store"}
        if self.retry_after_s is not None:
            headers["retry-after"] = str(self.retry_after_s)
        if self.status == HTTPStatus.UNAUTHORIZED:
            headers["www-authenticate"] = "Bearer, Basic"
        return headers


_STATUS: dict[type[DutyboardError], HTTPStatus] = {
    NotReadable: HTTPStatus.BAD_REQUEST,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BadInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadSetting: HTTPStatus.INTERNAL_SERVER_ERROR,
    NotRecognised: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    DutyboardError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The nearest kind in an error's ancestry decides."""
_STORES_GONE = (StoreUnavailable, psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, RedisError)


def problem_of(error: Exception) -> Problem:
    """What to answer. A fault of ours is logged under a reference, without what the error itself says."""
    problem = _problem_of(error)
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        OVERLOADED.inc()
    return problem


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, _STORES_GONE):
        return _store_gone(error)
    if isinstance(error, DutyboardError):
        status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
        return _fault(error) if status == HTTPStatus.INTERNAL_SERVER_ERROR else _told(error, status)
    if isinstance(error, psycopg.DataError) and error.sqlstate is None:
        return _told(
            NotReadable("A text holds the character NUL, which no name or id of ours has."), HTTPStatus.BAD_REQUEST
        )
    if isinstance(error, HTTPException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _of_framework(error)
    return _fault(error)


def _told(error: DutyboardError, status: HTTPStatus) -> Problem:
    return Problem(
        type=_type(type(error).__name__),
        title=error.title,
        status=status,
        detail=error.detail,
        refused=error.refused if isinstance(error, AllRefused) else [],
        retry_after_s=error.retry_after_s if isinstance(error, Overloaded) else None,
    )


def _store_gone(error: Exception) -> Problem:
    _log.warning("store_gone", error=type(error).__name__)
    return Problem(
        type=_type(StoreUnavailable.__name__),
        title=StoreUnavailable.title,
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        detail="The database or the stream cannot be reached just now. Send it again later.",
        retry_after_s=RETRY_AFTER_S,
    )


def _of_framework(error: HTTPException) -> Problem:
    status = HTTPStatus(error.status_code)
    detail = _of_parameters(error) or status.description or status.phrase
    return Problem(type="about:blank", title=status.phrase, status=status, detail=detail)


def _of_parameters(error: HTTPException) -> str:
    """Which parameter is wrong and why, where the framework says."""
    told = error.extra if isinstance(error, ValidationException) and isinstance(error.extra, list) else []
    return " ".join(f"`{one.get('key')}`: {one.get('message')}." for one in told if isinstance(one, dict))


def _fault(error: Exception) -> Problem:
    reference = os.urandom(6).hex()
    steps = [
        f"{step.filename.rpartition('/')[2]}:{step.lineno} {step.name}" for step in extract_tb(error.__traceback__)
    ]
    _log.error("fault", reference=reference, error=type(error).__qualname__, steps=steps[-12:])
    return Problem(
        type=_type("Fault"),
        title=DutyboardError.title,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        detail="This is a fault of the server. Whoever runs it finds it in the log by the reference.",
        reference=reference,
    )


def _type(name: str) -> str:
    words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
    return f"urn:dutyboard:problem{words.replace('-', ':', 1)}"
