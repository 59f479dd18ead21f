"""The board of one team in memory: a snapshot from the database with facts applied to it.

Each part carries a version, and only a newer one counts, so facts may come twice, late, or overlap the snapshot.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

import msgspec

from domain.board import Board, BoardTeam
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
        """Take a fact in; False where it tells of something that only a board read anew can show."""
        if isinstance(fact, DayImported | PlanAccepted):
            return False
        if isinstance(fact, PositionsNoted):
            changed = self._notice(fact)
        elif fact.nurse.nurse_id in self._nurses:
            changed = _take(self._nurse_states, self._changes.nurse_states, {fact.nurse.nurse_id: fact.nurse})
            if attendance := getattr(fact, "attendance", None):
                changed |= self._attend(attendance)
        else:
            return not _belongs_on_a_board(fact.nurse)
        if changed:
            self._date(fact.accepted_ms)
        return True

    def changes(self) -> Changes | None:
        """What changed since this was last asked, if anything did."""
        changes, self._changes = self._changes, Changes()
        return changes if changes.any() else None

    @property
    def team(self) -> BoardTeam:
        return self._board.team

    def board(self) -> Board:
        """The whole board as it stands."""
        return msgspec.structs.replace(
            self._board,
            nurse_states=sorted(self._nurse_states.values(), key=lambda state: state.nurse_id),
            positions=sorted(self._positions.values(), key=lambda position: position.nurse_id),
            phones=sorted(self._phones.values(), key=lambda phone: phone.nurse_id),
            attendances=sorted(self._attendances.values(), key=lambda one: (one.visit_id, one.carer_no)),
        )

    def _attend(self, attendance: AttendanceNow) -> bool:
        """Visits of other days than the one shown are none of this board's."""
        if attendance.visit_id not in self._visits:
            return False
        key = (attendance.visit_id, attendance.carer_no)
        return _take(self._attendances, self._changes.attendances, {key: attendance})

    def _notice(self, fact: PositionsNoted) -> bool:
        """Nurses who are not on the board today may be seen all the same; it is not shown where."""
        positions = {one.nurse_id: one for one in fact.positions if one.nurse_id in self._nurses}
        phones = {one.nurse_id: one for one in fact.phones if one.nurse_id in self._nurses}
        moved = _take(self._positions, self._changes.positions, positions)
        return _take(self._phones, self._changes.phones, phones) or moved

    def _date(self, accepted_ms: int | None) -> None:
        if accepted_ms is not None:
            self._changes.accepted_ms = min(accepted_ms, self._changes.accepted_ms or accepted_ms)


def _take(stand: dict[Key, Part], changed: dict[Key, Part], parts: dict[Key, Part]) -> bool:
    """Put in what is newer than what is known; whether anything was."""
    news = {
        key: part for key, part in parts.items() if (known := stand.get(key)) is None or part.version > known.version
    }
    stand.update(news)
    changed.update(news)
    return bool(news)


def _belongs_on_a_board(nurse: NurseNow) -> bool:
    """Whether somebody who is not rostered is shown all the same, as `nurses` in board.sql has it."""
    return nurse.status != "off_shift" or nurse.sos_since is not None


def ordered(board: Board) -> Board:
    """The board with its parts in the order that `BoardModel.board` gives them, so that two can be compared."""
    return BoardModel(board).board()
