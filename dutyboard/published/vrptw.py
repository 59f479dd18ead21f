"""Vehicle routing with hard time windows, in Solomon's text format (1987, doi:10.1287/opre.35.2.254).

Distances are Euclidean, cut to one decimal, and the cost is their sum: the convention of the DIMACS challenge (2021) that best
known costs follow. How many vehicles leave costs nothing. A unit of the problem's time is a tenth of the file's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import dist, floor
from typing import NamedTuple
from zoneinfo import ZoneInfo

from db.files.mistakes import Mistakes
from domain.day import Need
from domain.geo import Place
from dutyboard.published.case import DAY, TEAM, Case
from dutyboard.published.given_travel import GivenTravel
from dutyboard.published.home_care import nothing_priced
from dutyboard.published.units import units_for
from solver.problem import Nurse, Problem, Visit
from solver.travel import Point

TENTHS = 10
DEPOT = "0"
SERVICE = "delivery"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class _Fleet(NamedTuple):
    vehicles: int
    capacity: int


class _Customer(NamedTuple):
    """A line of the table; the first is the depot, whose window is that of the day."""

    row: int
    number: float
    x: float
    y: float
    demand: float
    ready: float
    due: float
    service: float

    @property
    def ref(self) -> str:
        return str(int(self.number))


def looks_like(raw: bytes) -> bool:
    """Whether a file has the two headings of this format."""
    text = raw.upper()
    return b"VEHICLE" in text and b"CUSTOMER" in text


def read(file: str, raw: bytes, mistakes: Mistakes) -> Case:
    """The case in such a file. Raises BadFile with each line that is not as it should be."""
    lines = list(enumerate(raw.decode(errors="replace").splitlines(), start=1))
    heading = next(row for row, line in lines if "CUSTOMER" in line.upper())
    fleet = _fleet(file, [it for it in lines if it[0] < heading], mistakes)
    customers = list(_customers(file, [it for it in lines if it[0] > heading], mistakes))
    _judge(file, customers, mistakes)
    mistakes.refuse_if_any()
    assert fleet is not None
    return Case(
        name=file,
        family="vrptw",
        objective="vrptw",
        problem=_problem(fleet, customers),
        params=replace(nothing_priced(TENTHS), travel=1.0),
        travel=_travel(customers),
        per_minute=TENTHS,
    )


def _fleet(file: str, lines: Sequence[tuple[int, str]], mistakes: Mistakes) -> _Fleet | None:
    rows = [_numbers(line) for _, line in lines]
    found = [row for row in rows if row is not None and len(row) == 2]
    if len(found) != 1 or min(found[0]) < 1 or not all(it.is_integer() for it in found[0]):
        mistakes.note(file, "a line with how many vehicles and their capacity is needed", column="VEHICLE")
        return None
    return _Fleet(*map(int, found[0]))


def _customers(file: str, lines: Sequence[tuple[int, str]], mistakes: Mistakes) -> Iterator[_Customer]:
    for row, line in lines:
        numbers = _numbers(line)
        if numbers is not None and len(numbers) == len(_Customer._fields) - 1:
            yield _Customer(row, *numbers)
        elif any(character.isdigit() for character in line):
            mistakes.note(file, "seven numbers are needed in a customer's line", row=row, column="CUSTOMER")


def _numbers(line: str) -> list[float] | None:
    """The numbers of a line; None where it has none, or anything else."""
    cells = line.split()
    return [float(cell) for cell in cells] if cells and all(NUMBER.fullmatch(cell) for cell in cells) else None


def _judge(file: str, customers: Sequence[_Customer], mistakes: Mistakes) -> None:
    if len(customers) < 2:
        mistakes.note(file, "a depot and at least one customer are needed", column="CUSTOMER")
    elif units_for([it for customer in customers for it in (customer.ready, customer.due, customer.service)]) != 1:
        mistakes.note(file, "times are whole numbers in this format", column="CUSTOMER")
    seen = set[str]()
    for customer in customers:
        if customer.ref in seen:
            mistakes.note(file, f"customer {customer.ref} is there twice", row=customer.row, column="CUST NO.")
        if customer.due < customer.ready:
            mistakes.note(file, "the window closes before it opens", row=customer.row, column="DUE DATE")
        if customer.demand < 0 or not customer.demand.is_integer():
            mistakes.note(file, "a demand is a whole number", row=customer.row, column="DEMAND")
        if customer.service < 0:
            mistakes.note(file, "a service takes no less than no time", row=customer.row, column="SERVICE TIME")
        seen.add(customer.ref)


def _problem(fleet: _Fleet, customers: Sequence[_Customer]) -> Problem:
    depot, *others = customers
    home = _point(depot)
    day = (int(depot.ready) * TENTHS, int(depot.due) * TENTHS)
    return Problem(
        team_id=TEAM,
        day=DAY,
        zone=ZoneInfo("UTC"),
        nurses=tuple(
            Nurse(
                nurse_id=f"v{number}",
                name=f"v{number}",
                skills=frozenset({SERVICE}),
                transport="car",
                shift=day,
                start=home,
                end=home,
                break_s=0,
                break_window=day,
                capacity=fleet.capacity,
            )
            for number in range(1, fleet.vehicles + 1)
        ),
        visits=tuple(_visit(customer) for customer in others),
    )


def _visit(customer: _Customer) -> Visit:
    return Visit(
        visit_id=customer.ref,
        point=_point(customer),
        windows=((int(customer.ready) * TENTHS, int(customer.due) * TENTHS),),
        needs=(Need(service=SERVICE, duration_s=int(customer.service) * TENTHS),),
        gap=None,
        priority="routine",
        optional=False,
        size=int(customer.demand),
        hard=True,
    )


def _point(customer: _Customer) -> Point:
    return Point(customer.ref, Place(lat=customer.y, lon=customer.x))


def _travel(customers: Sequence[_Customer]) -> GivenTravel:
    places = [(it.x, it.y) for it in customers]
    rows = [[floor(TENTHS * dist(here, there) + 1e-9) for there in places] for here in places]
    return GivenTravel(rows, {it.ref: index for index, it in enumerate(customers)})
