"""Days of the unified formulation (Ceschia et al. 2026, doi:10.1111/itor.70140): the file weighs each item of the cost.

An item without a weight, or with `HARD` for one, is a rule or costs nothing, as the authors' validator has it. Weights of items
that are counted in no plan of ours (`workload_balance` …) are refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from db.files.json_shapes import Document, Minute
from db.files.published_day import Carer, Patient, PublishedDay
from dutyboard.published.case import Case
from dutyboard.published.home_care import Matrix, Terms, nothing_priced, problem_of, same, travel_of, units_of
from solver.params import Params

Weight = Annotated[float, Meta(ge=0)] | Literal["HARD"] | None
"""What a unit of an item costs; HARD: there must be none."""


class _Costs(Struct):
    travel_time: Weight = None
    total_tardiness: Weight = None
    highest_tardiness: Weight = None
    total_waiting_time: Weight = None
    total_extra_time: Weight = None
    max_idle_time: Weight = None
    preferences: Weight = field(name="caregiver_preferences", default=None)
    optional_patients: Weight = None
    missed_lunch_break: Weight = None
    qualification: Weight = None
    working_time: Weight = None
    incompabilities: Weight = None
    workload_balance: Weight = None
    max_waiting_time: Weight = None
    max_dev: Weight = field(name="tw_max_dev_in_time", default=None)
    max_desired_dev: Weight = field(name="tw_max_dev_in_desired_time", default=None)


MAY_BE_HARD = {
    *("total_tardiness", "highest_tardiness", "caregiver_preferences", "optional_patients", "missed_lunch_break"),
    *("qualification", "working_time", "total_extra_time", "incompabilities"),
}
NOT_COUNTED = {
    *("qualification", "working_time", "incompabilities", "workload_balance", "max_waiting_time"),
    *("tw_max_dev_in_time", "tw_max_dev_in_desired_time"),
}


class _Metadata(Struct):
    met: Literal["at_service_start", "at_service_end"] = field(name="time_window_met", default="at_service_start")


class _Span(Struct):
    start: Minute
    end: Minute


class _Patient(Struct):
    windows: list[_Span] = field(name="time_windows")
    preferred: list[str] | None = field(name="preferred_caregivers", default=None)


def case_of(name: str, document: Document, day: PublishedDay, travel: Matrix) -> Case:
    """The case of a day, `as_published`, with the weights in its metadata; what is wrong is noted."""
    costs = _costs(document, day)
    per_minute = units_of(day, travel)
    terms = Terms(
        until_end=_holds_service(document),
        hard="HARD" in (costs.total_tardiness, costs.highest_tardiness),
        optional=_is_priced(costs.optional_patients),
        only_preferred=not _is_priced(costs.preferences),
    )
    return Case(
        name=name,
        family="uhhc",
        objective="uhhc",
        problem=problem_of(day, travel, per_minute, terms),
        params=_params(costs, per_minute),
        travel=travel_of(day, travel, per_minute),
        per_minute=per_minute,
    )


def as_published(document: Document, day: PublishedDay) -> PublishedDay:
    """The day with the windows of patients and lunches as the file means them; the import has them for starting."""
    windows = {row: _windows(document, row, it) for row, it in document.each("patients", _Patient)}
    patients: list[Patient] = [replace(it, windows=windows.get(it.row, it.windows)) for it in day.patients]
    carers = day.carers if _holds_service(document) else [_started_by(it) for it in day.carers]
    return replace(day, patients=patients, carers=carers)


def _holds_service(document: Document) -> bool:
    """Whether windows are for the whole service, not for its start."""
    return (document.one("metadata", _Metadata) or _Metadata()).met == "at_service_end"


def _started_by(carer: Carer) -> Carer:
    """A carer whose lunch is to start within its window, as ours is to end within it."""
    if carer.lunch is None:
        return carer
    minutes, (opens, closes) = carer.lunch
    return replace(carer, lunch=(minutes, (opens, closes + minutes)))


def _windows(document: Document, row: int, patient: _Patient) -> tuple[tuple[float, float], ...]:
    if patient.preferred == []:
        document.note(
            "nobody is preferred: then every visit costs as much", row=row, column="patients.preferred_caregivers"
        )
    return tuple((window.start, window.end) for window in patient.windows)


def _costs(document: Document, day: PublishedDay) -> _Costs:
    metadata = document.content.get("metadata")
    said = metadata.get("cost_components") if isinstance(metadata, dict) else None
    if not isinstance(said, dict):
        document.note("the weights of the cost are needed here", column="metadata.cost_components")
        return _Costs()
    costs = Document(document.file, {"metadata.cost_components": said}, document.mistakes).one(
        "metadata.cost_components", _Costs
    )
    for item, weight in said.items():
        column = f"metadata.cost_components.{item}"
        if weight == "HARD" and item not in MAY_BE_HARD:
            document.note("this item cannot be HARD here", column=column)
        elif weight not in (None, 0, "HARD") and item in NOT_COUNTED:
            document.note("plans are not made for a weight of this item", column=column)
    if said.get("max_idle_time") and not all(it.shift for it in day.carers):
        document.note("idle time has a weight, and not every carer has a shift", column="caregivers.working_shift")
    return costs or _Costs()


def _params(costs: _Costs, per_minute: int) -> Params:
    """Prices a unit of time are the file's weights; those for each time that something is so are for as many units."""
    shift_is_hard = "HARD" in (costs.working_time, costs.total_extra_time)
    missed = _number(costs.missed_lunch_break) if _is_priced(costs.missed_lunch_break) else None
    return replace(
        nothing_priced(per_minute),
        travel=_number(costs.travel_time),
        waiting=_number(costs.total_waiting_time),
        lateness=same(_number(costs.total_tardiness)),
        worst_lateness=_number(costs.highest_tardiness),
        overtime=_number(costs.total_extra_time),
        longest_overtime_s=0 if shift_is_hard else NO_END_MIN * per_minute,
        worst_idle=_number(costs.max_idle_time),
        not_preferred=_number(costs.preferences) * per_minute,
        deferred=_number(costs.optional_patients) * per_minute,
        missed_break=None if missed is None else missed * per_minute,
        delays_starts=True,
    )


NO_END_MIN = 7 * 24 * 60
"""How much longer than the shift a carer may work where nothing bounds it: beyond any plan worth its tardiness."""


def _is_priced(weight: Weight) -> bool:
    return weight is not None and weight != "HARD"


def _number(weight: Weight) -> float:
    return 0.0 if weight is None or isinstance(weight, str) else float(weight)
