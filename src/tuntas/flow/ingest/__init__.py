"""Ingest: raw rows of text -> the typed tables of `tables/facts.py`.

In: rows of text with the file and line they stand on, a mapping, the currencies known and the country's offset.
Out: accepted rows of each table; quarantined rows as they were written, each with its reasons; findings with what to do.
Guarantees: rows in = accepted + repeated + quarantined, per file. A value is read exactly or not at all. The accepted rows depend
neither on the order of rows, nor on how they are split over files, nor on the names of the files.

`convert` and `unite` build the SQL, `clerk` does one row in plain Python, `rules` holds the data both read, `codes` the findings.
There are no step files here: the SQL follows from the columns of the table, so it is written by the shape, not by hand.
"""
