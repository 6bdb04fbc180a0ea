"""The parts of `explain`: rows of a run handed to the clerks, and what they say put into a tree."""
