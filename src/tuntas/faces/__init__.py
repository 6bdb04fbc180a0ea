"""Faces: the command line and the desk. They speak to people; every change goes through one operation."""
