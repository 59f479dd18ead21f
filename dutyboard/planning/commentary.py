"""How a search goes, told while it runs: one line for the first answer and for better ones, on standard error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic

import click

from domain.day import DaySheet
from domain.round import Plan
from dutyboard.planning.figures import lateness_s
from solver.params import HUNDREDTHS
from solver.problem import problem_of

EVERY_S = 1.0
"""Better answers come by the hundred; one line a second is read."""


class Commentary:
    """Told of better answers, it says how many parts are late or left out and what all costs; `last` says the last one."""

    def __init__(
        self, sheet: DaySheet, say: Callable[[str], None] | None = None, timer: Callable[[], float] = monotonic
    ) -> None:
        self._problem, self._say, self._timer = problem_of(sheet), say or _on_stderr, timer
        self._began_s, self._said_s = timer(), float("-inf")
        self._untold: tuple[float, Plan, int] | None = None

    def begins(self, loops: Path) -> None:
        """Say what is searched for, and that the first search on this machine takes longer, where nothing is in the folder of
        compiled loops."""
        visits, nurses = len(self._problem.visits), len(self._problem.nurses)
        self._say(f"Searching for the rounds of {visits} visits by {nurses} nurses …")
        if not any(loops.glob("**/*.nbi")):
            self._say(
                "Preparing the solver, once on this machine: its loops are compiled, which takes a minute or two …"
            )

    def better(self, plan: Plan, cost: int) -> None:
        """Take a better answer in; it is said if nothing was said lately."""
        now_s = self._timer()
        self._untold = (now_s - self._began_s, plan, cost)
        if now_s - self._said_s >= EVERY_S:
            self.last()
            self._said_s = now_s

    def last(self) -> None:
        """Say the best answer, if it has not been said."""
        if self._untold is not None:
            took_s, plan, cost = self._untold
            late, hours = len(lateness_s(self._problem, plan)), cost / HUNDREDTHS / 3600
            self._say(f"{took_s:6.1f} s  {late} late, {len(plan.unplaced)} left out, cost {hours:.2f} h of driving")
            self._untold = None


def _on_stderr(line: str) -> None:
    click.echo(line, err=True)
