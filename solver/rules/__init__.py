"""What a plan must keep and what it costs, each rule one function over rounds read once.

Promises: shares nothing with the search but the problem's types, so that neither can hide the other's mistake.
Start reading: `solver/check.py`, the table of rules; then `reading.py`, how a plan's times are read.
"""
