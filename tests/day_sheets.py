"""Days made up for tests: one written by hand, and any number drawn by Hypothesis that the judge finds nothing wrong with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from domain.day import (
    DaySheet,
    Need,
    PatientSheet,
    ShiftSheet,
    StaffSheet,
    Team,
    TravelMatrix,
    VisitSheet,
    office_point,
)
from domain.geo import Place

DAY = date(2026, 11, 23)
BASE = Place(lat=52.0, lon=-1.5)
SKILLS = ("insulin", "wound", "catheter")
ZONES = ("Europe/London", "Europe/Rome", "America/New_York", "Asia/Kolkata", "UTC")
DAYS = (DAY, date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29))
"""An ordinary day, both days on which clocks change in Europe, and a leap day."""


def at(clock: str) -> datetime:
    """A time of the day by the clock, which is London's in winter."""
    return datetime.combine(DAY, time.fromisoformat(clock), UTC)


def east(kilometres: float) -> Place:
    """A place on the road that runs east from the base."""
    return Place(lat=BASE.lat, lon=BASE.lon + kilometres / 68.68)


def nurse(ref: str, *skills: str, shift: tuple[str, str] = ("08:00", "16:00"), **more: object) -> StaffSheet:
    """A nurse with these skills; `more` goes into the shift where it knows it, else to the nurse."""
    of_shift = {field: more.pop(field) for field in list(more) if field in ShiftSheet.__struct_fields__}
    hours = ShiftSheet(starts_at=at(shift[0]), ends_at=at(shift[1]), **of_shift)
    return StaffSheet(ref=ref, name=ref.title(), skills=frozenset(skills), shift=hours, **more)


def patient(ref: str, kilometres: float, **more: object) -> PatientSheet:
    """A patient who lives this far east of the base."""
    return PatientSheet(ref=ref, name=f"Patient {ref}", home=east(kilometres), **more)


def visit(ref: str, of: str, window: tuple[str, str], *needs: tuple[str, int], **more: object) -> VisitSheet:
    """A visit with its parts, each a service and its minutes."""
    parts = tuple(Need(service=service, duration_s=minutes * 60) for service, minutes in needs)
    return VisitSheet(ref=ref, patient=of, windows=((at(window[0]), at(window[1])),), needs=parts, **more)


def sheet(staff: list[StaffSheet], patients: list[PatientSheet], visits: list[VisitSheet], **more: object) -> DaySheet:
    """A day of the team `vale`."""
    team = Team(team_id="vale", name="Vale", timezone="Europe/London", base=BASE)
    return DaySheet(team=team, day=DAY, staff=tuple(staff), patients=tuple(patients), visits=tuple(visits), **more)


_PLACES = st.builds(
    Place,
    lat=st.floats(51.8, 52.2).map(lambda degrees: round(degrees, 5)),
    lon=st.floats(-1.8, -1.2).map(lambda degrees: round(degrees, 5)),
)
_GENDERS = st.sampled_from([None, "female", "male"])
_SHARES = st.sampled_from([0.0, 0.05, 1 / 3, 0.5, 1.0])
_TEXT = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="\ufeff"), min_size=1, max_size=8
) | st.sampled_from(['Mrs "O\'Brien", twice', "a;b", "two\nlines", "Ó Súilleabháin", "=1+1", "-", "'"])


@st.composite
def sheets(draw: st.DrawFn) -> DaySheet:
    """Any day that makes sense: up to 5 nurses and 8 visits, in all combinations of what a sheet can say."""
    zone, day = draw(st.sampled_from(ZONES)), draw(st.sampled_from(DAYS))
    midnight = datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)
    team = Team(team_id="vale", name=draw(_TEXT), timezone=zone, base=draw(_PLACES))
    staff = tuple(draw(_staff(f"n{number}", midnight)) for number in range(draw(st.integers(1, 5))))
    patients = tuple(draw(_patient(f"p{number}", staff)) for number in range(draw(st.integers(1, 6))))
    visits = tuple(draw(_visit(f"v{number}", patients, staff, midnight)) for number in range(draw(st.integers(0, 8))))
    made = DaySheet(team=team, day=day, staff=staff, patients=patients, visits=visits, source="made up")
    return draw(_with_travel(made)) if draw(st.booleans()) else made


