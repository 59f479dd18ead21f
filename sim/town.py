"""A day of the community nurses of Ashbourne Vale, who do not exist: who works, who is visited, for what and when.

The figures are those of an English service: eight to ten visits a nurse, a sixth of them insulin, one in twenty made by two
nurses. Staff and patients belong to the seed alone, so that tomorrow the same people are there, with the same wishes; the
visits are the day's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from domain.day import Contact, DaySheet, Need, PatientSheet, ShiftSheet, StaffSheet, Team, VisitSheet
from sim.geography import Land, ashbourne_vale, place_of
from sim.homes import Homes
from sim.names import gender_of, nurse_names, patient_names
from sim.services import SERVICES, Due, Service
from sim.wishes import wishes_of

TEAM = Team(team_id="ashbourne", name="Ashbourne Vale community nursing", base=place_of((0.35, 0.25)))
LONDON = ZoneInfo(TEAM.timezone)
BREAK_S = 1800
TWICE_A_DAY = "Insulin"
CONTACTS: Sequence[Contact | None] = ("text", "call", "none", None)
CONTACT_WEIGHTS = (55, 30, 3, 12)
RISKS = ("dog", "key safe", "oxygen at home", "hard of hearing", "steep steps", "visit in daylight", "memory loss")
Kind = TypeVar("Kind")


class Shift(NamedTuple):
    """When a shift starts and ends, and between when its break is had: local hours."""

    starts: float
    ends: float
    break_from: float
    break_to: float


SHIFTS = ((0.72, Shift(8, 16.5, 11.5, 14)), (0.13, Shift(7, 15, 10.5, 13)), (0.15, Shift(13, 21, 16, 19)))
BANDS = ((0.04, 3), (0.1, 4), (0.46, 5), (0.32, 6), (0.06, 7), (0.02, 8))


def district(seed: int, day: date, nurses: int = 60, visits: int = 550) -> DaySheet:
    """A day of so many nurses and visits; the same arguments always give the same day."""
    land = ashbourne_vale()
    staff = list(_staff(land, seed, day, nurses))
    patients = list(_patients(land, seed, visits, staff))
    wanted = list(_visits(seed, day, patients))
    visited = {visit.patient for visit in wanted}
    return DaySheet(
        team=TEAM,
        day=day,
        staff=tuple(staff),
        patients=tuple(patient for patient in patients if patient.ref in visited),
        visits=tuple(wanted),
        source=f"simulated:{seed}",
    )


def _staff(land: Land, seed: int, day: date, count: int) -> Iterator[StaffSheet]:
    rng = Random(f"staff {seed}")
    homes = Homes(land, rng)
    bands = _in_proportion(BANDS, count, rng)
    shifts = _rostered(bands)
    for number, (name, band, shift) in enumerate(zip(nurse_names(count), bands, shifts, strict=True), start=1):
        home = homes.find().place
        yield StaffSheet(
            ref=f"N{number:03}",
            name=name,
            band=band,
            gender=gender_of(name),
            skills=_skills(band, rng),
            # Ofcom keeps these numbers free for people in stories.
            phone=f"07700 900{number % 1000:03}",
            shift=ShiftSheet(
                starts_at=_at(day, shift.starts),
                ends_at=_at(day, shift.ends),
                start=home,
                end=home,
                break_s=BREAK_S,
                break_window=(_at(day, shift.break_from), _at(day, shift.break_to)),
            ),
        )


def _rostered(bands: Sequence[int]) -> list[Shift]:
    """A shift for each nurse: every kind of shift has nurses of high and of low bands, as whoever makes a roster sees to it."""
    owed = [share for share, _ in SHIFTS]
    shifts: dict[int, Shift] = {}
    for nurse in sorted(range(len(bands)), key=lambda number: (-bands[number], number)):
        kind = max(range(len(SHIFTS)), key=lambda it: owed[it])
        shifts[nurse] = SHIFTS[kind][1]
        owed = [left + share - (it == kind) for it, (left, (share, _)) in enumerate(zip(owed, SHIFTS, strict=True))]
    return [shifts[nurse] for nurse in range(len(bands))]


def _skills(band: int, rng: Random) -> frozenset[str]:
    lucky = [rng.random() < service.learned for service in SERVICES]
    return frozenset(
        service.name
        for service, learned in zip(SERVICES, lucky, strict=True)
        if band >= service.band or (learned and band == service.band - 1)
    )


def _patients(land: Land, seed: int, count: int, nurses: Sequence[StaffSheet]) -> Iterator[PatientSheet]:
    rng, of_wishes, of_homes = (Random(f"{of} {seed}") for of in ("patients", "wishes", "homes"))
    homes = Homes(land, rng)
    refs = rng.sample(range(1000, 10_000), count)
    for ref, name in zip(refs, patient_names(count, rng), strict=True):
        home = homes.find()
        wishes = wishes_of(home.place, nurses, of_wishes)
        yield PatientSheet(
            ref=f"P{ref}",
            name=name,
            home=home.place,
            address=home.address,
            preferred=wishes.preferred,
            excluded=wishes.excluded,
            known=wishes.known,
            carer_gender=wishes.gender,
            contact=of_homes.choices(CONTACTS, CONTACT_WEIGHTS)[0],
            risks=tuple(sorted(of_homes.sample(RISKS, of_homes.choices((0, 1, 2), (70, 24, 6))[0]))),
        )


def _visits(seed: int, day: date, patients: Sequence[PatientSheet]) -> Iterator[VisitSheet]:
    """A visit for each patient, but that evening insulin goes to those who have it in the morning as well."""
    rng = Random(f"visits {seed} {day}")
    services = _in_proportion([(service.share, service) for service in SERVICES], len(patients), rng)
    twice: list[PatientSheet] = []
    for number, (service, patient) in enumerate(zip(services, patients, strict=True), start=1):
        due = rng.choices(service.due, [due.share for due in service.due])[0]
        if service.name == TWICE_A_DAY and due is service.due[-1] and twice:
            patient = twice.pop()
        elif service.name == TWICE_A_DAY and due is service.due[0]:
            twice.append(patient)
        yield _visit(f"V{number:04}", patient, service, _window(day, due, rng), rng)


def _visit(
    ref: str, patient: PatientSheet, service: Service, window: tuple[datetime, datetime], rng: Random
) -> VisitSheet:
    least, most = service.minutes
    duration_s, together = 60 * rng.randrange(least, most + 1, 5), rng.random() < service.two_nurses
    band = service.asks.band if rng.random() < service.asks.share else None
    waits = rng.random() < service.waits.share
    needs = [Need(service=service.name, duration_s=duration_s, band=asked) for asked in (band, None)]
    return VisitSheet(
        ref=ref,
        patient=patient.ref,
        windows=(window,),
        needs=tuple(needs if together else needs[:1]),
        synchronisation="simultaneous" if together else "independent",
        priority=service.priority,
        optional=waits,
        days_left=rng.randint(0, service.waits.days) if waits else None,
    )


def _window(day: date, due: Due, rng: Random) -> tuple[datetime, datetime]:
    quarters = rng.randint(0, round(4 * (due.last - due.first)))
    opens = _at(day, due.first + quarters / 4)
    return opens, opens + timedelta(hours=due.wide_h)


def _in_proportion(shares: Sequence[tuple[float, Kind]], count: int, rng: Random) -> list[Kind]:
    """`count` of these in any order, of each as many as its share asks for."""
    whole = sum(share for share, _ in shares)
    steps = [(number + 0.5) / count * whole for number in range(count)]
    kinds, reached, following = [], 0.0, iter(shares)
    share, kind = next(following)
    for step in steps:
        while step > reached + share:
            reached += share
            share, kind = next(following)
        kinds.append(kind)
    rng.shuffle(kinds)
    return kinds


def _at(day: date, hours: float) -> datetime:
    """The instant of so many hours of the local clock."""
    whole = int(hours)
    return datetime.combine(day, time(whole, round(60 * (hours - whole))), LONDON).astimezone(UTC)
