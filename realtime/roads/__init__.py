"""Travel times by real roads: asked of a routing engine ahead of need, remembered, and never waited for.

Promises: re-planning takes what is known and goes on; what nobody has said is estimated and marked; nobody is asked the same
twice while it is remembered. What leaves the house are places alone: no names, no ids.
May import: `solver`, `db`, `domain`. Start reading: `book.py`, then `source.py` and the engines behind it.
"""
