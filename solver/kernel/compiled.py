"""How the inner loops are compiled: once per machine, kept in the user's cache, thrown away when their source changes.

numba looks at the file of one function only when it decides whether a kept one still fits, not at what that function calls. So
the cache is named after the text of all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from getpass import getuser
from hashlib import blake2b
from pathlib import Path
from tempfile import gettempdir
from typing import Any, TypeVar, cast

import numba
from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])
config: Any = numba.config
HERE = Path(__file__).parent
LOOPS = (HERE, HERE.parent / "explain")
"""Where compiled loops are written."""


def _digest() -> str:
    seen = blake2b(numba.__version__.encode(), digest_size=8)
    for source in (source for package in LOOPS for source in sorted(package.glob("*.py"))):
        seen.update(source.read_bytes())
    return seen.hexdigest()


def cache_folder() -> Path:
    """Where compiled loops are kept: where numba was told to (NUMBA_CACHE_DIR), or else in the user's cache, or, where there is
    no such place to write to, among the machine's temporary files."""
    if config.CACHE_DIR:
        return Path(config.CACHE_DIR)
    mine = f"solver-{_digest()}"
    try:
        folder = Path.home() / ".cache" / "dutyboard" / mine
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return Path(gettempdir()) / f"dutyboard-{getuser()}" / mine
    return folder


config.LOOP_VECTORIZE = 0
config.SLP_VECTORIZE = 0
config.CACHE_DIR = str(cache_folder())


def compiled(loop: Loop) -> Loop:
    """Compile a loop at its first call, or take it from the cache; it lets other threads run."""
    return _compiled(loop)


def compiled_bare(loop: Loop) -> Loop:
    """The same for a loop that makes no array of its own: it does not count who holds which array.

    Those counts are atomic, two a call and array, and took four fifths of the search's time; whoever calls the first of the loops
    holds all arrays till it ends.
    """
    return _compiled(loop, _nrt=False)


def compiled_within(loop: Loop) -> Loop:
    """The same for a step of a hot loop, compiled into it: a call would copy the description of every array it hands over."""
    return _compiled(loop, _nrt=False, forceinline=True)


def _compiled(loop: Loop, **flags: Any) -> Loop:
    return cast(Loop, njit(cache=True, nogil=True, error_model="numpy", **flags)(loop))
