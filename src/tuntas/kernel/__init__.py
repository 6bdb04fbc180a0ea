"""The kernel: money, rounding, periods, ids, digests, findings and refusals.

Standard library only. Nothing here knows a clock, a file, a database or an engine.
"""
