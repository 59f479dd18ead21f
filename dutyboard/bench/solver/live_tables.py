"""Line e as tables: how near, how soon and how disruptive each answer is, and what the variants of the prices make of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from dutyboard.bench.solver.live import LONG, OURS, VARIANTS, Repair
from dutyboard.bench.solver.markdown import Cells, markdown
from dutyboard.bench.solver.spread import mean, quantile

Cases = Sequence[Repair]
Columns = dict[str, Callable[[Cases], object]]
ALL = "all of these"


def live_tables(repairs: Cases) -> Iterator[str]:
    """How near, how soon, how disruptive; then the prices next to their variants."""
    plain = [it for it in repairs if it.engine not in (LONG, *VARIANTS)]
    yield "**e** days under way, planned anew; times from the facts to the checked answer\n\n" + _table(plain, NEAR)
    yield "What is moved, a case on average\n\n" + _table(plain, MOVED)
    priced = [it for it in repairs if it.engine in (OURS, *VARIANTS)]
    yield "The prices and their variants\n\n" + _table(priced, ITEMS)


NEAR: Columns = {
    "cases": len,
    "mean gap %": lambda cases: mean(_gaps(cases)),
    "p95 gap %": lambda cases: quantile(_gaps(cases), 0.95),
    "p50 ms": lambda cases: quantile((it.to_checked_ms for it in cases), 0.5),
    "p95 ms": lambda cases: quantile((it.to_checked_ms for it in cases), 0.95),
    "rules broken": lambda cases: sum(len(it.broken) for it in cases),
    "must-do left out": lambda cases: sum(it.must_left_out for it in cases),
}
MOVED: Columns = {
    "nurse changes": lambda cases: mean(it.disruption.nurse_changes for it in cases),
    "at most beyond the absent's": lambda cases: max(
        it.disruption.nurse_changes - it.disruption.of_absent for it in cases
    ),
    "promises moved %": lambda cases: _of_promises(cases, sum(it.disruption.moved for it in cases)),
    "promises broken %": lambda cases: _of_promises(cases, sum(it.disruption.broken for it in cases)),
    "frozen moved": lambda cases: sum(it.disruption.frozen_moved for it in cases),
}
ITEMS: Columns = {
    **MOVED,
    "travel min": lambda cases: mean(it.travel_min for it in cases),
    "late min": lambda cases: mean(it.late_min for it in cases),
    "mean gap %": lambda cases: mean(_gaps(cases)),
}


def _table(repairs: Cases, columns: Columns) -> str:
    return markdown(["day", "what happened", "who", *columns], _rows(repairs, columns))


def _rows(repairs: Cases, columns: Columns) -> Iterator[Cells]:
    """A row for each answer to each kind of disturbance of a day, and one over all kinds."""
    for size in _each(it.size for it in repairs):
        for kind in (*_each(it.kind for it in repairs), ALL):
            of_kind = [it for it in repairs if it.size == size and kind in (it.kind, ALL)]
            for who in _each(map(_who, of_kind)):
                cases = [it for it in of_kind if _who(it) == who]
                yield [size, kind, who, *(column(cases) for column in columns.values())]


def _each(names: Iterable[str]) -> list[str]:
    """Each name once, in the order in which they come."""
    return list(dict.fromkeys(names))


def _who(it: Repair) -> str:
    return f"{it.engine}, {it.budget_s:g} s" if it.budget_s else it.engine


def _gaps(cases: Cases) -> list[float]:
    return [it.gap_pct for it in cases if it.gap_pct is not None]


def _of_promises(cases: Cases, count: int) -> float | None:
    promises = sum(it.disruption.promises for it in cases)
    return 100 * count / promises if promises else None
