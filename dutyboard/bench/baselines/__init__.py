"""Other solvers on vehicle routing cases, for the benchmark only: each on one thread, with the best settings known for it.

Their answers are routes; times and cost are worked out and checked by us, as for a plan of ours. They are imported when they are
asked for, and one that is not installed says so.
"""

from __future__ import annotations

from collections.abc import Callable

from dutyboard.published.case import Case

Find = Callable[[Case, float, int], list[list[str]] | None]
"""The best routes of a case after so many seconds, by a seed: the visits of each in order; None where none keeps every rule."""


class NotInstalled(Exception):
    """A solver that this machine does not have."""