@st.composite
def _staff(draw: st.DrawFn, ref: str, midnight: datetime) -> StaffSheet:
    starts_at = midnight + timedelta(seconds=draw(st.integers(6 * 3600, 20 * 3600)))
    ends_at = starts_at + timedelta(seconds=draw(st.integers(4 * 3600, 10 * 3600)))
    break_s = draw(st.sampled_from([0, 0, 1800, 1234]))
    opens = starts_at + timedelta(minutes=draw(st.integers(0, 120)))
    window = (opens, opens + timedelta(minutes=draw(st.integers(40, 120))))
    shift = ShiftSheet(
        starts_at=starts_at,
        ends_at=ends_at,
        start=draw(st.none() | _PLACES),
        end=draw(st.none() | _PLACES),
        break_s=break_s,
        break_window=window if break_s and draw(st.booleans()) else None,
        max_work_s=draw(st.none() | st.integers(3600, 8 * 3600)),
        max_visits=draw(st.none() | st.integers(1, 12)),
    )
    return StaffSheet(
        ref=ref,
        name=draw(_TEXT),
        band=draw(st.none() | st.integers(2, 8)),
        gender=draw(_GENDERS),
        skills=frozenset(draw(st.sets(st.sampled_from(SKILLS)))),
        transport=draw(st.sampled_from(["car", "car", "bike", "foot"])),
        phone=draw(st.none() | st.just("+44 7700 900123")),
        shift=shift,
    )


@st.composite
def _patient(draw: st.DrawFn, ref: str, staff: tuple[StaffSheet, ...]) -> PatientSheet:
    liking = {nurse.ref: draw(st.sampled_from(["", "", "preferred", "excluded"])) for nurse in staff}
    return PatientSheet(
        ref=ref,
        name=draw(_TEXT),
        home=draw(_PLACES),
        address=draw(st.none() | _TEXT),
        preferred=frozenset(nurse for nurse, how in liking.items() if how == "preferred"),
        excluded=frozenset(nurse for nurse, how in liking.items() if how == "excluded"),
        known={nurse.ref: draw(_SHARES) for nurse in staff if draw(st.booleans())},
        carer_gender=draw(_GENDERS),
        contact=draw(st.sampled_from([None, "text", "call", "none"])),
        risks=tuple(sorted(draw(st.sets(st.sampled_from(["dog", "oxygen at home", "key safe"]))))),
    )


@st.composite
def _visit(
    draw: st.DrawFn, ref: str, patients: tuple[PatientSheet, ...], staff: tuple[StaffSheet, ...], midnight: datetime
) -> VisitSheet:
    opens = [
        midnight + timedelta(seconds=draw(st.integers(5 * 3600, 22 * 3600))) for _ in range(draw(st.integers(1, 2)))
    ]
    windows = sorted((at, at + timedelta(minutes=draw(st.integers(60, 240)))) for at in opens)
    needs = tuple(
        Need(
            service=draw(st.sampled_from(SKILLS)),
            duration_s=draw(st.integers(1, 60)) * 60 + draw(st.integers(0, 59)),
            band=draw(st.none() | st.integers(2, 8)),
        )
        for _ in range(draw(st.integers(1, 2)))
    )
    kinds = ["simultaneous", "sequential", "independent"] if len(needs) == 2 else ["independent"]
    kind = draw(st.sampled_from(kinds))
    least = draw(st.integers(0, 3600)) if kind == "sequential" else 0
    of, optional = draw(st.sampled_from(patients)), draw(st.booleans())
    return VisitSheet(
        ref=ref,
        patient=of.ref,
        windows=tuple(windows),
        needs=needs,
        synchronisation=kind,
        gap_s=(least, least + draw(st.integers(0, 3600))) if kind == "sequential" else (0, 0),
        priority=draw(st.sampled_from(["time_critical", "urgent", "routine", "deferrable"])),
        optional=optional,
        days_left=draw(st.none() | st.integers(0, 9)) if optional else None,
        pinned=draw(_pinned(of, staff, len(needs))),
    )


@st.composite
def _pinned(draw: st.DrawFn, of: PatientSheet, staff: tuple[StaffSheet, ...], parts: int) -> tuple[str | None, ...]:
    """Whom the parts of a visit are kept for: mostly nobody, else nurses who may come, no two alike."""
    able = [nurse.ref for nurse in staff if nurse.ref not in of.excluded]
    if not able or draw(st.integers(0, 3)):
        return ()
    first = draw(st.sampled_from([None, *able]))
    others = [ref for ref in able if ref != first]
    rest = (draw(st.sampled_from([None, *others])) if others else None,) * (parts - 1)
    return (first, *rest) if first or any(rest) else ()


@st.composite
def _with_travel(draw: st.DrawFn, made: DaySheet) -> DaySheet:
    offices = [place for nurse in made.staff for place in (nurse.shift.start, nurse.shift.end) if place]
    named = {office_point(place, made.team.base) for place in (made.team.base, *offices)}
    points = [*sorted(named), *(patient.ref for patient in made.patients)]
    points = points[: draw(st.integers(1, len(points)))]
    minutes = st.integers(0, 40)
    seconds = tuple(tuple(0 if a == b else draw(minutes) * 60 + 7 for b in points) for a in points)
    return DaySheet(
        **{field: getattr(made, field) for field in DaySheet.__struct_fields__ if field != "travel"},
        travel=TravelMatrix(points=tuple(points), seconds=seconds),
    )
