"""What a nurse's events do to a visit, as a table and as a property."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attendance import Noted, Progress, attend
from domain.ids import uuid7_of

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def said(kind: str, minute: float, offset_min: float = 0, name: str = "") -> Noted:
    phone_at = NINE + timedelta(minutes=minute)
    at = phone_at + timedelta(minutes=offset_min)
    return Noted(uuid7_of(phone_at, kind, name), kind, phone_at, at)


def test_a_visit_goes_its_ordinary_way() -> None:
    events = [said("en_route", 0), said("arrived", 10), said("finished", 40)]
    progress, verdicts = attend(events)
    assert progress == Progress("done", NINE, NINE + timedelta(minutes=10), NINE + timedelta(minutes=40))
    assert set(verdicts.values()) == {"applied"}


@pytest.mark.parametrize(
    ("kinds", "state", "verdict_of_last"),
    [
        (["arrived"], "in_progress", "applied"),
        (["no_access"], "no_access", "applied"),
        (["en_route", "no_access"], "no_access", "applied"),
        (["arrived", "no_access"], "no_access", "applied"),
        (["no_access", "en_route"], "en_route", "applied"),
        (["no_access", "arrived"], "in_progress", "applied"),
        (["en_route", "en_route"], "en_route", "repeated"),
        (["arrived", "arrived"], "in_progress", "repeated"),
        (["arrived", "finished", "finished"], "done", "repeated"),
        (["finished"], "planned", "illegal"),
        (["en_route", "finished"], "en_route", "illegal"),
        (["arrived", "en_route"], "in_progress", "illegal"),
        (["arrived", "finished", "arrived"], "done", "illegal"),
        (["arrived", "finished", "no_access"], "done", "illegal"),
        (["no_access", "finished"], "no_access", "illegal"),
    ],
)
def test_every_step_is_legal_repeated_or_kept_and_marked(kinds: list[str], state: str, verdict_of_last: str) -> None:
    events = [said(kind, minute, name=str(minute)) for minute, kind in enumerate(kinds)]
    progress, verdicts = attend(events)
    assert progress.state == state
    assert verdicts[events[-1].event_id] == verdict_of_last


def test_a_check_out_that_came_first_counts_once_the_check_in_is_there() -> None:
    out = said("finished", 40)
    assert attend([out])[1][out.event_id] == "illegal"
    progress, verdicts = attend([out, said("arrived", 10)])
    assert (progress.state, verdicts[out.event_id]) == ("done", "applied")


def test_a_clock_set_right_between_two_events_does_not_turn_them_round() -> None:
    fast = said("arrived", 3 * 24 * 60, offset_min=-3 * 24 * 60)
    right = said("finished", 30)
    assert attend([fast, right])[0].state == "done"


def test_a_slow_network_does_not_turn_the_events_of_a_wrong_clock_round() -> None:
    arrived = said("arrived", 0, offset_min=10 + 20 / 60)
    finished = said("finished", 0.2, offset_min=10)
    assert attend([finished, arrived])[0].state == "done"


def test_a_second_try_after_no_access_starts_afresh() -> None:
    progress, _ = attend([said("en_route", 0), said("no_access", 10), said("arrived", 60)])
    assert progress == Progress("in_progress", arrived_at=NINE + timedelta(minutes=60))


kinds = st.sampled_from(["en_route", "arrived", "finished", "no_access"])


@given(st.lists(st.tuples(kinds, st.integers(0, 20)), max_size=8), st.data())
def test_any_order_and_repetition_of_events_ends_in_the_same_state(
    days: list[tuple[str, int]], data: st.DataObject
) -> None:
    events = [said(kind, minute, name=str(number)) for number, (kind, minute) in enumerate(days)]
    once = {event.event_id: event for event in events}
    shuffled = data.draw(st.permutations(list(once.values())))
    assert attend(shuffled) == attend(once.values())
