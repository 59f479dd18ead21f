"""How the day is planned and planned anew: problem in, plan out. Pure; no database, and no clock but the stop rule's.

Promises: no plan breaks a hard rule, what has begun never moves, what is in no round is named; the same problem, seed and number
of turns give the same plan; the search and the checker agree on the price to the hundredth of a second of driving.
May import: `domain`. Start reading: `problem.py` and `params.py`, what is asked; `plan.py` and `replan.py`, who answers;
`check.py`, who has the last word. The loops are in `kernel/`; why and who else could, in `explain/` and `fit.py`.
"""
