"""`dutyboard doctor`: what is wrong, in plain words, and what to do about it.

Promises: nothing is changed; what could not be asked is said to be unknown, never fine.
Start reading: `examine.py`, whose table lists what is looked at.
"""
