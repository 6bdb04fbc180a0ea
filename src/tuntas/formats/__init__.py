"""Formats: bytes to rows and rows to bytes. No network, no clock: the time written in a file is an argument."""
