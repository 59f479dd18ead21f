"""The tables of our own CSV set and their columns; docs/import.md shows each with an example."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from db.files.cells import local_time, minutes_s, number, one_of, several, shares, text, whole, yes_or_no
from db.files.tables import Column

FILES = ("team.csv", "staff.csv", "patients.csv", "visits.csv", "travel.csv")
NEEDED = ("staff.csv", "patients.csv", "visits.csv")
GENDER = one_of("female", "male")

TEAM = (
    Column("name", text, needed=True),
    Column("timezone", text),
    Column("base_lat", number),
    Column("base_lon", number),
    Column("base_address", text),
    Column("planar", yes_or_no),
)


def staff(day: date, zone: ZoneInfo) -> tuple[Column, ...]:
    """A member of staff and the shift of the day; who has none is known, but not at work."""
    time = local_time(day, zone)
    return (
        Column("staff", text, needed=True),
        Column("name", text, needed=True),
        Column("band", whole),
        Column("gender", GENDER),
        Column("skills", several, expected=True),
        Column("transport", one_of("car", "bike", "foot")),
        Column("phone", text),
        Column("shift_start", time, expected=True),
        Column("shift_end", time, expected=True),
        Column("start_lat", number),
        Column("start_lon", number),
        Column("start_address", text),
        Column("end_lat", number),
        Column("end_lon", number),
        Column("end_address", text),
        Column("break_minutes", minutes_s),
        Column("break_from", time),
        Column("break_until", time),
        Column("max_work_minutes", minutes_s),
        Column("max_visits", whole),
    )


PATIENTS = (
    Column("patient", text, needed=True),
    Column("name", text, needed=True),
    Column("lat", number),
    Column("lon", number),
    Column("address", text),
    Column("postcode", text),
    Column("preferred", several),
    Column("excluded", several),
    Column("known", shares),
    Column("carer_gender", GENDER),
    Column("contact", one_of("text", "call", "none")),
    Column("risks", several),
)


def visits(day: date, zone: ZoneInfo) -> tuple[Column, ...]:
    """A visit; a second service makes it a double-up."""
    time = local_time(day, zone)
    return (
        Column("visit", text, needed=True),
        Column("patient", text, needed=True),
        Column("window_start", time, needed=True),
        Column("window_end", time, needed=True),
        Column("service", text, needed=True),
        Column("minutes", minutes_s, needed=True),
        Column("band", whole),
        Column("pinned", text),
        Column("window2_start", time),
        Column("window2_end", time),
        Column("service2", text),
        Column("minutes2", minutes_s),
        Column("band2", whole),
        Column("pinned2", text),
        Column("together", one_of("simultaneous", "sequential", "independent")),
        Column("gap_min", minutes_s),
        Column("gap_max", minutes_s),
        Column("priority", one_of("time_critical", "urgent", "routine", "deferrable")),
        Column("optional", yes_or_no),
        Column("days_left", whole),
    )


OF_FIELD = {
    ("team", "base"): "base_lat",
    ("staff", "ref"): "staff",
    ("staff", "shift.starts_at"): "shift_start",
    ("staff", "shift.ends_at"): "shift_end",
    ("staff", "shift.start"): "start_lat",
    ("staff", "shift.end"): "end_lat",
    ("staff", "shift.break_s"): "break_minutes",
    ("staff", "shift.break_window"): "break_from",
    ("staff", "shift.max_work_s"): "max_work_minutes",
    ("staff", "shift.max_visits"): "max_visits",
    ("patients", "ref"): "patient",
    ("patients", "home"): "lat",
    ("visits", "ref"): "visit",
    ("visits", "windows.start"): "window_start",
    ("visits", "windows.end"): "window_end",
    ("visits", "windows.second"): "window2_start",
    ("visits", "needs.service"): "service",
    ("visits", "needs.duration_s"): "minutes",
    ("visits", "needs.band"): "band",
    ("visits", "synchronisation"): "together",
    ("visits", "gap_s"): "gap_min",
}
"""In which column a fault of a part of a `DaySheet` lies, where the field has another name."""
