"""What goes over a wire or into a stream comes out as it went in, whatever it is."""

from __future__ import annotations

import typing
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import events, facts
from domain.board import Board
from domain.events import Event, Inbound, Said
from domain.facts import Fact
from domain.ids import instant_of, is_uuid7, uuid7

moments = st.integers(0, 230 * 365 * 86_400 * 1000).map(
    lambda ms: datetime(1971, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
zoned = st.tuples(moments, st.integers(-14 * 60, 14 * 60)).map(
    lambda pair: pair[0].astimezone(timezone(timedelta(minutes=pair[1])))
)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=60)


def anything_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that our shapes are made of, within the bounds that the type states."""
    return _of(msgspec.inspect.type_info(kind))


def _of(info: msgspec.inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case msgspec.inspect.StructType():
            given_fields = {field.name: _of(field.type) for field in info.fields}
            return st.builds(info.cls, **given_fields)
        case msgspec.inspect.UnionType():
            return st.one_of([_of(one) for one in info.types])
        case msgspec.inspect.ListType():
            return st.lists(_of(info.item_type), max_size=2)
        case msgspec.inspect.DictType():
            return st.dictionaries(_of(info.key_type), _of(info.value_type), max_size=2)
        case msgspec.inspect.FloatType():
            return st.floats(info.ge if info.ge is not None else -1e9, info.le or 1e9, allow_nan=False)
        case msgspec.inspect.IntType():
            return st.integers(info.ge if info.ge is not None else -(2**40), info.le or 2**40)
        case msgspec.inspect.LiteralType():
            return st.sampled_from(info.values)
        case msgspec.inspect.StrType():
            return words
        case _:
            return PLAIN[type(info)]


PLAIN: dict[type, st.SearchStrategy[Any]] = {
    msgspec.inspect.DateTimeType: zoned,
    msgspec.inspect.DateType: st.dates(date(1971, 1, 1)),
    msgspec.inspect.UUIDType: moments.map(uuid7),
    msgspec.inspect.BoolType: st.booleans(),
    msgspec.inspect.NoneType: st.none(),
}


@given(anything_of(Event))
def test_an_event_comes_out_as_it_went_in(event: Said) -> None:
    again = msgspec.json.decode(msgspec.json.encode(event), type=Event)
    assert again == event
    assert type(again) is type(event)


@given(anything_of(Inbound))
def test_a_stream_entry_comes_out_as_it_went_in(entry: Inbound) -> None:
    assert msgspec.json.decode(msgspec.json.encode(entry), type=Inbound) == entry


@given(anything_of(Fact))
def test_a_fact_comes_out_as_it_went_in(fact: Any) -> None:
    assert msgspec.json.decode(msgspec.json.encode(fact), type=Fact) == fact


@given(anything_of(Board))
def test_a_board_comes_out_as_it_went_in(board: Board) -> None:
    assert msgspec.json.decode(msgspec.json.encode(board), type=Board) == board


@given(moments)
def test_an_id_tells_its_instant_to_the_millisecond(moment: datetime) -> None:
    id = uuid7(moment)
    assert is_uuid7(id)
    assert moment - timedelta(milliseconds=1) < instant_of(id) <= moment


@pytest.mark.parametrize("union", [events.Event, facts.Fact])
def test_every_kind_has_a_name_of_its_own(union: Any) -> None:
    tags = [shape.__struct_config__.tag for shape in typing.get_args(union)]
    assert len(set(tags)) == len(tags) > 5


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"lat": 91}, "lat"),
        ({"lon": -181}, "lon"),
        ({"at": "2026-11-23T08:00:00"}, "at"),
        ({"battery_pct": 101}, "battery_pct"),
        ({"id": "no id"}, "id"),
        ({"kind": "teleported"}, "kind"),
        ({"accuracy_m": -1}, "accuracy_m"),
    ],
)
def test_a_value_out_of_bounds_is_refused_by_name(changed: dict[str, Any], complaint: str) -> None:
    sound = {"kind": "position", "id": str(UUID(int=7 << 76)), "at": "2026-11-23T08:00:00Z", "lat": 53, "lon": -2}
    assert msgspec.convert(sound, Event)
    with pytest.raises(msgspec.ValidationError, match=rf"\$\.{complaint}"):
        msgspec.json.decode(msgspec.json.encode(sound | changed), type=Event)


def test_every_event_of_state_leads_somewhere() -> None:
    from realtime.switchboard import FOLD_OF

    assert set(FOLD_OF) == set(get_args(events.StateEvent))
