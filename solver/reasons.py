"""Why a visit is in no round: one sentence for the coordinator, naming who comes closest.

Nurses are named, patients never.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from zoneinfo import ZoneInfo

from domain.day import Need
from solver.open_round import Opening, OpenRound, in_step, openings
from solver.problem import Visit, instant


def why_unplaced(visit: Visit, carer_no: int, rounds: Sequence[OpenRound], zone: ZoneInfo) -> str:
    """Why nobody can take this part of a visit, as the rounds are now."""
    others = [it for it in rounds if not it.visits(visit.visit_id)]
    if not visit.in_step:
        return _why_nobody(visit, visit.needs[carer_no - 1], others, zone, besides=len(others) < len(rounds))
    free = [[it for it in openings(visit, need, rounds) if it.short_s <= 0] for need in visit.needs]
    for need, of_part in zip(visit.needs, free, strict=True):
        if not of_part:
            return f"Two nurses are needed. {_why_nobody(visit, need, rounds, zone)}"
    pairs = [(first, second) for first, second in product(*free) if first.round is not second.round]
    if not pairs:
        return f"Two nurses are needed, and {free[0][0].round.nurse.name} is the only one who could come."
    first, second = min(pairs, key=lambda pair: in_step(visit, *pair).short_s)
    names, short_s = f"{first.round.nurse.name} and {second.round.nurse.name}", in_step(visit, first, second).short_s
    return f"Two nurses are needed in step: {names} come closest and miss each other by {_minutes(short_s)}."


def _why_nobody(visit: Visit, need: Need, rounds: Sequence[OpenRound], zone: ZoneInfo, *, besides: bool = False) -> str:
    """Why none of these nurses can take a part; `besides`: another nurse takes the other part."""
    nobody = "Nobody else" if besides else "Nobody"
    able = [it for it in rounds if need.service in it.nurse.skills]
    if not able:
        return f"{nobody} on shift can give {need.service}."
    if all(it.nurse.nurse_id in visit.excluded for it in able):
        return f"{nobody} on shift who can give {need.service} may visit this patient."
    closest = min(openings(visit, need, rounds), key=lambda it: it.short_s, default=None)
    if closest is None:
        return f"{nobody} on shift who can give {need.service} would be left time for a break."
    return f"{nobody} who can give {need.service} fits it in: {_miss(closest, zone)}."


def _miss(opening: Opening, zone: ZoneInfo) -> str:
    name, late = opening.round.nurse.name, _minutes(opening.short_s)
    could = f"{name} comes closest and could start at {_clock(opening.earliest, zone)}"
    match opening.limit:
        case "window":
            return f"{could}, {late} after the window closes at {_clock(opening.latest, zone)}"
        case "next stop":
            return f"{could}, {late} too late to make the next visit"
        case "break":
            return f"{could}, {late} too late to have the break in time"
        case "shift":
            ends = _clock(opening.round.nurse.shift[1], zone)
            return f"{could}, {late} too late to be back when the shift ends at {ends}"


def _minutes(seconds: int) -> str:
    """Whole minutes, rounded up: nobody misses anything by 0 minutes."""
    return f"{-(-seconds // 60)} min"


def _clock(second: int, zone: ZoneInfo) -> str:
    return f"{instant(second).astimezone(zone):%H:%M}"
