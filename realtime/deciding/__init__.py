"""Deciding on plans: a proposal accepted, whole or in part, or rejected; what came into force last taken back.

Promises: one decision at a time for a team's day, each in one transaction with the audit, the facts and the notices to
nurses; who comes second is told who decided what, and when. Start reading: `accepting.py`.
"""
