"""A day's rounds at the edge: searched for, checked apart from the search, commented on and told of.

Promises: no plan is handed out that breaks a hard rule; what is in no round is named with its reason. Shared by `dutyboard plan`,
`dutyboard import day` and the demo.
May import: everything below `dutyboard`. Start reading: `filling.py`.
"""
