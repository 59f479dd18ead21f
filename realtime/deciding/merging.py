"""The plan that a proposal leads to: all of it, or the chosen moves put into the rounds as they are published."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from domain.errors import BadInput
from domain.replanning import Part
from domain.round import Plan, PlannedAttendance, Round, Unplaced

Stops = dict[str, list[PlannedAttendance]]
"""A nurse's stops in their order."""


def merged(published: Plan, proposed: Plan, chosen: Sequence[Part]) -> Plan:
    """The published plan in which only the chosen parts are where the proposal has them: with its nurse, after the stop that it
    comes after there. Times are the proposal's for them and the published ones for the rest: whoever asks re-times it.

    Raises BadInput where nothing is chosen, or a part that the proposal does not speak of.
    """
    parts = frozenset(chosen)
    places = {_part(stop): (round_.nurse_id, place) for round_ in proposed.rounds for place, stop in _numbered(round_)}
    left_out = {(it.visit_id, it.carer_no): it for it in proposed.unplaced}
    if not parts or parts - places.keys() - left_out.keys():
        raise BadInput("Choose moves of this proposal: those, and at least one.")
    rounds = {it.nurse_id: it for it in proposed.rounds}
    stops: Stops = {it.nurse_id: [s for s in it.attendances if _part(s) not in parts] for it in published.rounds}
    for part in sorted(parts & places.keys(), key=lambda it: places[it]):
        nurse_id, place = places[part]
        _put(stops.setdefault(nurse_id, []), rounds[nurse_id], place)
    return replace(
        published,
        made_by=proposed.made_by,
        rounds=_rounds(published, stops),
        unplaced=_unplaced(published, parts, [left_out[it] for it in sorted(parts & left_out.keys())]),
    )


def _put(stops: list[PlannedAttendance], proposed: Round, place: int) -> None:
    """Put a stop of a proposed round after the nearest one before it that is there too."""
    at = {_part(stop): number for number, stop in enumerate(stops)}
    before = (at[_part(it)] + 1 for it in reversed(proposed.attendances[:place]) if _part(it) in at)
    after = (at[_part(it)] for it in proposed.attendances[place + 1 :] if _part(it) in at)
    stops.insert(next(before, next(after, 0)), proposed.attendances[place])


def _rounds(published: Plan, stops: Stops) -> tuple[Round, ...]:
    """The rounds with these stops; a break stays between the stops that it was between."""
    kept = []
    for round_ in published.rounds:
        its, rest = stops[round_.nurse_id], round_.rest
        if rest and its != list(round_.attendances):
            earlier = {_part(it) for it in round_.attendances[: rest.before]}
            before = max((number + 1 for number, it in enumerate(its) if _part(it) in earlier), default=0)
            rest = replace(rest, before=before)
        kept.append(replace(round_, attendances=tuple(its), rest=rest))
    known = {it.nurse_id for it in published.rounds}
    new = [Round(nurse_id=it, attendances=tuple(its)) for it, its in stops.items() if it not in known]
    return (*kept, *new)


def _unplaced(published: Plan, parts: frozenset[Part], left_out: list[Unplaced]) -> tuple[Unplaced, ...]:
    return (*(it for it in published.unplaced if (it.visit_id, it.carer_no) not in parts), *left_out)


def _numbered(round_: Round) -> Sequence[tuple[int, PlannedAttendance]]:
    return list(enumerate(round_.attendances))


def _part(stop: PlannedAttendance) -> Part:
    return stop.visit_id, stop.carer_no
