"""Tuntas: settlement operations for e-commerce logistics, to the last unit."""

__version__ = "0.1.0"
