"""The board of one team in memory: a snapshot from the database with facts applied to it.

Each part carries a version, and only a newer one counts, so facts may come twice, late, or overlap the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import msgspec

from domain import facts
from domain.board import Board, BoardTeam
from domain.facts import AttendanceNow, Fact, NurseNow


class Versioned(Protocol):
    @property
    def version(self) -> int: ...


Parts = dict[Any, Versioned]
KEYS: dict[str, tuple[str, ...]] = {
    "nurse_states": ("nurse_id",),
    "positions": ("nurse_id",),
    "phones": ("nurse_id",),
    "attendances": ("visit_id", "carer_no"),
    "outlooks": ("visit_id", "carer_no"),
    "alerts": ("alert_id",),
    "requests": ("request_id",),
    "proposals": ("proposal_id",),
    "notices": ("nurse_id", "day"),
}
"""The parts of a board that change, and what tells one from another."""
OF_TODAY: dict[type, tuple[str, str]] = {
    facts.AlertOpened: ("alerts", "alert"),
    facts.AlertChanged: ("alerts", "alert"),
    facts.AlertCleared: ("alerts", "alert"),
    facts.AlertClosed: ("alerts", "alert"),
    facts.ReplanAsked: ("requests", "request"),
    facts.PlanProposed: ("proposals", "proposal"),
    facts.ProposalChanged: ("proposals", "proposal"),
    facts.RoundChanged: ("notices", "notice"),
    facts.NoticeAnswered: ("notices", "notice"),
}
"""Facts about a day: which part of the board they change, and what in them is its new state."""
NEW_DAY = (facts.DayImported, facts.PlanAccepted, facts.DayChanged)
"""Facts that only a board read anew can show."""


class Changes:
    """What is new since the last diff, the newest of each; `accepted_ms` is the oldest of what led to it (Unix ms)."""

    def __init__(self) -> None:
        self.of: dict[str, Parts] = {part: {} for part in KEYS}
        self.accepted_ms: int | None = None

    def any(self) -> bool:
        return any(self.of.values())

    def parts(self) -> dict[str, list[Any]]:
        """The changed parts by name; what did not change is left out."""
        return {part: list(changed.values()) for part, changed in self.of.items() if changed}


class BoardModel:
    """A team's day, kept up to date by facts."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._nurses = {nurse.nurse_id for nurse in board.nurses}
        self._visits = {visit.visit_id for visit in board.visits}
        self._stand = {part: {key_of(part, one): one for one in getattr(board, part)} for part in KEYS}
        self._changes = Changes()

    def apply(self, fact: Fact) -> bool:
        """Take a fact in; False where it tells of something that only a board read anew can show."""
        if isinstance(fact, NEW_DAY):
            return False
        if isinstance(fact, facts.PositionsNoted):
            changed = self._notice(fact)
        elif isinstance(fact, facts.RoundProjected):
            changed = self._take("outlooks", (one for one in fact.outlooks if one.visit_id in self._visits))
        elif type(fact) in OF_TODAY:
            changed = self._of_today(fact)
        elif self._is_shown(nurse := fact.nurse):  # type: ignore[union-attr]
            changed = self._take("nurse_states", [nurse])
            if attendance := getattr(fact, "attendance", None):
                changed |= self._attend(attendance)
        else:
            return not _belongs_on_a_board(nurse)
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
        parts = {part: [stand[key] for key in sorted(stand)] for part, stand in self._stand.items()}
        return msgspec.structs.replace(self._board, **parts)

    def _is_shown(self, nurse: NurseNow) -> bool:
        return nurse.nurse_id in self._nurses

    def _attend(self, attendance: AttendanceNow) -> bool:
        """Visits of other days than the one shown are none of this board's."""
        return attendance.visit_id in self._visits and self._take("attendances", [attendance])

    def _of_today(self, fact: Fact) -> bool:
        part, told = OF_TODAY[type(fact)]
        state = getattr(fact, told)
        return state.day == self._board.day and self._take(part, [state])

    def _notice(self, fact: facts.PositionsNoted) -> bool:
        """Nurses who are not on the board today may be seen all the same; it is not shown where."""
        moved = self._take("positions", (one for one in fact.positions if one.nurse_id in self._nurses))
        return self._take("phones", (one for one in fact.phones if one.nurse_id in self._nurses)) or moved

    def _take(self, part: str, states: Iterable[Versioned]) -> bool:
        """Put in what is newer than what is known; whether anything was."""
        stand = self._stand[part]
        news = {
            key: one
            for one in states
            if (known := stand.get(key := key_of(part, one))) is None or one.version > known.version
        }
        stand.update(news)
        self._changes.of[part].update(news)
        return bool(news)

    def _date(self, accepted_ms: int | None) -> None:
        if accepted_ms is not None:
            self._changes.accepted_ms = min(accepted_ms, self._changes.accepted_ms or accepted_ms)


def key_of(part: str, one: Versioned) -> Any:
    """What tells one of these from another: a value, or a tuple where it takes several."""
    values = tuple(getattr(one, name) for name in KEYS[part])
    return values[0] if len(values) == 1 else values


def merged(board: Board, changed: Mapping[str, Iterable[Any]]) -> Board:
    """The board with these parts in the place of those they are newer states of; for whoever gets changes in their order."""
    parts = {
        part: list({key_of(part, one): one for one in (*getattr(board, part), *news)}.values())
        for part, news in changed.items()
    }
    return msgspec.structs.replace(board, **parts)


def _belongs_on_a_board(nurse: NurseNow) -> bool:
    """Whether somebody who is not rostered is shown all the same, as `nurses` in board.sql has it."""
    return nurse.status != "off_shift" or nurse.sos_since is not None


def ordered(board: Board) -> Board:
    """The board with its parts in the order that `BoardModel.board` gives them, so that two can be compared."""
    return BoardModel(board).board()
