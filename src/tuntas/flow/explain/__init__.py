"""Why this number: the derivation of any amount, as a tree, in words.

In: the workings a clerk recorded, the rows it looked at, a catalogue of sentences, a language. Out: `Derivation` trees.
Promises: nothing is computed here; sentences come from the catalogue and figures from the workings, so the two languages cannot
disagree; an amount the clerk could not reproduce is told as a contradiction, never smoothed over.
"""

from tuntas.flow.explain.tell import formula_text, sentence_of
from tuntas.flow.explain.trees import contradiction, line_of_rows, tree_of_working

__all__ = ["contradiction", "formula_text", "line_of_rows", "sentence_of", "tree_of_working"]
