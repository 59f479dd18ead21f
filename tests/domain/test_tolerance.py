"""How far from its window a visit may be: two services on one visit, and the tighter wins."""

from __future__ import annotations

from domain.tolerance import USUAL, Tolerance, tightest


def test_of_two_services_the_tighter_of_each_holds() -> None:
    insulin = Tolerance(early_s=600, late_s=300, overrun_s=900, spread=0.2, time_critical=True)
    wound_care = Tolerance(early_s=1800, late_s=1800, overrun_s=600, spread=0.35)
    assert tightest([insulin, wound_care]) == Tolerance(
        early_s=600, late_s=300, overrun_s=600, spread=0.35, time_critical=True
    )


def test_where_nothing_is_said_the_usual_holds() -> None:
    assert tightest([]) == USUAL
    assert tightest(iter([Tolerance(late_s=60)])).late_s == 60
