"""What a process that has just started does first: `python -m dutyboard.bench.solver.fresh NURSES VISITS SEED TURNS`.

It loads the solver, has its first answer, plans a day and mends it with a fixed number of turns, and tells as JSON how long the
first two took and what the plans were.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from hashlib import blake2b
from time import perf_counter

import msgspec


@dataclass(frozen=True, slots=True)
class Fresh:
    """Seconds to load the solver, to the first answer after that, and to the same answer once more; digests of the plans."""

    load_s: float
    first_s: float
    again_s: float
    planned: str
    replanned: str


def first_steps(nurses: int, visits: int, seed: int, turns: int) -> Fresh:
    """Load the solver and use it; only a process that has not done so tells anything about loading."""
    began = perf_counter()
    # Loading is part of what is measured, so it is not done before.
    from dutyboard.bench.solver.fixed_runs import fixed_runs, warm_up
    from dutyboard.bench.solver.generated_days import Size

    loaded = perf_counter()
    warm_up()
    answered = perf_counter()
    warm_up()
    again = perf_counter()
    planned, replanned = fixed_runs(Size(nurses, visits), seed, turns)
    return Fresh(
        load_s=loaded - began,
        first_s=answered - loaded,
        again_s=again - answered,
        planned=_digest(planned),
        replanned=_digest(replanned),
    )


def _digest(plan: object) -> str:
    """The whole plan, to the second, in a few letters."""
    return blake2b(msgspec.json.encode(plan), digest_size=8).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(first_steps(*map(int, sys.argv[1:5]))).decode())
