"""Singapore: GST, withholding from non-residents, rails and banks as dated rows. What was read and what was left out is in SOURCES.md."""
