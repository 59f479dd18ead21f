"""How much memory this process has had at the most."""

from __future__ import annotations

from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mb() -> float | None:
    """The most that this process has held in memory, in MB of a million bytes; None on systems that do not tell.

    What `getrusage` tells may be the peak of the process that started this one.
    """
    if not STATUS.exists():
        return None
    fields = dict(line.split(":", 1) for line in STATUS.read_text().splitlines() if ":" in line)
    return int(fields["VmHWM"].split()[0]) * 1024 / 1e6
