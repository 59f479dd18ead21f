"""The board in memory: facts in any order, once or often, end in the same board."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.board import Board, BoardNurse, BoardTeam, BoardVisit
from domain.facts import (
    AttendanceNow,
    DayImported,
    Fact,
    NurseNow,
    PlanAccepted,
    PositionsNoted,
    ShiftEnded,
    SosRaised,
    VisitStarted,
)
from realtime.feed.messages import Diff, Snapshot
from realtime.feed.model import BoardModel, Changes
from realtime.feed.reader import BoardReader, Gap
from realtime.feed.team import written
from tests.feed.watching import seen_at
from tests.realtime.ward import EIGHT, MONDAY

NURSES = ("n0", "n1")


def empty() -> Board:
    visit = BoardVisit(
        visit_id="v0",
        patient="p0",
        lat=53,
        lon=-2,
        window_start=EIGHT,
        window_end=EIGHT,
        priority="routine",
        synchronisation="independent",
        services=["bloods"],
        durations_s=[900],
    )
    return Board(
        team=BoardTeam(team_id="t", name="T", timezone="Europe/London", base_lat=53, base_lon=-2),
        day=MONDAY,
        plan_revision=None,
        made_by=None,
        nurses=[BoardNurse(nurse_id=nurse_id, name=nurse_id) for nurse_id in NURSES],
        visits=[visit],
        rests=[],
        nurse_states=[],
        positions=[],
        phones=[],
        attendances=[],
    )


def seen(nurse_id: str, version: int, accepted_ms: int | None = None) -> PositionsNoted:
    return seen_at("t", nurse_id, version, accepted_ms)


def started(nurse_id: str, version: int, visit_id: str = "v0") -> VisitStarted:
    return VisitStarted(
        fact_id=uuid4(),
        team_id="t",
        at=EIGHT,
        noted_at=EIGHT,
        nurse=NurseNow(nurse_id=nurse_id, status="with_patient", shift="on", questioned=version, version=version),
        attendance=AttendanceNow(
            visit_id=visit_id,
            carer_no=1,
            nurse_id=nurse_id,
            place_in_round=1,
            planned_start=EIGHT,
            planned_end=EIGHT,
            state="in_progress",
            questioned=version,
            version=version,
        ),
    )


nurses = st.sampled_from(NURSES)
facts = st.lists(
    st.builds(seen, nurses, st.integers(1, 9)) | st.builds(started, nurses, st.integers(1, 9)), max_size=12
)


def fed(board: Board, told: list[Fact]) -> BoardModel:
    model = BoardModel(board)
    for fact in told:
        assert model.apply(fact)
    return model


def newest_first_seen(told: list[Fact]) -> list[Fact]:
    """One version has one content: of facts with the same subject and version the first is kept."""
    kept: dict[tuple[str, type, int], Fact] = {}
    for fact in told:
        version = fact.phones[0].version if isinstance(fact, PositionsNoted) else fact.nurse.version  # type: ignore[union-attr]
        nurse = fact.phones[0].nurse_id if isinstance(fact, PositionsNoted) else "attendance"
        kept.setdefault((nurse, type(fact), version), fact)
    return list(kept.values())


@given(facts, st.data())
def test_any_order_and_repetition_of_facts_ends_in_the_same_board(told: list[Fact], data: st.DataObject) -> None:
    once = newest_first_seen(told)
    mixed = data.draw(
        st.permutations(once + data.draw(st.lists(st.sampled_from(once), max_size=4) if once else st.just([])))
    )
    assert fed(empty(), mixed).board() == fed(empty(), once).board()


@given(facts, st.integers(0, 12), st.data())
def test_a_snapshot_at_any_point_and_the_changes_after_it_make_the_whole(
    told: list[Fact], point: int, data: st.DataObject
) -> None:
    model, reader = fed(empty(), told[:point]), BoardReader()
    model.changes()
    head: Any = {"epoch": "e", "now": EIGHT, "sent_ms": 0}
    reader.take(written(Snapshot(**head, n=0, speed=1, board=model.board())))
    for number, fact in enumerate(told[point:], 1):
        model.apply(fact)
        changes = model.changes() or Changes()
        reader.take(written(Diff(**head, n=number, **changes.parts())))
    assert reader.board() == model.board()


def test_what_is_known_already_is_not_said_again() -> None:
    model = fed(empty(), [seen("n0", 5)])
    assert model.changes()
    model.apply(seen("n0", 5))
    model.apply(seen("n0", 4))
    assert model.changes() is None


def test_changes_carry_the_newest_of_each_and_the_oldest_wait() -> None:
    model = fed(empty(), [seen("n0", 1, 100), seen("n0", 2, 50), seen("n1", 1, 80)])
    changes = model.changes()
    assert changes
    assert changes.accepted_ms == 50
    assert [(one.nurse_id, one.version) for one in changes.parts()["positions"]] == [("n0", 2), ("n1", 1)]


def test_a_fact_that_changes_nothing_does_not_age_what_does() -> None:
    model = fed(empty(), [seen("n0", 5, 400)])
    model.changes()
    model.apply(seen("n0", 6, 500))
    model.apply(seen("n0", 5, 400))
    changes = model.changes()
    assert changes
    assert changes.accepted_ms == 500


HEAD: Any = {"fact_id": uuid4(), "team_id": "t", "at": EIGHT, "noted_at": EIGHT}


def test_a_new_day_or_plan_needs_the_board_read_anew() -> None:
    model = BoardModel(empty())
    assert model.apply(DayImported(**HEAD, day=MONDAY, visits=1, staff=1)) is False
    assert model.apply(PlanAccepted(**HEAD, day=MONDAY, revision=2, made_by="test")) is False


def test_a_stranger_on_duty_or_in_need_is_not_on_this_board_and_belongs_on_it() -> None:
    model = BoardModel(empty())
    in_need = NurseNow(nurse_id="stranger", status="off_shift", shift="expected", sos_since=EIGHT, version=1)
    assert model.apply(started("stranger", 1)) is False
    assert model.apply(SosRaised(**HEAD, nurse=in_need)) is False


def test_a_stranger_off_duty_is_left_out() -> None:
    model = BoardModel(empty())
    gone_home = NurseNow(nurse_id="stranger", status="off_shift", shift="ended", version=1)
    assert model.apply(ShiftEnded(**HEAD, nurse=gone_home)) is True
    assert model.apply(seen("stranger", 1)) is True
    assert model.board() == empty()
    assert model.changes() is None


def test_a_visit_of_another_day_is_not_shown() -> None:
    assert fed(empty(), [started("n0", 1, "yesterday")]).board().attendances == []


def test_a_reader_notices_a_gap() -> None:
    reader = BoardReader()
    reader.take(written(Snapshot(epoch="e", n=4, now=EIGHT, speed=1, sent_ms=0, board=empty())))
    for epoch, n in (("e", 6), ("other", 5)):
        with pytest.raises(Gap):
            reader.take(written(Diff(epoch=epoch, n=n, now=EIGHT, sent_ms=0)))


def test_a_reader_that_was_never_sent_a_board_has_none() -> None:
    with pytest.raises(Gap, match="no snapshot"):
        BoardReader().board()
