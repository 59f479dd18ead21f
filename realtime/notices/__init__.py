"""Telling nurses that their rounds have changed, and what they answer. Start reading: `telling`, then `answering`."""
