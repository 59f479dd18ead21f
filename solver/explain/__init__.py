"""Why the plan is as it is: sentences per move, and for what is left out who could not and what would help.

Promises: every reason has been tried, never guessed: the part put back, or put in at every place, and the round re-timed.
Patients are never named. May import: `solver`, `domain`. Start reading: `explanation.py` for what has changed, `reasons.py` for
what is left out, `trial.py` for how a trial is made.
"""

from solver.explain.explanation import Explanation, explain
from solver.explain.moves import Move
from solver.explain.reasons import reason_for, reasons_for, what_would_help, why_not
from solver.explain.refusals import Refusal
from solver.explain.remedies import Remedy

__all__ = [
    "Explanation",
    "Move",
    "Refusal",
    "Remedy",
    "explain",
    "reason_for",
    "reasons_for",
    "what_would_help",
    "why_not",
]
