"""What the words mean: visit, nurse, shift, round, event, fact, place, clock, error.

Promises: pure. No I/O, nothing of ours imported; time is an argument (`clock` alone may read one).
May import: the standard library and msgspec.
Start reading: `events` (what a phone says), `attendance` (what it does to a visit), `facts` (what we say then).
"""
