"""Days with the objective of Mankowska et al. (2014, doi:10.1007/s10729-013-9243-1): the mean of the minutes on the road, all
tardiness, and the largest.

Tardiness is that of starts after their windows; nobody minds when carers are back (the authors' validator counts that only
where it is asked to, and their published bests are without).
"""

from __future__ import annotations

from dataclasses import replace

from db.files.published_day import PublishedDay
from dutyboard.published.case import Case, Family
from dutyboard.published.home_care import Matrix, Terms, nothing_priced, problem_of, same, travel_of, units_of


def case_of(name: str, day: PublishedDay, travel: Matrix, family: Family) -> Case:
    """The case of a day of minutes: three items of the same weight."""
    per_minute = units_of(day, travel)
    return Case(
        name=name,
        family=family,
        objective="mankowska",
        problem=problem_of(day, travel, per_minute, Terms()),
        params=replace(nothing_priced(per_minute), travel=1.0, lateness=same(1.0), worst_lateness=1.0),
        travel=travel_of(day, travel, per_minute),
        per_minute=per_minute,
        divisor=3,
    )
