"""The report as Markdown: a heading and tables for each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from dutyboard.bench.published_days import Row
from dutyboard.bench.solver.judging import gap_pct
from dutyboard.bench.solver.lines import Machine, Report
from dutyboard.bench.solver.live_tables import live_tables
from dutyboard.bench.solver.markdown import Cells, markdown
from dutyboard.bench.solver.quality import WITHIN_PCT, Answer, Quality
from dutyboard.bench.solver.repeated import Repeated
from dutyboard.bench.solver.spread import mean
from dutyboard.bench.solver.who_fits import Fits


def tables(report: Report) -> str:
    """Everything that was measured, with its seed, budgets and machine."""
    return "\n\n".join(_parts(report))


def _parts(report: Report) -> Iterator[str]:
    yield (
        f"`dutyboard bench solver --scale {report.scale.name} --seed {report.seed}`, "
        f"{report.began:%Y-%m-%d %H:%M} to {report.ended:%H:%M} UTC. {_machine(report.before)}, load "
        f"{report.before.load:.1f} before and {report.after.load:.1f} after; one thread each."
    )
    for letter, title, rows in (
        ("a", "days of real cities and Mankowska's, gap to the best known in %", report.a),
        ("b", "days with shifts, gap to the published mean in %", report.b),
        ("c", "vehicle routing, gap to the best known in %", report.c),
    ):
        if rows is not None:
            yield f"**{letter}** {title}\n\n{_published(rows)}"
    if report.d is not None:
        yield from _quality(report.d)
    if report.e is not None:
        yield from live_tables(report.e)
    if report.f is not None:
        yield _fits(report.f)
    if report.g is not None:
        yield _repeated(report.g)


def _machine(it: Machine) -> str:
    return f"{it.processors} processors, {it.system}, Python {it.python}, NumPy {it.numpy}, Numba {it.numba}"


def _published(rows: Sequence[Row]) -> str:
    budgets = sorted({row.budget_s for row in rows})
    engines = list(dict.fromkeys(row.engine for row in rows))
    instances = list(dict.fromkeys(row.instance for row in rows))
    best = {row.instance: row.best or _cheapest(row.instance, rows) for row in rows}
    gaps = {
        (row.instance, row.engine, row.budget_s): None if row.cost is None else gap_pct(row.cost, best[row.instance])
        for row in rows
    }
    pairs = [(engine, budget) for engine in engines for budget in budgets]
    body: list[Cells] = [[name, *(gaps.get((name, *pair)) for pair in pairs)] for name in instances]
    known = {pair: [gap for name in instances if (gap := gaps.get((name, *pair))) is not None] for pair in pairs}
    body.append(["**mean**", *(mean(known[pair]) for pair in pairs)])
    body.append(["**worst**", *(max(known[pair], default=None) for pair in pairs)])
    notes = [
        f"- {name}: no best is known; gap to the cheapest here"
        for name in instances
        if not any(row.best for row in rows if row.instance == name)
    ]
    notes += [f"- {row.instance}, {row.engine}, {row.budget_s:g} s: {row.note}" for row in rows if row.note]
    table = markdown(["case", *(f"{engine} {budget:g} s" for engine, budget in pairs)], body)
    return "\n\n".join([table, *(["\n".join(notes)] if notes else [])])


def _cheapest(instance: str, rows: Sequence[Row]) -> float:
    return min((row.cost for row in rows if row.instance == instance and row.cost), default=0.0)


def _quality(found: Quality) -> Iterator[str]:
    times = sorted({it.after_s for it in found.answers if it.run == "own run"})
    rows = groupby(found.answers, key=lambda it: (it.size, it.run))
    yield "**d** English days planned from nothing, gap to the end of the long run in %\n\n" + markdown(
        ["day", "answers of", *(f"{time:g} s" for time in times), "rules broken", "must-do left out at the end"],
        (_over_time(*key, list(answers), times) for key, answers in rows),
    )
    yield markdown(
        [
            "day",
            "parts",
            "must-do that nobody may do",
            "first s",
            *(f"within {pct} % s" for pct in WITHIN_PCT),
            "loaded MB",
            "at most MB",
        ],
        [
            *(
                (it.size, it.parts, it.nobody_may, it.first_s, *it.within_s, it.loaded_mb, it.peak_mb)
                for it in found.efforts
            ),
            ("grows by the power", None, None, None, *found.grows, None, None),
        ],
    )


def _over_time(size: str, run: str, answers: Sequence[Answer], times: Sequence[float]) -> Cells:
    gaps = {it.after_s: it.gap_pct for it in answers}
    broken = sum(len(it.broken) for it in answers)
    return [size, run, *(gaps.get(time) for time in times), broken, answers[-1].must_left_out]


def _fits(found: Sequence[Fits]) -> str:
    return "**f** who fits\n\n" + markdown(
        ["day", "visits", "questions", "with an answer", "once for a plan ms", "p50 ms", "p99 ms"],
        ((it.size, it.asked, it.questions, it.answered, it.first_ms, it.p50_ms, it.p99_ms) for it in found),
    )


def _repeated(it: Repeated) -> str:
    same = "identical" if it.identical else "NOT identical"
    return (
        f"**g** {it.runs} processes, {it.turns:,} turns each on {it.size}, planned and planned anew: {same}\n\n"
        + markdown(
            ["a process that has just started", "loads s", "first answer s"],
            [
                ("compiled loops absent", it.cold_load_s, it.cold_first_s),
                ("compiled loops there", it.cached_load_s, it.cached_first_s),
                ("the same answer once more", None, it.ready_s),
            ],
        )
    )
