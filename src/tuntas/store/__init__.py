"""The store: the one Django app. Promises live in the database, parcel-sized rows beside it in Parquet.

Every promise points to the digest of the rows behind it. Guards in the database (see `guards`) keep what may never change.
"""
