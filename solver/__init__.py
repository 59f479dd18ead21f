"""How the day is planned: problem in, rounds out. Pure; no database, no clock.

Promises: the same problem gives the same rounds; what cannot be placed is listed with a reason.
May import: `domain`. Start reading: `problem.py`, then `plan.py` and `check.py`.
"""
