"""`python -m dutyboard` is `dutyboard`."""

from dutyboard.cli import main

main()
