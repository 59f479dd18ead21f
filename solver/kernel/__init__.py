"""The search's inner loops, compiled: rounds as linked stops over flat arrays, ruined and recreated thousands of times a second.

Promises: the same arrays and seed give the same rounds; no Python object, clock or lock is touched, so threads run side by side.
Imports nothing of ours. Start reading: `search.py`, one turn of the search; `layout.py`, what the arrays hold.
"""
