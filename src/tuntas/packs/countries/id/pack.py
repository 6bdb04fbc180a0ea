"""The wiring of Indonesia: which file holds which table."""

from __future__ import annotations

from tuntas.packs.pack import read_pack

PACK = read_pack(
    package="tuntas.packs.countries.id",
    country="ID",
    currency="IDR",
    files={
        "vat_rules": "vat.csv",
        "withholding_rules": "withholding.csv",
        "treatments": "treatments.csv",
        "rounding_rules": "rounding.csv",
        "tax_reversals": "reversals.csv",
        "standings": "standings.csv",
        "tax_deadlines": "deadlines.csv",
        "switches": "switches.csv",
        "rails": "rails.csv",
        "rail_terms": "rail_terms.csv",
        "due_shifts": "due_shifts.csv",
        "stamp_duties": "stamp_duties.csv",
        "import_duties": "import_duties.csv",
        "banks": "banks.csv",
        "calendar_changes": "calendar.csv",
        "tax_currencies": "tax_currencies.csv",
    },
)
