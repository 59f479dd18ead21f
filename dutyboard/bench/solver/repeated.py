"""Line g: is the same asked twice answered the same, and how soon is a process that has just started ready?

Every run is a process of its own, so that neither what is in memory nor the order of Python's sets can help. The first of them
finds no compiled loops and has to compile them; the others find what it left.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

import msgspec

from dutyboard.bench.solver.fresh import Fresh
from dutyboard.bench.solver.scale import Progress, Scale

RUNS = 3
NO_LONGER_THAN_S = 600.0


@dataclass(frozen=True, slots=True)
class Repeated:
    """`identical` says whether all runs gave the same two plans to the second. In seconds, to load and to the first answers after
    that: `cold` with nothing compiled, `cached` the middle of the runs that found compiled loops; `ready` is those answers again.
    """

    size: str
    turns: int
    runs: int
    identical: bool
    plans: tuple[tuple[str, str], ...]
    cold_load_s: float | None
    cold_first_s: float | None
    cached_load_s: float
    cached_first_s: float
    ready_s: float


def repeated(scale: Scale, seed: int, progress: Progress) -> Repeated:
    """Start a process with nothing compiled, where the scale wants it, then three more."""
    with tempfile.TemporaryDirectory(prefix="dutyboard-loops-") as folder:
        place = {"NUMBA_CACHE_DIR": folder} if scale.cold else {}
        if scale.cold:
            progress("g  a process that finds no compiled loops")
        cold = _started(place, scale, seed) if scale.cold else None
        progress(f"g  {RUNS} processes that find them: {scale.turns:,} turns each on {scale.repeated}")
        warm = [_started(place, scale, seed) for _ in range(RUNS)]
    plans = tuple((run.planned, run.replanned) for run in ([cold] if cold else []) + warm)
    return Repeated(
        size=str(scale.repeated),
        turns=scale.turns,
        runs=len(plans),
        identical=len(set(plans)) == 1,
        plans=plans,
        cold_load_s=cold.load_s if cold else None,
        cold_first_s=cold.first_s if cold else None,
        cached_load_s=median(run.load_s for run in warm),
        cached_first_s=median(run.first_s for run in warm),
        ready_s=median(run.again_s for run in warm),
    )


def _started(more: Mapping[str, str], scale: Scale, seed: int) -> Fresh:
    asked = map(str, (scale.repeated.nurses, scale.repeated.visits, seed, scale.turns))
    done = subprocess.run(
        # `env` adds to the environment that it is given; ours is not for us to read.
        [
            "env",
            *(f"{name}={value}" for name, value in more.items()),
            sys.executable,
            "-m",
            "dutyboard.bench.solver.fresh",
            *asked,
        ],
        check=True,
        stdout=subprocess.PIPE,
        timeout=NO_LONGER_THAN_S,
    )
    return msgspec.json.decode(done.stdout, type=Fresh)
