"""What a day amounts to and what became of it, line by line. Patients are not named."""

from __future__ import annotations

from collections.abc import Iterator

from domain.day import DaySheet
from dutyboard.planning.figures import Figures, figures_of
from dutyboard.planning.filling import Filled


def told(filled: Filled, kept: str) -> Iterator[str]:
    """The day, the figures of its plan and what is in no round; `kept` says what became of the plan."""
    sheet, plan, figures = filled.sheet, filled.plan, figures_of(filled)
    double_ups = sum(len(visit.needs) == 2 for visit in sheet.visits)
    yield f"{sheet.team.name} ({sheet.team.team_id}), {sheet.day:%A} {sheet.day.day} {sheet.day:%B %Y}"
    yield f"  staff     {len(sheet.staff)}"
    yield f"  patients  {len(sheet.patients)}"
    yield f"  visits    {len(sheet.visits)}, {double_ups} of them double-ups"
    yield f"  roads     {_roads(sheet, figures)}"
    yield f"  placed    {figures.placed} of {figures.placed + figures.left_out} parts, {kept} ({plan.made_by})"
    yield from _figures(figures)
    if plan.unplaced:
        yield f"Left out, {len(plan.unplaced)}:"
    yield from (f"  {it.visit_id.split(':', 2)[2]} part {it.carer_no}  {it.reason}" for it in plan.unplaced)


def _figures(figures: Figures) -> Iterator[str]:
    late = f"{figures.late}, {_minutes(figures.late_s)} in all, the latest by {_minutes(figures.latest_s)}"
    yield f"  late      {late if figures.late else 'nobody'}"
    hours, minutes = divmod(round(figures.travel_s / 60), 60)
    metres = f", {figures.travel_m / 1000:,.0f} km" if figures.travel_m else ""
    yield f"  travel    {hours} h {minutes:02} min{metres}"
    if figures.overtime_s:
        yield f"  overtime  {_minutes(figures.overtime_s)}"
    if figures.knowing:
        yield f"  known     {figures.known} of {figures.knowing} parts by a nurse whom the patient knows or prefers"
    if figures.breaks:
        yield f"  breaks    {figures.breaks}"


def _minutes(seconds: int) -> str:
    """Whole minutes, rounded up: nobody is late by 0 minutes."""
    return f"{-(-seconds // 60)} min"


def _roads(sheet: DaySheet, figures: Figures) -> str:
    """Who says how long the journeys take."""
    if figures.journeys == figures.estimated:
        return "estimated from straight lines"
    given = "as given" if sheet.travel else "known"
    return given + (f", but {figures.estimated} of {figures.journeys} journeys estimated" if figures.estimated else "")
