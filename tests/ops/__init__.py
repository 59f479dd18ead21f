"""The edge: settings, logs, processes, the command line, and what keeps the house in order."""
