"""The doors: where phones, tracker apps, screens and whoever runs the server knock.

Promises: 202 (and 200 to tracker apps) means every accepted event is durable in the stream; what is refused is named with
its field; no answer shows what goes on inside. Start reading: `app.py`, then `reception.py`, which all phones' doors share.
"""
