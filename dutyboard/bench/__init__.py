"""Benchmarks: what the roads carry, side by side with the raw limit measured in the same run.

Absolute figures belong to one machine on one day; the ratios are what is promised. Everything runs on loopback with our own
stores in a folder that is thrown away, is bounded in count and time, and stops by itself.
Start reading: `ingest.py`.
"""
