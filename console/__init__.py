"""What the duty coordinator sees: NiceGUI pages and their parts, fed by one websocket per screen.

Promises: an old position is never drawn as a live one; a screen that hears nothing says so; no address but our own is
ever asked for. May import: `realtime` and the floors below. Start reading: `pages.py`.
"""
