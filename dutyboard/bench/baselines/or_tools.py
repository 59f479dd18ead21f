"""OR-Tools' routing solver (https://developers.google.com/optimization/routing), one thread, with the two settings that did best
in trials on such cases: guided local search from a parallel cheapest insertion, and ruin and recreate by slack induction.

What mattered there: journeys as a matrix, not asked from Python; the operators that insert whole routes anew switched off, which
eat the time of small budgets. Iterated local search is ignored unless it is asked for by its own method.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from dutyboard.bench.baselines import NotInstalled
from dutyboard.bench.baselines.routing_arrays import RoutingArrays, arrays_of
from dutyboard.published.case import Case

GUIDED, ITERATED = "OR-Tools guided", "OR-Tools iterated"
SLOW_OPERATORS = (
    "use_global_cheapest_insertion_path_lns",
    "use_local_cheapest_insertion_path_lns",
    "use_relocate_path_global_cheapest_insertion_insert_unperformed",
)
REMOVED_AT_MOST, REMOVED_ON_AVERAGE, BYPASSED = 10, 10, 0.5
"""Slack induction by string removals as published (Christiaens, Vanden Berghe 2020, doi:10.1287/trsc.2019.0914)."""


def guided(case: Case, seconds: float, seed: int) -> list[list[str]] | None:
    """The best routes of guided local search; None where there were none in time. It takes no seed. Raises NotInstalled."""
    return _routes(case, seconds, iterated=False)


def iterated(case: Case, seconds: float, seed: int) -> list[list[str]] | None:
    """The best routes of ruin and recreate; None where there were none in time. It takes no seed. Raises NotInstalled."""
    return _routes(case, seconds, iterated=True)


def _routes(case: Case, seconds: float, *, iterated: bool) -> list[list[str]] | None:
    try:
        solver = import_module("ortools.constraint_solver.pywrapcp")
        enums = import_module("ortools.constraint_solver.routing_enums_pb2")
    except ImportError as error:
        raise NotInstalled("OR-Tools") from error
    day = arrays_of(case)
    manager = solver.RoutingIndexManager(len(day.refs), day.vehicles, 0)
    model = solver.RoutingModel(manager)
    _bind(model, manager, day)
    asked = _parameters(solver, enums, seconds, iterated=iterated)
    search = model.SolveWithIteratedLocalSearch if iterated else model.SolveWithParameters
    found = search(asked)
    return None if found is None else day.routes(list(_nodes(model, manager, found, day.vehicles)))


def _bind(model: Any, manager: Any, day: RoutingArrays) -> None:
    """Journeys as cost; time with services, within windows; loads within capacity."""
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(day.durations))
    takes = [[service + way for way in row] for service, row in zip(day.services, day.durations, strict=True)]
    opens, closes = day.windows[0]
    model.AddDimension(model.RegisterTransitMatrix(takes), closes, closes, False, "time")
    model.AddDimension(model.RegisterUnaryTransitVector(day.demands), 0, day.capacity, True, "load")
    time = model.GetDimensionOrDie("time")
    for node, (early, late) in enumerate(day.windows[1:], start=1):
        time.CumulVar(manager.NodeToIndex(node)).SetRange(early, late)
    for vehicle in range(day.vehicles):
        time.CumulVar(model.Start(vehicle)).SetRange(opens, closes)
        time.CumulVar(model.End(vehicle)).SetRange(opens, closes)


def _parameters(solver: Any, enums: Any, seconds: float, *, iterated: bool) -> Any:
    asked = solver.DefaultRoutingSearchParameters()
    asked.time_limit.FromMilliseconds(round(1000 * seconds))
    asked.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    for operator in SLOW_OPERATORS:
        setattr(asked.local_search_operators, operator, 2)
    if iterated:
        asked.use_iterated_local_search = True
        sisr = asked.iterated_local_search_parameters.ruin_recreate_parameters.ruin_strategies.add().sisr
        sisr.max_removed_sequence_size = REMOVED_AT_MOST
        sisr.avg_num_removed_visits = REMOVED_ON_AVERAGE
        sisr.bypass_factor = BYPASSED
    else:
        asked.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    return asked


def _nodes(model: Any, manager: Any, found: Any, vehicles: int) -> Any:
    for vehicle in range(vehicles):
        index, nodes = model.Start(vehicle), list[int]()
        while not model.IsEnd(index):
            nodes.append(manager.IndexToNode(index))
            index = found.Value(model.NextVar(index))
        yield nodes
