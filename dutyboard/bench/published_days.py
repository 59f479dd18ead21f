"""Lines a, b and c of the solver's benchmark: published cases, each solved for its publisher's objective on one thread.

Every plan is checked apart from what made it, and its cost is the checker's; a plan that breaks a rule has none. Budgets are wall
clock, each a run of its own; start reading with `city_days`, `shift_days` and `routes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from domain.round import Plan
from dutyboard.bench.baselines import Find, NotInstalled, or_tools, pyvrp
from dutyboard.published.case import Case
from dutyboard.published.reading import read
from dutyboard.published.routes import cost_of_sol, plan_of
from solver.check import check
from solver.plan import plan
from solver.stop import Iterations, Seconds

OURS = "Dutyboard"
PUBLISHED_MEANS = {
    "i-054": 69_904.4,
    "i-083": 15_828.3,
    "i-116": 18_303.5,
    "i-185": 26_839.8,
    "i-247": 21_383.0,
    "i-369": 26_947.4,
}
"""The mean of ten runs of the authors' simulated annealing (Ceschia et al. 2026, doi:10.1111/itor.70140; SA_log.csv of
iolab-uniud/uhhc)."""

Engine = Callable[[Case, float, int], Plan | None]
"""The best plan of a case after so many seconds, by a seed; None where none was found."""


@dataclass(frozen=True, slots=True)
class Row:
    """What an engine reached on a case; `cost` is None where it has no plan that keeps every rule, and `note` says why."""

    line: str
    instance: str
    engine: str
    budget_s: float
    took_s: float
    cost: float | None
    best: float | None
    note: str = ""

    @property
    def gap_pct(self) -> float | None:
        """How much dearer than the best known it is, in percent; below zero: cheaper."""
        return None if self.cost is None or not self.best else 100 * (self.cost - self.best) / self.best


def city_days(folder: Path, budgets: Sequence[float], seed: int, only: str | None = None) -> Iterator[Row]:
    """Line a: the days of real cities and Mankowska's, next to the best published. `only` is part of a file's name."""
    best = best_known(folder / "days" / "BEST.md")
    for file in _files(folder, "days/mankowska/*.json", "days/real_cities/*.json", only=only):
        yield from _rows("a", file, best.get(file.name), {OURS: ours}, budgets, seed)


def shift_days(folder: Path, budgets: Sequence[float], seed: int, only: str | None = None) -> Iterator[Row]:
    """Line b: days with shifts, lunches and all nine items of cost, next to the mean of the published runs."""
    for file in _files(folder, "days/uhhc/*.json", only=only):
        yield from _rows("b", file, PUBLISHED_MEANS.get(file.stem), {OURS: ours}, budgets, seed)


def routes(folder: Path, budgets: Sequence[float], seed: int, only: str | None = None) -> Iterator[Row]:
    """Line c: vehicle routing with hard windows, next to other solvers and the best known."""
    engines = {
        OURS: ours,
        pyvrp.NAME: _baseline(pyvrp.NAME, pyvrp.routes),
        or_tools.GUIDED: _baseline(or_tools.GUIDED, or_tools.guided),
        or_tools.ITERATED: _baseline(or_tools.ITERATED, or_tools.iterated),
    }
    for file in _files(folder, "vrptw/*.txt", only=only):
        sol = file.with_suffix(".sol")
        best = cost_of_sol(sol.read_text()) if sol.exists() else None
        yield from _rows("c", file, best, engines, budgets, seed)


def best_known(table: Path) -> dict[str, float]:
    """The total costs in a table of published bests, by file."""
    rows = re.findall(r"^\|\s*(\S+\.json)\s*\|.*?([\d.]+)\s*\|\s*$", table.read_text(), re.MULTILINE)
    return {file: float(cost) for file, cost in rows}


def ours(case: Case, seconds: float, seed: int) -> Plan:
    """What `solver.plan` finds on one thread."""
    return plan(case.problem, case.travel, case.params, seed=seed, stop=Seconds(seconds), threads=1)


def _baseline(name: str, find: Find) -> Engine:
    def engine(case: Case, seconds: float, seed: int) -> Plan | None:
        found = find(case, seconds, seed)
        return None if found is None else plan_of(case, found, name)

    return engine


def _files(folder: Path, *patterns: str, only: str | None) -> list[Path]:
    found = (file for pattern in patterns for file in sorted(folder.glob(pattern)))
    return [file for file in found if only is None or only in file.name]


def _rows(
    line: str, file: Path, best: float | None, engines: dict[str, Engine], budgets: Sequence[float], seed: int
) -> Iterator[Row]:
    case = read(file)
    _warm_up(case, seed)
    for budget_s in budgets:
        for name, engine in engines.items():
            began = perf_counter()
            try:
                found = engine(case, budget_s, seed)
            except NotInstalled:
                yield Row(line, case.name, name, budget_s, 0.0, None, best, "not installed")
                continue
            took_s = perf_counter() - began
            cost, note = _judged(case, found)
            yield Row(line, case.name, name, budget_s, took_s, cost, best, note)


def _warm_up(case: Case, seed: int) -> None:
    """Have the compiled loops in this process, which no case shall pay for."""
    plan(case.problem, case.travel, case.params, seed=seed, stop=Iterations(1))


def _judged(case: Case, found: Plan | None) -> tuple[float | None, str]:
    """The cost of a plan by the checker, and what is to be said of it."""
    if found is None:
        return None, "no plan in time"
    verdict = check(case.problem, found, case.travel, case.params)
    if verdict.broken:
        return None, f"breaks {len(verdict.broken)} rules, the first: {verdict.broken[0].says}"
    missing = {it.visit_id for it in found.unplaced} & {it.visit_id for it in case.problem.visits if not it.optional}
    return case.cost(verdict.cost.total), f"leaves {len(missing)} out that must be seen" if missing else ""
