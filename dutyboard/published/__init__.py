"""Published days and benchmarks as problems for the solver, with their own objective, and plans back in their own formats.

Promises: nothing is rounded that the file is exact about; a plan's cost is the publisher's cost, to the last digit; a file
that cannot be solved as its publisher means it is refused with a sentence that names the place.
May import: everything below `dutyboard`. Start reading: `reading.py`, then `home_care.py`.
"""
