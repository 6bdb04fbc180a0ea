"""The guards in PostgreSQL's words. Bulk tables are asked once a statement, over all its new rows, so that COPY stays fast."""

from __future__ import annotations

from typing import Any

from tuntas.store.guards.rules import (
    DECIDED,
    FROZEN,
    GENESIS,
    KEPT_COLUMNS,
    MESSAGES,
    NEXT_STATES,
    SET_ONCE,
    Guard,
    allowed,
    decided,
)

# Bounds are taken first: a range between two known numbers is looked up in the key, however large the books and whatever the
# planner knows of rows that this very transaction has put there.
_ENTRY = f"""EXISTS (SELECT 1 FROM (SELECT DISTINCT period_id, plan_id FROM fresh) f
        LEFT JOIN "period" p ON p."period" = f.period_id LEFT JOIN "plan" q ON q."digest" = f.plan_id
        WHERE p."state" IS DISTINCT FROM 'open' OR q."digest" IS NULL)
    OR EXISTS (SELECT 1 FROM fresh f LEFT JOIN (SELECT "sequence", "hash" FROM "entry"
            WHERE "sequence" BETWEEN low - 1 AND high) b ON b."sequence" = f."sequence" - 1
        WHERE f.prev_hash <> CASE WHEN f."sequence" = 1 THEN '{GENESIS}' ELSE coalesce(b."hash", '') END)
    OR EXISTS (SELECT 1 FROM fresh f LEFT JOIN (SELECT entry_id, count(*) AS n, max(line_no) AS last,
            sum(debit_minor) AS d, sum(credit_minor) AS c FROM "entry_line"
            WHERE entry_id BETWEEN low AND high GROUP BY entry_id) s ON s.entry_id = f."sequence"
        WHERE s.n IS DISTINCT FROM f.line_count OR s.last <> f.line_count OR s.d <> f.total_minor OR s.c <> f.total_minor)"""
_LINES = """EXISTS (SELECT 1 FROM "entry" e WHERE e."sequence" BETWEEN low AND high
    AND e."sequence" IN (SELECT entry_id FROM fresh))"""
_APPROVAL = """EXISTS (SELECT 1 FROM fresh f WHERE f.maker_id = f.approver_id OR NOT EXISTS (SELECT 1 FROM "plan" p
        WHERE p."digest" = f.plan_id AND p."seal" = f.seal AND p.made_by_id = f.maker_id AND p."state" = 'drafted'))"""
_PAYMENT = """EXISTS (SELECT 1 FROM fresh f WHERE NOT EXISTS (SELECT 1 FROM "statement" s
        WHERE s.statement_id = f.statement_id AND s.payable_minor >= f.amount_minor
        AND s.party_id = f.party_id AND s.currency = f.currency))"""


def guards() -> list[Guard]:
    """Return all guards of the books."""
    made = []
    for table in FROZEN:
        message = MESSAGES["frozen"].format(table=table)
        made += [_refusing(table, what, f"BEFORE {what.upper()}", message) for what in ("update", "delete", "truncate")]
    for table, columns in KEPT_COLUMNS.items():
        message = MESSAGES["kept"].format(table=table)
        named = ", ".join(f'"{column}"' for column in columns)
        made.append(_refusing(table, "update", f"BEFORE UPDATE OF {named}", message))
        made += [_refusing(table, what, f"BEFORE {what.upper()}", message) for what in ("delete", "truncate")]
    for table in NEXT_STATES:
        unfit = f"NOT ({allowed(table, 'OLD.state', 'NEW.state')})"
        made.append(_refusing(table, "state", 'BEFORE UPDATE OF "state"', MESSAGES["state"].format(table=table), when=unfit))
    for table, column in SET_ONCE:
        unfit = f"OLD.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column}"
        message = MESSAGES["once"].format(table=table, column=column)
        made.append(_refusing(table, f"once_{column}", f'BEFORE UPDATE OF "{column}"', message, when=unfit))
    for table, (_, columns) in DECIDED.items():
        named = ", ".join(f'"{column}"' for column in columns)
        message = MESSAGES["decided"].format(table=table)
        made.append(_refusing(table, "decided", f"BEFORE UPDATE OF {named}", message, when=decided(table)))
    made.append(_asking("entry", _ENTRY, MESSAGES["entry"], key="sequence"))
    made.append(_asking("entry_line", _LINES, MESSAGES["lines"], key="entry_id"))
    made.append(_asking("approval", _APPROVAL, MESSAGES["approval"]))
    made.append(_asking("payment", _PAYMENT, MESSAGES["payment"]))
    return made


def present(connection: Any) -> dict[str, str]:
    """Return the text of each trigger's function found switched on, by the trigger's name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, p.prosrc FROM pg_trigger t LEFT JOIN pg_proc p ON p.oid = t.tgfoid "
            "LEFT JOIN pg_class c ON c.oid = t.tgrelid LEFT JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND n.nspname = current_schema()"
        )
        return dict(cursor.fetchall())


def _refusing(table: str, what: str, moment: str, message: str, *, when: str = "") -> Guard:
    level = "STATEMENT" if what == "truncate" else "ROW"
    condition = f" WHEN ({when})" if when else ""
    body = f" BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END "
    return _guard(f"guard_{table}_{what}", body, f'{moment} ON "{table}" FOR EACH {level}{condition}', table)


def _asking(table: str, broken: str, message: str, *, key: str = "") -> Guard:
    """Return a guard asked once a statement; with a key, `low` and `high` are its bounds over the new rows."""
    bounds = f'SELECT min("{key}"), max("{key}") INTO low, high FROM fresh; ' if key else ""
    body = (
        f"{' DECLARE low bigint; high bigint;' if key else ''} BEGIN {bounds}"
        f"IF {broken} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END "
    )
    fires = f'AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT'
    return _guard(f"guard_{table}_insert", body, fires, table)


def _guard(name: str, body: str, fires: str, table: str) -> Guard:
    return Guard(
        name=name,
        table=table,
        create=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$",
            f"CREATE TRIGGER {name} {fires} EXECUTE FUNCTION {name}()",
        ),
        drop=f'DROP TRIGGER IF EXISTS {name} ON "{table}"',
        text=body,
    )
