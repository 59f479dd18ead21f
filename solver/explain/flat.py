"""A day and its plan as flat arrays: what the compiled trials read, and what they change.

All times are the problem's seconds, all prices hundredths (`solver.params`). A part is a row of `Sheet.parts`, a nurse a row of
`Sheet.nurses`; the columns are named here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Grid = NDArray[np.int32]

NEVER = 1 << 40
"""Later, longer and more than anything in a day."""
NOBODY = -1

PART = (
    POINT,
    DURATION,
    PINNED,
    HARD,
    UNTIL_END,
    LATE_PRICE,
    PROMISED_FROM,
    PROMISED_TO,
    PUBLISHED_START,
    PUBLISHED_NURSE,
    PUBLISHED_PLACE,
    PARTNER,
    LEAST,
    MOST,
    IS_SECOND,
    OPENS_AT_LEAST,
    CLOSES_AT_MOST,
    FIRST_WINDOW,
    LAST_WINDOW,
) = tuple(range(19))
"""HARD says that it may not start late. PINNED, PUBLISHED_… and PARTNER are -1 where there is none; PARTNER is the part that
this one is in step with. OPENS_AT_LEAST and CLOSES_AT_MOST narrow the windows where the partner has begun."""

NURSE = (
    START,
    SETS_OUT,
    END,
    SHIFT_STARTS,
    SHIFT_ENDS,
    TRANSPORT,
    BREAK_S,
    BREAK_FROM,
    BREAK_TO,
    MAX_WORK,
    WENT_OUT,
    CARE_BEGUN,
    SHARE,
    HIGHEST_PLACE,
    OFF,
) = tuple(range(15))
"""WENT_OUT is when the first part that has begun started, -1 where none has. HIGHEST_PLACE is the highest published place among
those that have begun. START and SETS_OUT are whereabouts where these are known."""

ROUND = (
    TRAVEL,
    DISTANCE,
    WAITING,
    LATENESS,
    OVERTIME,
    UNFAIRNESS,
    PROMISES,
    MOVED,
    REORDERED,
    MISSED_BREAKS,
    SHIFT,
    WORKING_TIME,
    REST,
    NOT_AFTER_WINDOW,
    PINNED_START,
    IN_STEP,
    LENGTH,
    BREAK_BEFORE,
    LATEST,
    IDLE,
    WAITED,
) = tuple(range(21))
"""Columns of `State.rounds`: what its times and order cost, item by item, named like the fields of `solver.verdict.Cost`; by how
many seconds it falls short of each hard rule that depends on times; how many open stops it has, before which of them the break
is had (-1: none), by how much its latest part is late, and how long it idles and waits between stops."""
ITEMS, RULES = range(TRAVEL, SHIFT), range(SHIFT, LENGTH)
NAMES = (
    "travel",
    "distance",
    "waiting",
    "lateness",
    "overtime",
    "unfairness",
    "promises",
    "moved",
    "reordered",
    "missed_breaks",
    "shift",
    "working_time",
    "rest",
    "not_after_window",
    "pinned_start",
    "in_step",
)
WORST_LATENESS, WORST_IDLE, MOVED_TOLERANCE, LONGEST_OVERTIME, FIRST_MINUTE = tuple(range(10, 15))
"""Further columns of `Sheet.prices`, whose first are those of a round: two prices for the day as a whole, two limits in seconds,
and the minute at which `Sheet.pace` begins."""

TIMES = (WHERE, OPENS, READY, STARTS) = tuple(range(4))
"""Columns of `State.times`: in whose round a part is (-1: in none), the start of the window that it waits for, its earliest
start without regard to its partner, and its start."""


class Sheet(NamedTuple):
    """What no placing changes. `…_s` and `…_m` are the tables of seconds and metres of each transport; `pace` is the permille of
    a journey's free-flow time by the minute at which it sets off."""

    parts: Numbers
    windows: Numbers
    nurses: Numbers
    car_s: Grid
    bike_s: Grid
    foot_s: Grid
    car_m: Grid
    bike_m: Grid
    foot_m: Grid
    pace: Numbers
    prices: Numbers


class State(NamedTuple):
    """Who goes where in which order, and what follows from it: `stops[nurse, :length]` are rows of parts."""

    stops: Numbers
    rounds: Numbers
    times: Numbers

    def copy(self) -> State:
        return State(self.stops.copy(), self.rounds.copy(), self.times.copy())


def empty_state(parts: int, nurses: int, most_stops: int) -> State:
    """A day in which nobody goes anywhere yet."""
    state = State(
        np.zeros((nurses, most_stops), np.int64),
        np.zeros((nurses, len(ROUND)), np.int64),
        np.zeros((parts, len(TIMES)), np.int64),
    )
    state.rounds[:, BREAK_BEFORE] = state.times[:, WHERE] = NOBODY
    return state
