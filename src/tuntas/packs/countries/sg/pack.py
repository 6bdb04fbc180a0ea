"""The wiring of Singapore: which file holds which table."""

from __future__ import annotations

from tuntas.packs.pack import read_pack

PACK = read_pack(
    package="tuntas.packs.countries.sg",
    country="SG",
    currency="SGD",
    files={
        "vat_rules": "vat.csv",
        "withholding_rules": "withholding.csv",
        "treatments": "treatments.csv",
        "rounding_rules": "rounding.csv",
        "tax_reversals": "reversals.csv",
        "standings": "standings.csv",
        "switches": "switches.csv",
        "rails": "rails.csv",
        "rail_terms": "rail_terms.csv",
        "due_shifts": "due_shifts.csv",
        "banks": "banks.csv",
        "calendar_changes": "calendar.csv",
        "tax_deadlines": "deadlines.csv",
    },
)
