"""What OR-Tools CP-SAT is best at here: proofs and bounds for small days, and the best choice among rounds already found.

Promises: the same problem, seed and effort give the same answer with one worker; no optimum here is beaten by the search, since
the model knows every plan that passes `solver.check`, each at its price there; a recombined plan is better than the one it was
given.
May import: `domain`, `solver`'s types and OR-Tools. Start reading: `small.py` (proofs), then `recombine.py`.
"""
