"""What a cycle shows about the tax of sellers that a person must act on; told as findings, which never stop a plan.

TAX-TURNOVER-01: sales of the year above the limit of a letter that is still valid. The letter is not set aside: the seller notifies by
the end of that month and collection begins the month after (PMK 37/2025 art. 7(3)); until then we only tell. TAX-RETURN-01: a refund
of a sale no file of the case holds, by a seller from whom tax was collected; what was collected on that sale cannot be counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tuntas.engine import Engine
from tuntas.formats.figures_text import money
from tuntas.kernel.findings import Finding

# The limit is the upper edge of a year's slice that a letter leaves untaxed; a letter without such an edge has no limit to tell.
_LETTERS = """
SELECT w.standing, min(w.upto_minor) AS limit_minor, min(w.source) AS source
FROM withholding_rules AS w
LEFT JOIN run AS r ON true
WHERE w.object = 'marketplace_sale' AND w.standing <> 'any' AND w.counted = 'year' AND w.rate_ppm = 0 AND w.upto_minor IS NOT NULL
    AND w.valid_from < r.period_to AND coalesce(w.valid_to, r.period_to) >= r.period_to
GROUP BY w.standing
"""
_SOLD = """
SELECT l.seller_id AS party_id, l.price_minor AS minor
FROM order_lines AS l
LEFT JOIN run AS r ON true
WHERE l.completed_on >= r.period_from AND l.completed_on < r.period_to
"""
# Earlier cycles of the same year, each counting the sales of its own period only.
_SOLD_BEFORE = """
SELECT l.seller_id AS party_id, l.price_minor AS minor
FROM read_parquet({order_lines}) AS l
LEFT JOIN read_parquet({run}) AS b ON true
LEFT JOIN run AS r ON true
WHERE l.completed_on >= b.period_from AND l.completed_on < b.period_to AND b.period_from < r.period_from
    AND year(l.completed_on) = year(r.period_to - 1)
"""
_ABOVE = """
SELECT t.party_id, t.standing, y.sold_minor, t.limit_minor, t.source
FROM (
    SELECT DISTINCT s.party_id, s.standing, s.limit_minor, s.source
    FROM (
        SELECT p.party_id, p.standing, l.limit_minor, l.source
        FROM party_standings AS p
        LEFT JOIN run AS r ON true
        LEFT JOIN ({letters}) AS l ON l.standing = p.standing
        WHERE l.standing IS NOT NULL AND p.valid_from < r.period_to AND coalesce(p.valid_to, r.period_to) >= r.period_to
    ) AS s
) AS t
LEFT JOIN (SELECT party_id, sum(minor)::BIGINT AS sold_minor FROM ({sold}) GROUP BY party_id) AS y ON y.party_id = t.party_id
WHERE y.sold_minor > t.limit_minor
ORDER BY t.party_id, t.standing
"""
_UNKNOWN_SALES = """
SELECT f.refund_id, f.seller_id, f.amount_minor, min(h.doc_id) AS doc_id
FROM refunds AS f
LEFT JOIN run AS r ON true
LEFT JOIN order_lines AS l ON l.order_line_id = f.order_line_id
LEFT JOIN (
    SELECT party_id, min(doc_id) AS doc_id, sum(amount_minor) AS amount_minor
    FROM withheld_before WHERE doc_kind IN ('statement', 'statement_correction') GROUP BY party_id
) AS h ON h.party_id = f.seller_id
WHERE l.order_line_id IS NULL AND h.amount_minor > 0 AND f.refunded_on >= r.period_from AND f.refunded_on < r.period_to
GROUP BY f.refund_id, f.seller_id, f.amount_minor
ORDER BY f.refund_id
"""


def tax_notices(engine: Engine, *, runs: Sequence[Path], decimal_places: int) -> list[Finding]:
    """Return the findings of a cycle whose stages an engine has run; `runs` are the folders of the settled runs.

    Amounts are minor units of the run's currency, told as text.
    """
    currency, year = engine.rows("SELECT currency, year(period_to - 1) FROM run")[0]

    def told(minor: int) -> str:
        return money(minor, language="en", currency=currency, decimal_places=decimal_places)

    before = [_SOLD_BEFORE.format(order_lines=_file(run, "order_lines"), run=_file(run, "run")) for run in runs]
    sold = " UNION ALL ".join([_SOLD, *before])
    found = [
        Finding(
            code="TAX-TURNOVER-01",
            table="party_standings",
            row_id=f"{party}|{standing}",
            field="valid_to",
            seen=f"sales of {year} of {told(sold_minor)} while the letter is valid",
            wanted=f"at most {told(limit)} ({source})",
            help="ask the seller to notify by the end of the month, then end its letter: collection begins the month after",
            where=f"parties: {party}",
            money_minor=sold_minor - limit,
        )
        for party, standing, sold_minor, limit, source in engine.rows(_ABOVE.format(letters=_LETTERS, sold=sold))
    ]
    found += [
        Finding(
            code="TAX-RETURN-01",
            table="refunds",
            row_id=refund,
            field="order_line_id",
            seen=f"a refund of {told(minor)} of a sale that no file of the case holds; tax was collected from {seller} before ({doc})",
            wanted="the order line of the sale, with the day it was completed",
            help="add the order line to the case: the tax collected on it is then given back; without it nothing is",
            where=f"refunds: {refund}",
            money_minor=minor,
        )
        for refund, seller, minor, doc in engine.rows(_UNKNOWN_SALES)
    ]
    return found


def _file(run: Path, name: str) -> str:
    return "'" + str(run / f"{name}.parquet").replace("'", "''") + "'"
