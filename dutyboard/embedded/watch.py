"""Sends a server its signal when our parent ends, where the system does not do that itself. Run as a script.

    watch.py PID SIGNAL

Standard input is a pipe that only the parent holds open, so its end is the parent's, however that came.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def main(pid: int, number: int) -> None:
    sys.stdin.buffer.read()
    with suppress(ProcessLookupError):
        os.kill(pid, number)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
