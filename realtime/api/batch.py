"""Reading what a phone sent: which events can be taken, and for each other one a sentence that names the field.

The bytes of events that can be taken are forwarded as they came; they are decoded here only to be judged. Mostly all are
good, and then one pass over the list is all there is; one bad event makes each be judged by itself.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from domain.errors import BadEvent
from domain.events import MAX_BATCH, WIRE_VERSION, Event, Instant, Sos
from realtime.api.problems import NotReadable, Refusal, TooLarge

EARLIEST_YEAR, LATEST_YEAR = 1960, 2200
"""A phone's clock may be wrong, but a time outside these years is no time: databases and calendars cannot hold it."""
_FORM, _V7 = 0xF << 76 | 0b11 << 62, 0x7 << 76 | 0b10 << 62
"""The bits of a UUID that tell its version and variant (RFC 9562 §4), and how a version 7 has them."""
_LATEST_ID = ((LATEST_YEAR - 1970) * 366 * 86_400_000 << 80) - 1
_NUL = b"\\u0000"
"""JSON's way to write a NUL, which no text in PostgreSQL may contain."""


class SentEvents(msgspec.Struct, kw_only=True):
    """What a phone sends: at most 500 events, and if it can the time that its clock shows when it sends them."""

    events: list[Event]
    sent_at: Instant | None = None
    v: int = WIRE_VERSION


class _Sent(msgspec.Struct, kw_only=True, gc=False):
    """`SentEvents` with the events left as they came."""

    events: msgspec.Raw
    sent_at: Instant | None = None
    v: int = WIRE_VERSION


class Batch(msgspec.Struct, kw_only=True, gc=False):
    """A judged batch: `events` is the JSON array of those that can be taken, `ids` theirs in order. `urgent` calls for help."""

    events: bytes | msgspec.Raw
    ids: list[UUID]
    sent_at: datetime | None = None
    refused: list[Refusal] = []
    urgent: bool = False


class _Named(msgspec.Struct):
    id: str | None = None


_sent = msgspec.json.Decoder(_Sent)
_events = msgspec.json.Decoder(list[Event])
_event = msgspec.json.Decoder(Event)
_apart = msgspec.json.Decoder(list[msgspec.Raw])
_named = msgspec.json.Decoder(_Named)


def read_batch(body: bytes) -> Batch:
    """The batch in a body. `NotReadable` when it is no JSON text, `BadEvent` when it is no batch, `TooLarge` over 500."""
    readable(body)
    try:
        sent = _sent.decode(body)
    except msgspec.ValidationError as error:
        raise BadEvent(sentence(error)) from None
    except msgspec.DecodeError as error:
        raise NotReadable(f"The body is not JSON: {error}.") from None
    except RecursionError:
        raise NotReadable("The body is nested too deeply.") from None
    return judge(sent.events, sent.sent_at, sent.v)


def readable(body: bytes) -> None:
    """Raise `NotReadable` unless the body is UTF-8: what is forwarded as it came is read by others too."""
    if not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError:
            raise NotReadable("The body is not UTF-8 text.") from None


def judge(raw: msgspec.Raw, sent_at: datetime | None, v: int) -> Batch:
    """Which events of a JSON array can be taken; `BadEvent` when it is none or of a version that is not read here."""
    if v > WIRE_VERSION:
        raise BadEvent(f"`v`: this server reads version {WIRE_VERSION}, not {v}.")
    try:
        events = _events.decode(raw)
    except (msgspec.ValidationError, RecursionError):
        return _judge_each(raw, sent_at)
    if len(events) > MAX_BATCH or _NUL in bytes(raw) or any(map(_objection, events)):
        return _judge_each(raw, sent_at)
    ids = [event.id for event in events]
    return Batch(events=raw, ids=ids, sent_at=sent_at, urgent=Sos in set(map(type, events)))


def batch_of(events: list[Event]) -> Batch:
    """A batch of events that were made here, from what another protocol said."""
    return judge(msgspec.Raw(msgspec.json.encode(events)), None, WIRE_VERSION)


def sentence(error: msgspec.ValidationError) -> str:
    """The decoder's own words as a sentence that begins with the field, where there is one."""
    reason, _, place = str(error).partition(" - at `$")
    field = place.rstrip("`").lstrip(".")
    return f"`{field}`: {reason[0].lower()}{reason[1:]}." if field else f"{reason}."


def _judge_each(raw: msgspec.Raw, sent_at: datetime | None) -> Batch:
    try:
        apart = _apart.decode(raw)
    except msgspec.ValidationError:
        raise BadEvent("`events`: expected an array.") from None
    if len(apart) > MAX_BATCH:
        raise TooLarge(f"At most {MAX_BATCH} events go into one request, not {len(apart)}. Send several.")
    taken: list[msgspec.Raw] = []
    batch = Batch(events=b"", ids=[], sent_at=sent_at, refused=[])
    for index, one in enumerate(apart):
        verdict = _judge_one(one)
        if isinstance(verdict, str):
            batch.refused.append(Refusal(index, _id_of(one), verdict))
        else:
            taken.append(one)
            batch.ids.append(verdict.id)
            batch.urgent |= isinstance(verdict, Sos)
    batch.events = b"[" + b",".join(taken) + b"]"
    return batch


def _judge_one(raw: msgspec.Raw) -> Event | str:
    try:
        event = _event.decode(raw)
    except msgspec.ValidationError as error:
        return sentence(error)
    except RecursionError:
        return "It is nested too deeply."
    if _NUL in bytes(raw):
        return "It contains a NUL character."
    return _objection(event) or event


def _objection(event: Event) -> str | None:
    number, year = event.id.int, event.at.year
    if number & _FORM == _V7 and number <= _LATEST_ID and EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    if number & _FORM != _V7:
        return "`id`: it must be a UUID of version 7."
    if number > _LATEST_ID:
        return f"`id`: the time inside it is after the year {LATEST_YEAR}."
    return f"`at`: the year must be between {EARLIEST_YEAR} and {LATEST_YEAR}."


def _id_of(raw: msgspec.Raw) -> str | None:
    try:
        return _named.decode(raw).id
    except msgspec.MsgspecError:
        return None
