"""The lookout: what is expected of every nurse's day, kept up to date by what happens and by the clock, and told of in time.

Promises: the work for one event is that of one nurse; what has not changed is not said again; a restart forgets nothing, for
what is due is in the database. Start reading: `watch.py` for one nurse, `lookout.py` for the process.
"""
