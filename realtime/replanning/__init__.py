"""Another plan for a day under way: asked for, searched for, offered, out of date when the day has gone on.

Promises: nothing here holds up an event or an alert; what has begun never moves; a request that comes to nothing says why.
Start reading: `asking.py` for who asks, `proposing.py` for what a proposal is made of, `planner.py` for the process.
"""
