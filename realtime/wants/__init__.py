"""What is wanted of a day, changed while it is under way: who is away, which visits are added, cancelled, deferred or moved.

Promises: each change is one transaction of the state, the audit, the plan in force where that has to say so, and the fact
`DayChanged` with what another plan would be asked for. Nothing that has begun is taken away. Start reading: `changing.py`.
"""

from realtime.wants.absences import end_absence, note_absence
from realtime.wants.adding import NewPatient, WantedVisit, add_visit
from realtime.wants.visits import cancel_visit, defer_visit, move_visit, restore_visit

__all__ = [
    "NewPatient",
    "WantedVisit",
    "add_visit",
    "cancel_visit",
    "defer_visit",
    "end_absence",
    "move_visit",
    "note_absence",
    "restore_visit",
]
