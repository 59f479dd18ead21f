"""A child process ends when its parent does, whatever way the parent goes.

The parent holds the writing end of the child's standard input and writes nothing. When the parent ends, even by `kill -9`,
the system closes the pipe; the child then asks itself to stop, and is gone after `GRACE_S` at the latest.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from threading import Thread

GRACE_S = 10.0


def follow_parent() -> None:
    """Watch standard input from now on; end when it closes."""
    Thread(target=_wait_for_the_end, daemon=True, name="lifeline").start()


def _wait_for_the_end() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)
