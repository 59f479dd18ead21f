"""One module for each command of the command line; `dutyboard.cli` lists them."""
