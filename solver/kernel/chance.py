"""Chance from a seed: xorshift64* (Vigna 2016, doi:10.1145/2845077), a state of its own for every search."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.kernel.compiled import compiled_within


@compiled_within
def chance(random: NDArray[np.uint64]) -> float:
    """A number from 0 to 1, 1 excluded."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@compiled_within
def below(random: NDArray[np.uint64], count: int) -> int:
    """A whole number from 0 to `count`, `count` excluded."""
    return int(chance(random) * count)
