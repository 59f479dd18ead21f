"""The travel times of a day, and the points between which its people travel."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from domain.day import BASE_POINT, DaySheet, office_point
from solver.travel.geodesic import GeodesicTravel
from solver.travel.matrix import MatrixTravel
from solver.travel.port import Pace, Point, TravelTimes, free_flow
from solver.travel.rush_hour import RushHour


def travel_of(sheet: DaySheet, roads: TravelTimes | None = None, *, rush_hour: bool | None = None) -> TravelTimes:
    """The travel times of a day: its matrix where it has one; for what is not in it, `roads` or else estimates.

    `rush_hour` says whether roads are slower when everybody drives; None: unless the day brought a matrix, whose times are
    taken as they are, or is drawn on a plain grid, where nobody drives.
    """
    pace = pace_of(sheet, rush_hour)
    if sheet.travel:
        return MatrixTravel(sheet.travel, roads or GeodesicTravel(), planar=sheet.planar, pace=pace)
    return roads or GeodesicTravel(pace)


def pace_of(sheet: DaySheet, rush_hour: bool | None = None) -> Pace:
    """How the hours of a day slow its roads down; `rush_hour` as `travel_of` has it. No queue slows a team without a car."""
    wanted = not (sheet.travel or sheet.planar) if rush_hour is None else rush_hour
    drives = any(nurse.transport == "car" for nurse in sheet.staff)
    return RushHour(ZoneInfo(sheet.team.timezone)) if wanted and drives else free_flow


def points_of(sheet: DaySheet) -> list[Point]:
    """Every place of a day that somebody may travel to, each once: the base, where rounds start and end, homes."""
    base = sheet.team.base
    offices = [place for staff in sheet.staff for place in (staff.shift.start, staff.shift.end) if place]
    named = {BASE_POINT: base} | {office_point(place, base): place for place in offices}
    homes = [Point(patient.ref, patient.home) for patient in sheet.patients]
    return [*(Point(ref, place) for ref, place in named.items()), *homes]
