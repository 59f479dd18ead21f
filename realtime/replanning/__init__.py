"""Another plan for a day under way. Start reading: `live_day.py`, the day as it stands."""
