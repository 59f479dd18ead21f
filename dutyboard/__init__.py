"""The command line and the one edge where everything is put together: settings, embedded stores, processes.

Promises: the environment is read here and nowhere else; who opened a thing closes it.
May import: everything. Start reading: `cli.py`.
"""
