"""Rate parcels by the million: parts of parcels in, one narrow row a parcel out, and from their sums statements, tax and accruals.

A part is a folder of Parquet: `shipments.parquet` and `events.parquet` as ingest leaves them. It is taken in once (`intake`): names become
profiles, all else whole numbers. It is rated as often as its facts, its agreements or the rules change (`rate_part`), by the very steps of
the stage `rate`; each part leaves its record, its sheets, its holds and its sums under a name that tells what went in, so a part that is
there is never rated again, and a job that was killed goes on behind the last part it finished. Sums of parts are added and become what
accountants read (`accrue`).
"""
