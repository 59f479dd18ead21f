"""Benchmark of the solver: published days next to the best known, made-up English days planned, disturbed and asked about.

Every plan is judged by the checker, which shares nothing with the search. One thread each; budgets are wall clock, so figures are
worth something on an idle machine only. Seeds and budgets are told with the figures.
Start reading: `disturbances.py` for how facts become a problem; `lines.py` for what is measured; `scale.py` for how much.
"""
