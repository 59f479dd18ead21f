"""What happens when: the doors phones knock on, the streams, the workers, the switchboard, the feed to screens.

Promises: 202 means the event is durable in the stream; an event has its effect once, however often it comes; one nurse's
events never overtake each other; a screen's snapshot and diffs have no gap.
May import: `alerts`, `solver`, `db`, `domain`. Start reading: `switchboard.py`, then `worker.py` (in) and `relay.py` (out).
"""
