"""The options of commands that search for rounds."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from dutyboard.planning.filling import Effort

Command = Callable[..., Any]
_OPTIONS = (
    click.option("--seconds", type=click.FloatRange(0, 3600, min_open=True), metavar="N", help="How long to search."),
    click.option(
        "--iterations", type=click.IntRange(0), metavar="N", help="End after so many turns: the same rounds every time."
    ),
    click.option("--seed", default=0, show_default=True, metavar="N", help="Where chance begins."),
    click.option(
        "--threads", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N", help="How many search."
    ),
)


def effort_options(usual_s: float) -> Callable[[Command], Command]:
    """Options that become the `effort` of a command; `usual_s` is searched for where neither end is given."""

    def with_effort(command: Command) -> Command:
        @wraps(command)
        def called(
            *args: Any, seconds: float | None, iterations: int | None, seed: int, threads: int, **more: Any
        ) -> Any:
            if seconds is None and iterations is None:
                seconds = usual_s
            effort = Effort(seconds=seconds, iterations=iterations, seed=seed, threads=threads)
            return command(*args, effort=effort, **more)

        for option in reversed(_OPTIONS):
            called = option(called)
        return called

    return with_effort
