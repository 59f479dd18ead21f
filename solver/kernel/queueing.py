"""Which rounds are to be timed anew, and from which stop on."""

from __future__ import annotations

from solver.kernel.compiled import compiled_bare, compiled_within
from solver.kernel.layout import (
    FROM,
    IS_QUEUED,
    QUEUE,
    QUEUED,
    START,
    Ints,
    Model,
    State,
)


@compiled_bare
def queue_up(m: Model, s: State, nurse: int, first: int) -> None:
    """Have a round timed from a stop on by the next `settle`; all of it, where it is not plain which of two stops is first."""
    marks, tally, stops = s.marks, s.tally, s.stops
    if not marks[nurse, IS_QUEUED]:
        marks[nurse, IS_QUEUED], marks[nurse, FROM] = 1, first
        marks[tally[QUEUED], QUEUE] = nurse
        tally[QUEUED] += 1
    elif marks[nurse, FROM] != first:
        was, now = stops[marks[nurse, FROM], START], stops[first, START]
        if now == was:
            marks[nurse, FROM] = m.parts + m.nurses + nurse
        elif now < was:
            marks[nurse, FROM] = first


@compiled_within
def earliest_queued(marks: Ints, tally: Ints, stops: Ints) -> int:
    """Take the round from the queue whose first stop to be timed is the earliest: what it passes on is mostly later."""
    chosen = 0
    for place in range(1, tally[QUEUED]):
        first, other = marks[marks[place, QUEUE], FROM], marks[marks[chosen, QUEUE], FROM]
        if stops[first, START] < stops[other, START]:
            chosen = place
    nurse = marks[chosen, QUEUE]
    tally[QUEUED] -= 1
    marks[chosen, QUEUE] = marks[tally[QUEUED], QUEUE]
    marks[nurse, IS_QUEUED] = 0
    return int(nurse)


@compiled_bare
def forget_queue(marks: Ints, tally: Ints) -> None:
    for place in range(tally[QUEUED]):
        marks[marks[place, QUEUE], IS_QUEUED] = 0
    tally[QUEUED] = 0
