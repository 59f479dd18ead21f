"""PyVRP (Wouda, Lan, Kool 2024, doi:10.1287/ijoc.2023.0055) with its own parameters; it searches on one thread."""

from __future__ import annotations

from importlib import import_module

from dutyboard.bench.baselines import NotInstalled
from dutyboard.bench.baselines.routing_arrays import arrays_of
from dutyboard.published.case import Case

NAME = "PyVRP"


def routes(case: Case, seconds: float, seed: int) -> list[list[str]] | None:
    """The best routes found in so many seconds; None where none of them keeps every rule. Raises NotInstalled."""
    try:
        pyvrp, stop = import_module("pyvrp"), import_module("pyvrp.stop")
    except ImportError as error:
        raise NotInstalled(NAME) from error
    day = arrays_of(case)
    model = pyvrp.Model()
    places = [model.add_location(x=0, y=0) for _ in day.refs]
    (opens, closes), *windows = day.windows
    depot = model.add_depot(places[0], tw_early=opens, tw_late=closes)
    model.add_vehicle_type(day.vehicles, day.capacity, depot, depot, tw_early=opens, tw_late=closes)
    for node, (early, late) in enumerate(windows, start=1):
        model.add_client(
            places[node],
            delivery=day.demands[node],
            service_duration=day.services[node],
            tw_early=early,
            tw_late=late,
        )
    for here, row in enumerate(day.durations):
        for there, duration in enumerate(row):
            model.add_edge(places[here], places[there], distance=duration, duration=duration)
    found = model.solve(stop.MaxRuntime(seconds), seed=seed, collect_stats=False, display=False)
    if not found.is_feasible():
        return None
    nodes = [[stop.idx + 1 for stop in route.schedule() if stop.is_client()] for route in found.best.routes()]
    return day.routes(nodes)
