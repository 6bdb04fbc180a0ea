"""Proofs of the stored books, one module a subject. Each looks at what is stored and notes what does not hold."""
