"""Indonesia: PPN, PPh, rails, banks and switches as dated rows. What was read and what was left out is in SOURCES.md."""
