"""Malaysia: service tax, withholding, rails, banks and e-invoice phases as dated rows. What was read and what was left out is in SOURCES.md."""
