"""A slipping round in one sentence: what it comes from, how many visits it reaches, the first of them and by how much.

Patients are references, nurses have names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.alert import KnockOn
from domain.outlook import Cause


class Named(Protocol):
    """Whatever says of a part who is visited and what for."""

    @property
    def patient(self) -> str: ...
    @property
    def service(self) -> str: ...


FROM: dict[str, str] = {
    "overrun": "{visit} is {min} min over",
    "took_longer": "{visit} took {min} min longer",
    "started_late": "{visit} began {min} min late",
    "not_set_off": "{nurse} is {min} min late in setting off to {patient}",
    "slow_journey": "The way to {patient} takes {nurse} {min} min longer",
    "shift_late": "{nurse} is {min} min late for the shift",
    "partner_late": "{nurse} is {min} min late for {patient}",
}


def sentence(
    nurse_id: str,
    cause: Cause | None,
    knock_on: Sequence[KnockOn],
    visits: Mapping[str, Named],
    nurses: Mapping[str, str],
) -> str:
    """For example "Wound care at P4471 is 18 min over: 2 visits will be late, the first P2209 by 12 min."."""
    return f"{_comes_from(nurse_id, cause, knock_on, visits, nurses)}: {_reaches(knock_on)}."


def called(service: str, patient: str) -> str:
    """What a visit is called in a sentence, for example "wound care at P4471": services may be codes of whoever sends them."""
    return f"{service.replace('_', ' ')} at {patient}"


def _comes_from(
    nurse_id: str,
    cause: Cause | None,
    knock_on: Sequence[KnockOn],
    visits: Mapping[str, Named],
    nurses: Mapping[str, str],
) -> str:
    if cause is None and any(one.starts is None for one in knock_on):
        return f"{_name(nurse_id, nurses)} is not on duty"
    if cause is None:
        return f"The round of {_name(nurse_id, nurses)} is tight"
    visit = visits.get(cause.visit_id) if cause.visit_id else None
    return FROM[cause.kind].format(
        visit=_capital(called(visit.service, visit.patient)) if visit else "A visit",
        patient=visit.patient if visit else "the next visit",
        nurse=_name(cause.nurse_id, nurses),
        min=minutes(cause.by_s),
    )


def _reaches(knock_on: Sequence[KnockOn]) -> str:
    late = [one for one in knock_on if one.state == "late"]
    at_risk = [one for one in knock_on if one.state == "at_risk"]
    said = [_counted(late, "will be late")] if late else []
    said += [_counted(at_risk, "at risk", "are" if len(at_risk) > 1 else "is")] if at_risk else []
    first = (late or at_risk)[0]
    by = f"by {minutes(first.late_s)} min" if late else f"by up to {minutes(first.late_p90_s)} min"
    only = len(knock_on) == 1
    named = f"{first.patient} {by}" if first.late_p90_s else first.patient
    return f"{' and '.join(said)}, {'' if only else 'the first '}{named}"


def _counted(of: Sequence[KnockOn], what: str, verb: str = "") -> str:
    return " ".join(filter(None, [str(len(of)), "visits" if len(of) > 1 else "visit", verb, what]))


def _name(nurse_id: str, nurses: Mapping[str, str]) -> str:
    return nurses.get(nurse_id, "A nurse")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def minutes(seconds: float) -> int:
    """Whole minutes, at least one: nobody is late by nothing."""
    return max(1, round(seconds / 60))
