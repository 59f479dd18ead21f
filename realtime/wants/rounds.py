"""Rounds without some of their stops; what stays keeps its nurse, its order and its times."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from domain.replanning import Part
from domain.round import Plan, Rest, Round, Unplaced

WANTED = "what is wanted"
"""Who made a revision that only says what has become of the day."""


def without(plan: Plan, parts: Sequence[Part], because: str) -> Plan:
    """The plan with these parts in no round, and why; parts that it did not speak of are told as well."""
    gone = frozenset(parts)
    kept = tuple(it for it in plan.unplaced if (it.visit_id, it.carer_no) not in gone)
    told = tuple(Unplaced(visit_id=visit_id, carer_no=carer_no, reason=because) for visit_id, carer_no in sorted(gone))
    return replace(plan, rounds=tuple(_round(it, gone) for it in plan.rounds), unplaced=kept + told)


def _round(round_: Round, gone: frozenset[Part]) -> Round:
    stays = [(it.visit_id, it.carer_no) not in gone for it in round_.attendances]
    if all(stays):
        return round_
    stops = tuple(it for it, is_kept in zip(round_.attendances, stays, strict=True) if is_kept)
    return replace(round_, attendances=stops, rest=_rest(round_.rest, stays))


def _rest(rest: Rest | None, stays: Sequence[bool]) -> Rest | None:
    return rest and replace(rest, before=sum(stays[: rest.before]))
