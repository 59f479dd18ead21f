"""A vehicle routing case as the plain numbers that other solvers take: node 0 is the depot, the visits follow in order."""

from __future__ import annotations

from dataclasses import dataclass

from dutyboard.published.case import Case


@dataclass(frozen=True, slots=True)
class RoutingArrays:
    """`durations` does not hold the service; all in the units of the case."""

    refs: list[str]
    durations: list[list[int]]
    windows: list[tuple[int, int]]
    services: list[int]
    demands: list[int]
    vehicles: int
    capacity: int

    def routes(self, nodes: list[list[int]]) -> list[list[str]]:
        """Routes of nodes as routes of visits, without the depot and without empty ones."""
        return [[self.refs[node] for node in route if node] for route in nodes if any(route)]


def arrays_of(case: Case) -> RoutingArrays:
    """The numbers of a case with one kind of vehicle, one depot, and a part and a window a visit."""
    vehicle, visits = case.problem.nurses[0], case.problem.visits
    points = [vehicle.start, *(visit.point for visit in visits)]
    return RoutingArrays(
        refs=["", *(visit.visit_id for visit in visits)],
        durations=case.travel.table(points, vehicle.transport).seconds.tolist(),
        windows=[vehicle.shift, *(visit.windows[0] for visit in visits)],
        services=[0, *(visit.needs[0].duration_s for visit in visits)],
        demands=[0, *(visit.size for visit in visits)],
        vehicles=len(case.problem.nurses),
        capacity=vehicle.capacity or 0,
    )
