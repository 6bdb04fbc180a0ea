"""The command `tuntas`: each word calls one operation and tells what came of it, in lines or in JSON."""

from tuntas.faces.cli.app import main

__all__ = ["main"]
