"""How far from the window a visit may be before somebody must know: by service, the tighter where a visit has two."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Tolerance(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds that a service may start before its window (`early_s`) or after it (`late_s`), and take longer than booked
    (`overrun_s`), before it counts. `spread` is how much the service varies: the standard deviation of the logarithm of how long
    it takes."""

    early_s: int = 900
    late_s: int = 900
    overrun_s: int = 900
    spread: float = 0.25
    time_critical: bool = False


USUAL = Tolerance()
"""What holds for a service of which nothing else is said."""


def tightest(tolerances: Iterable[Tolerance]) -> Tolerance:
    """The tighter of each, of all the services of a visit; the usual one where there is none."""
    of_all = list(tolerances) or [USUAL]
    return Tolerance(
        early_s=min(it.early_s for it in of_all),
        late_s=min(it.late_s for it in of_all),
        overrun_s=min(it.overrun_s for it in of_all),
        spread=max(it.spread for it in of_all),
        time_critical=any(it.time_critical for it in of_all),
    )
