"""The board of one team in memory: a snapshot from the database with facts applied to it.

Each part carries a version, and only a newer one counts, so facts may come twice, late, or overlap the snapshot.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

import msgspec

from domain.board import Board
from domain.facts import AttendanceNow, DayImported, Fact, NurseNow, PhoneNow, PlanAccepted, PositionNow, PositionsNoted


class Versioned(Protocol):
    @property
    def version(self) -> int: ...


Key = TypeVar("Key")
Part = TypeVar("Part", bound=Versioned)


class Changes(msgspec.Struct, kw_only=True):
    """What is new since the last diff, the newest of each; `accepted_ms` is the oldest of what led to it (Unix ms)."""

    nurse_states: dict[str, NurseNow] = {}
    positions: dict[str, PositionNow] = {}
    phones: dict[str, PhoneNow] = {}
    attendances: dict[tuple[str, int], AttendanceNow] = {}
    accepted_ms: int | None = None

    def any(self) -> bool:
        return bool(self.nurse_states or self.positions or self.phones or self.attendances)


class BoardModel:
    """A team's day, kept up to date by facts."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._nurses = {nurse.nurse_id for nurse in board.nurses}
        self._visits = {visit.visit_id for visit in board.visits}
        self._nurse_states = {state.nurse_id: state for state in board.nurse_states}
        self._positions = {position.nurse_id: position for position in board.positions}
        self._phones = {phone.nurse_id: phone for phone in board.phones}
        self._attendances = {(one.visit_id, one.carer_no): one for one in board.attendances}
        self._changes = Changes()

    def apply(self, fact: Fact) -> bool:
        """Take a fact in; False where it tells of something that only a new snapshot can show."""
        if isinstance(fact, DayImported | PlanAccepted):
            return False
        if isinstance(fact, PositionsNoted):
            self._notice(fact)
        elif fact.nurse.nurse_id not in self._nurses:
            return False
        else:
            _take(self._nurse_states, self._changes.nurse_states, {fact.nurse.nurse_id: fact.nurse})
            if attendance := getattr(fact, "attendance", None):
                self._attend(attendance)
        self._date(fact.accepted_ms)
        return True

    def changes(self) -> Changes | None:
        """What changed since this was last asked, if anything did."""
        changes, self._changes = self._changes, Changes()
        return changes if changes.any() else None

    def board(self) -> Board:
        """The whole board as it stands."""
        return msgspec.structs.replace(
            self._board,
            nurse_states=sorted(self._nurse_states.values(), key=lambda state: state.nurse_id),
            positions=sorted(self._positions.values(), key=lambda position: position.nurse_id),
            phones=sorted(self._phones.values(), key=lambda phone: phone.nurse_id),
            attendances=sorted(self._attendances.values(), key=lambda one: (one.visit_id, one.carer_no)),
        )

    def _attend(self, attendance: AttendanceNow) -> None:
        """Visits of other days than the one shown are none of this board's."""
        if attendance.visit_id in self._visits:
            key = (attendance.visit_id, attendance.carer_no)
            _take(self._attendances, self._changes.attendances, {key: attendance})

    def _notice(self, fact: PositionsNoted) -> None:
        """Nurses who are not on the board today may be seen all the same; it is not shown where."""
        positions = {one.nurse_id: one for one in fact.positions if one.nurse_id in self._nurses}
        phones = {one.nurse_id: one for one in fact.phones if one.nurse_id in self._nurses}
        _take(self._positions, self._changes.positions, positions)
        _take(self._phones, self._changes.phones, phones)

    def _date(self, accepted_ms: int | None) -> None:
        if accepted_ms is not None and self._changes.any():
            self._changes.accepted_ms = min(accepted_ms, self._changes.accepted_ms or accepted_ms)


def _take(stand: dict[Key, Part], changed: dict[Key, Part], parts: dict[Key, Part]) -> None:
    for key, part in parts.items():
        known = stand.get(key)
        if known is None or part.version > known.version:
            stand[key] = changed[key] = part


def ordered(board: Board) -> Board:
    """The board with its parts in the order that `BoardModel.board` gives them, so that two can be compared."""
    return BoardModel(board).board()
