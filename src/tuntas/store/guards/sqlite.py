"""The guards in SQLite's words: row triggers that abort the statement."""

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

# Asked once an entry, so written for speed: one look at each table, and the lines of the entry summed in one go.
_ENTRY = f"""coalesce((SELECT "state" FROM "period" WHERE "period" = NEW.period_id), '') <> 'open'
    OR NEW.plan_id NOT IN (SELECT "digest" FROM "plan")
    OR NEW.prev_hash <> CASE WHEN NEW.sequence = 1 THEN '{GENESIS}'
        ELSE coalesce((SELECT "hash" FROM "entry" WHERE "sequence" = NEW.sequence - 1), '') END
    OR NOT (SELECT count(*) = NEW.line_count AND max("line_no") = NEW.line_count
        AND sum("debit_minor") = NEW.total_minor AND sum("credit_minor") = NEW.total_minor
        FROM "entry_line" WHERE "entry_id" = NEW.sequence)"""
_LINES = 'NEW.entry_id IN (SELECT "sequence" FROM "entry")'
_APPROVAL = """NEW.maker_id = NEW.approver_id OR NOT EXISTS (SELECT 1 FROM "plan" WHERE "digest" = NEW.plan_id
    AND "seal" = NEW.seal AND "made_by_id" = NEW.maker_id AND "state" = 'drafted')"""
_PAYMENT = """NOT EXISTS (SELECT 1 FROM "statement" WHERE "statement_id" = NEW.statement_id
    AND "payable_minor" >= NEW.amount_minor AND "party_id" = NEW.party_id AND "currency" = NEW.currency)"""


def guards() -> list[Guard]:
    """Return all guards of the books."""
    made = []
    for table in FROZEN:
        message = MESSAGES["frozen"].format(table=table)
        made += [_trigger(table, "update", "BEFORE UPDATE", "", message), _trigger(table, "delete", "BEFORE DELETE", "", message)]
    for table, columns in KEPT_COLUMNS.items():
        message = MESSAGES["kept"].format(table=table)
        named = ", ".join(f'"{column}"' for column in columns)
        made.append(_trigger(table, "update", f"BEFORE UPDATE OF {named}", "", message))
        made.append(_trigger(table, "delete", "BEFORE DELETE", "", message))
    for table in NEXT_STATES:
        message = MESSAGES["state"].format(table=table)
        made.append(
            _trigger(table, "state", 'BEFORE UPDATE OF "state"', f"NOT ({allowed(table, 'OLD.state', 'NEW.state')})", message)
        )
    for table, column in SET_ONCE:
        message = MESSAGES["once"].format(table=table, column=column)
        when = f"OLD.{column} IS NOT NULL AND NEW.{column} IS NOT OLD.{column}"
        made.append(_trigger(table, f"once_{column}", f'BEFORE UPDATE OF "{column}"', when, message))
    for table, (_, columns) in DECIDED.items():
        named = ", ".join(f'"{column}"' for column in columns)
        message = MESSAGES["decided"].format(table=table)
        made.append(_trigger(table, "decided", f"BEFORE UPDATE OF {named}", decided(table), message))
    made.append(_trigger("entry", "insert", "BEFORE INSERT", _ENTRY, MESSAGES["entry"]))
    made.append(_trigger("entry_line", "insert", "AFTER INSERT", _LINES, MESSAGES["lines"]))
    made.append(_trigger("approval", "insert", "BEFORE INSERT", _APPROVAL, MESSAGES["approval"]))
    made.append(_trigger("payment", "insert", "BEFORE INSERT", _PAYMENT, MESSAGES["payment"]))
    return made


def present(connection: Any) -> dict[str, str]:
    """Return the text of each trigger found, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


def _trigger(table: str, what: str, moment: str, when: str, message: str) -> Guard:
    name = f"guard_{table}_{what}"
    condition = f" WHEN {when}" if when else ""
    text = f"CREATE TRIGGER {name} {moment} ON \"{table}\"{condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    return Guard(name=name, table=table, create=(text,), drop=f"DROP TRIGGER IF EXISTS {name}", text=text)
