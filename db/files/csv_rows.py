"""Rows of the CSV set as the items of a `DaySheet`; what only makes sense together and is not is noted."""

from __future__ import annotations

from db.files.csv_places import Places, says_nothing
from db.files.tables import Row, Table
from domain.day import Need, PatientSheet, ShiftSheet, StaffSheet, VisitSheet


def staff_of(table: Table, row: Row, places: Places) -> StaffSheet | None:
    """A member of staff; None where they are not at work."""
    if not table.both(row, "shift_start", "shift_end"):
        return None
    has_break = table.both(row, "break_from", "break_until")
    if has_break and row["break_minutes"] is None:
        table.note("the break's times need its minutes", row, "break_minutes")
    shift = ShiftSheet(
        starts_at=row["shift_start"],
        ends_at=row["shift_end"],
        start=places.of(table, row, "start_"),
        end=places.of(table, row, "end_"),
        break_s=row["break_minutes"] or 0,
        break_window=(row["break_from"], row["break_until"]) if has_break else None,
        max_work_s=row["max_work_minutes"],
        max_visits=row["max_visits"],
    )
    return StaffSheet(
        ref=row["staff"],
        name=row["name"],
        band=row["band"],
        gender=row["gender"],
        skills=row["skills"] or frozenset(),
        transport=row["transport"] or "car",
        phone=row["phone"],
        shift=shift,
    )


def patient_of(table: Table, row: Row, places: Places) -> PatientSheet | None:
    """A patient and where they live; None where that cannot be said, which is noted."""
    home = places.of(table, row)
    if home is None:
        if says_nothing(row):
            table.note("the cell is empty: give lat and lon, or an address or postcode to look up", row, "lat")
        return None
    return PatientSheet(
        ref=row["patient"],
        name=row["name"],
        home=home,
        address=_address(row),
        preferred=row["preferred"] or frozenset(),
        excluded=row["excluded"] or frozenset(),
        known=row["known"] or {},
        carer_gender=row["carer_gender"],
        contact=row["contact"],
        risks=tuple(sorted(row["risks"] or ())),
    )


def _address(row: Row) -> str | None:
    """The address as it is shown, the postcode in it once."""
    address: str | None = row["address"]
    postcode: str | None = row["postcode"]
    if not address or not postcode or postcode.replace(" ", "").lower() in address.replace(" ", "").lower():
        return address or postcode
    return f"{address}, {postcode}"


def visit_of(table: Table, row: Row) -> VisitSheet:
    """A visit; one with a second service is a double-up, simultaneous where nothing else is said."""
    windows = [(row["window_start"], row["window_end"])]
    if table.both(row, "window2_start", "window2_end"):
        windows.append((row["window2_start"], row["window2_end"]))
    needs = _needs(table, row)
    pinned = tuple(row[column] for column in ("pinned", "pinned2")[: len(needs)])
    has_gap = table.both(row, "gap_min", "gap_max")
    if row["together"] == "sequential" and not has_gap:
        table.note("a sequential visit needs the least and most minutes between", row, "gap_min")
    return VisitSheet(
        ref=row["visit"],
        patient=row["patient"],
        windows=tuple(windows),
        needs=tuple(needs),
        synchronisation=row["together"] or ("simultaneous" if len(needs) == 2 else "independent"),
        gap_s=(row["gap_min"], row["gap_max"]) if has_gap else (0, 0),
        priority=row["priority"] or "routine",
        optional=row["optional"] or False,
        days_left=row["days_left"],
        pinned=pinned if any(pinned) else (),
    )


def _needs(table: Table, row: Row) -> list[Need]:
    needs = [Need(service=row["service"], duration_s=row["minutes"], band=row["band"])]
    if table.both(row, "service2", "minutes2"):
        needs.append(Need(service=row["service2"], duration_s=row["minutes2"], band=row["band2"]))
    else:
        for column in ("band2", "pinned2"):
            if row[column] is not None:
                table.note(f"{column} is of a second nurse: give service2 and minutes2 as well", row, column)
    return needs
