"""The feed: what a screen needs to show the board, as a snapshot and the numbered changes after it.

Promises: no gap between snapshot and changes; one subscription to the facts for a whole process; a slow screen slows nobody;
a road that stands still is said to stand still.
Start reading: `hub.py` (facts in, messages out), `model.py` (the board in memory), `socket.py` (one screen).
"""
