"""What the arrays hold. A node is a stop: the open parts come first, then each nurse's rest, set-out and way back.

    0 … parts-1                    open parts
    parts + r                      the rest of nurse r
    parts + nurses + r             where the round of r sets out
    parts + 2 * nurses + r         its way back

Times are whole seconds, prices whole hundredths (`solver.params`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Table = NDArray[np.int32]
Ranks = NDArray[np.int16]
Keys = NDArray[np.float64]

FAR = 1 << 60
"""A time that never comes."""
BROKEN = 10**13
"""The price of breaking a hard rule: above anything that is only dear."""
A_SECOND_MORE = 10**7
"""… and of each second by which it is broken, so that the least broken is preferred where there is no other way."""
NEVER = 1 << 61
"""The price of what cannot be."""

APART, IN_STEP, TWO_NURSES, EITHER = 0, 1, 2, 3
"""How a part minds the other part of its visit: there is none; by their starts; by who makes it; only by being made at all."""

NEXT, PREV, ROUND, WINDOW, EARLIEST, START, END, PLACE, PRICE, WAY, WAIT, NTH, SEEN, LATER, IDLED, LATEST_SO_FAR = (
    range(16)
)
"""Columns of `State.stops`, a row a node. EARLIEST is when this round alone lets the part start, START when the pair
does; PLACE is where the nurse is after it; PRICE is that of the round up to and with this stop; WAY the seconds of the leg into
it; NTH counts the parts so far; SEEN is the last place in the published round so far; LATER is the start put off to wait less;
IDLED and LATEST_SO_FAR are the idle time and the worst lateness so far."""
STOP_COLUMNS = 16

COST, PARTS, LOAD, CARE, LATEST, IDLE, BACK, OUT, RESTING, VERSION = range(10)
"""Columns of `State.rounds`, a row a nurse: its cost, how many open parts it has, their sizes, the care in it,
its worst lateness, its idle time, when it is back, when it set out, whether the rest is in it, and the number of its timing: as
long as that is the same, so is the round."""
ROUND_COLUMNS = 10


(
    SITE,
    DURATION,
    LAST_START,
    LATE_PRICE,
    PROMISE_FROM,
    PROMISE_UNTIL,
    ABOUT_FROM,
    ABOUT_UNTIL,
    PUBLISHED_NURSE,
    PUBLISHED_PLACE,
    OTHER,
    BOND,
    IS_FIRST,
    GAP_LEAST,
    GAP_MOST,
    WHOLE,
    LEFT_OUT,
    SIZE,
    REMOTE,
    HARD,
    WINDOW_COUNT,
    OPENS,
    CLOSES,
) = range(23)
"""Columns of `Model.part`, a row an open part. SITE is a row of the roads; ABOUT_FROM and ABOUT_UNTIL are between which a start
has not moved; OTHER is the other part of its visit (-1: none); LEFT_OUT what it costs in no round; REMOTE how far it is from its
nearest neighbours; HARD whether it may not be late at all. OPENS and CLOSES, for starting, come last, again for each further
window."""

(
    TRANSPORT,
    OUT_AT,
    OUT_FROM,
    BACK_TO,
    SHIFT_START,
    SHIFT_END,
    LAST_BACK,
    OUT_SINCE,
    MOST_WORK,
    MOST_PARTS,
    CAPACITY,
    CARE_BEFORE,
    SHARE,
    REST_SECONDS,
    REST_FROM,
    REST_BY,
    REST_PRICE,
    SEEN_BEFORE,
    OFF,
) = range(19)
"""Columns of `Model.nurse`. OUT_AT and OUT_FROM are when and where the round sets out, OUT_SINCE when one under way did (-1: not
yet); REST_SECONDS is 0 where none is due, REST_BY its last start, REST_PRICE `NEVER` where it is hard; SEEN_BEFORE is the last
place of the published round that has begun."""
NURSE_COLUMNS = 19

(
    TRAVEL,
    WAITING,
    WORST_LATENESS,
    OVERTIME,
    WORST_IDLE,
    UNFAIRNESS,
    PROMISED,
    MOVED,
    REORDERED,
    DELAYS,
    PACE_FROM,
) = range(11)
"""What `Model.price` holds: prices, whether starts are put off, and the first minute of `Model.pace`."""

QUEUE, IS_QUEUED, FROM, IS_KEPT, RUINED = range(5)
"""Columns of `State.marks`, a row a nurse: the rounds to be timed, who is among them, the first stop to be timed, whose round is
kept, and the turn in which a round was ruined last."""
MARKS = 5

IS_ABSENT, WAS_ABSENT, ORDER, NURSES = range(4)
"""Columns of `State.lists`: who is in no round, who was at the start of the turn, in which order the absent are tried, and the
nurses whose rounds are to be tried."""
LISTS = 4

ROWS, ROUNDS, TURN, ABSENT, ABSENT_BEFORE, QUEUED, LATE_SUM, IDLE_SUM, BREACHES, VERSIONS = range(10)
"""What `State.tally` counts: kept rows, kept rounds, turns, the absent, those before, queued rounds; the worst lateness of all
and the idle time from which on a nurse counts as idle; the rounds that break a hard rule; and timings of rounds."""
TALLIES = 10

MORE, AFTER, WHICH_WINDOW, STARTS, OFFERED = range(5)
"""What a nurse's round has to offer a part at its best place: what it costs more, after which stop it is (-1: nowhere for less
than that), in which window, when the part would start; and to which `VERSION` of the round this applies."""
FINE = 64
"""MORE is a price in so many parts, the odd ones of which say how near the place is: of two that cost the same the nearer one is
taken. Where waiting has no price many cost the same, and rounds would else be full of gaps."""
FAR_OFF = 1 << 14
"""The rank of a part that is none of the nearest."""
EVERYWHERE = FAR_OFF + 1
"""As many nearest that all belong to them."""
OFFER_COLUMNS = 5
TRIED, CHOSEN, LEADING, LED, FOLLOWED = range(5)
"""Rows of `State.places`, with the columns of an offer: the place tried last, the best so far; where the leading part of a pair
is tried, and where it and the one that follows are best so far."""
PLACES = 5


class Model(NamedTuple):
    """A problem as arrays; nothing here changes during a search."""

    parts: int
    nurses: int
    part: Ints
    nurse: Ints
    price: Ints
    person: Table  # [part, nurse] price of this nurse making it, -1: may not
    near: Table  # [part, rank] other parts, nearest first
    rank: Ranks  # [part, other part] where that stands in `near`; `FAR_OFF`: nowhere
    seconds: Table  # [transport, from, to]
    mileage: Table  # [transport, from, to], priced
    pace: Ints  # permille by minute; empty: always 1000


class State(NamedTuple):
    """Rounds, and what the search keeps beside them; all of it changes."""

    stops: Ints
    rounds: Ints
    tally: Ints
    marks: Ints
    lists: Ints
    offers: Ints  # [part, nurse | columns of an offer], each good until the round is timed anew
    places: Ints
    kept: Ints  # rows of `stops` as they were, with their node in the last column
    kept_rounds: Ints  # [place, nurse | columns of `rounds`]
    keys: Keys  # by which the absent are lined up
    random: NDArray[np.uint64]


class Weights(NamedTuple):
    """How the search ruins and recreates: sizes and chances."""

    removed: float
    longest_string: float
    split: float
    blink: float
    focus: float
    near_places: int
    pairs_tried: int
