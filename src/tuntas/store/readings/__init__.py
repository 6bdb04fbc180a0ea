"""Lists for the faces to show: read only, short-lived, never a change. Every change goes through an operation."""
