"""How much is measured: everything, for figures; or a little of everything, to see that it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dutyboard.bench.solver.generated_days import Size

Progress = Callable[[str], None]
"""Is told what is being measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Sizes, budgets in seconds of wall clock, and how often."""

    name: str
    published_s: tuple[float, ...]
    """Budgets for published cases."""
    shift_days_s: tuple[float, ...]
    """Budgets for published days with shifts."""
    sizes: tuple[Size, ...]
    """Days planned from nothing."""
    moments_s: tuple[float, ...]
    """When the best answer so far is looked at, and budgets of runs of their own."""
    long_s: float
    """The run that those are compared with."""
    live_sizes: tuple[Size, ...]
    """Days planned anew while under way; the last one is also asked who fits."""
    publish_s: float
    """How long the plan in force was worked on."""
    cases: int
    """Random disturbances of each kind."""
    budgets_s: tuple[float, ...]
    """Budgets for planning anew."""
    reference_s: float
    """The long run that those are compared with; so many of them, each from a seed of its own:"""
    references: int
    variant_s: float
    """Budget for each variant of the prices."""
    scratch_s: float
    """Budget for planning the rest of the day from nothing."""
    scratch_cases: int
    """In how many cases of each kind that is done."""
    fits: int
    """How often it is asked who fits, of visits that are in no round and of visits that are in one."""
    repeated: Size
    """The day on which runs are repeated."""
    turns: int
    """The iterations of a run that is repeated."""
    cold: bool
    """Whether loops are compiled anew to see how long it takes."""


FULL = Scale(
    name="full",
    published_s=(1.0, 5.0, 20.0),
    shift_days_s=(30.0,),
    sizes=(Size(20, 180), Size(60, 550), Size(100, 1000), Size(150, 1500)),
    moments_s=(0.1, 0.3, 1.0, 5.0, 20.0),
    long_s=60.0,
    live_sizes=(Size(60, 600), Size(100, 1000)),
    publish_s=20.0,
    cases=24,
    budgets_s=(0.1, 0.3, 1.0),
    reference_s=10.0,
    references=2,
    variant_s=0.3,
    scratch_s=5.0,
    scratch_cases=6,
    fits=250,
    repeated=Size(60, 550),
    turns=5000,
    cold=True,
)
MIDDLE = replace(
    FULL,
    name="middle",
    moments_s=(0.3, 1.0, 5.0),
    long_s=30.0,
    sizes=FULL.sizes[:3],
    cases=4,
    reference_s=5.0,
    references=1,
    scratch_cases=1,
    scratch_s=2.0,
    fits=150,
)
QUICK = Scale(
    name="quick",
    published_s=(0.2,),
    shift_days_s=(0.2,),
    sizes=(Size(10, 80), Size(20, 160)),
    moments_s=(0.1, 0.3),
    long_s=1.0,
    live_sizes=(Size(10, 80),),
    publish_s=0.5,
    cases=1,
    budgets_s=(0.1, 0.3),
    reference_s=0.4,
    references=1,
    variant_s=0.1,
    scratch_s=0.3,
    scratch_cases=1,
    fits=20,
    repeated=Size(10, 80),
    turns=200,
    cold=False,
)
SCALES = {scale.name: scale for scale in (QUICK, MIDDLE, FULL)}
