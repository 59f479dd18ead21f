"""The lines of the benchmark, each by its letter: what it measures, and how to run it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numba
import numpy

from dutyboard.bench import published_days
from dutyboard.bench.solver.fixed_runs import warm_up
from dutyboard.bench.solver.live import Repair, live
from dutyboard.bench.solver.quality import Quality, quality
from dutyboard.bench.solver.repeated import Repeated, repeated
from dutyboard.bench.solver.scale import Progress, Scale
from dutyboard.bench.solver.who_fits import Fits, who_fits

PUBLISHED = "abc"
MADE_UP = "defg"
LETTERS = PUBLISHED + MADE_UP


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """What it ran on. `load` is the machine's mean number of busy processes in the minute before: near 0 where it was idle."""

    processors: int | None
    system: str
    python: str
    numpy: str
    numba: str
    load: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The lines that were asked for; the others are None. `began` and `ended` are UTC."""

    scale: Scale
    seed: int
    began: datetime
    ended: datetime
    before: Machine
    after: Machine
    a: list[published_days.Row] | None = None
    b: list[published_days.Row] | None = None
    c: list[published_days.Row] | None = None
    d: Quality | None = None
    e: list[Repair] | None = None
    f: list[Fits] | None = None
    g: Repeated | None = None


def measured(letters: Iterable[str], scale: Scale, seed: int, folder: Path | None, progress: Progress) -> Report:
    """Run lines one after another; `folder` has the published days that a, b and c need."""
    began, before = datetime.now(UTC), machine()
    warm_up()
    found: dict[str, Any] = {letter: _run(letter, scale, seed, folder, progress) for letter in sorted(set(letters))}
    return Report(scale=scale, seed=seed, began=began, ended=datetime.now(UTC), before=before, after=machine(), **found)


def machine() -> Machine:
    """This machine as it is now."""
    return Machine(
        processors=os.cpu_count(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        numpy=numpy.__version__,
        numba=numba.__version__,
        load=os.getloadavg()[0],
    )


def _run(letter: str, scale: Scale, seed: int, folder: Path | None, progress: Progress) -> Any:
    if letter in PUBLISHED:
        if folder is None:
            raise ValueError(f"line {letter} needs the published days")
        return _published(letter, scale, seed, folder, progress)
    return {"d": quality, "e": live, "f": who_fits, "g": repeated}[letter](scale, seed, progress)


def _published(letter: str, scale: Scale, seed: int, folder: Path, progress: Progress) -> list[published_days.Row]:
    measures = {"a": published_days.city_days, "b": published_days.shift_days, "c": published_days.routes}
    budgets = scale.shift_days_s if letter == "b" else scale.published_s
    rows = []
    for row in measures[letter](folder, budgets, seed):
        progress(f"{letter}  {row.instance}  {row.engine}  {row.budget_s:g} s")
        rows.append(row)
    return rows
