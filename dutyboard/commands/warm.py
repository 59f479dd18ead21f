"""`dutyboard warm`: the solver made ready before anybody waits for it."""

from __future__ import annotations

from time import perf_counter

import click

from solver.warm import warm


@click.command()
def command() -> None:
    """Compile the solver's loops, once on this machine; the first plan then comes at once.

    They are kept in the user's cache until another version of Dutyboard or numba is installed.
    """
    since = perf_counter()
    warm(lambda what: click.echo(f"Preparing the solver: {what} …", err=True))
    click.echo(f"The solver is ready after {perf_counter() - since:.0f} s.")
