"""The choice of a rail for one amount: every way it could go, what each costs and when it arrives, and why the others lost."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tuntas.flow.pay.days import LOOK_AHEAD_DAYS, LOOK_BACK_DAYS, arrive_by, bank_days_after, is_bank_day
from tuntas.kernel.rounding import ceil_div

Row = Mapping[str, Any]
IN_HOUSE = "in-house"


@dataclass(frozen=True, slots=True)
class Rail:
    """A rail as our bank offers it on a day. Amounts in minor units, times local; `max_minor` None when open."""

    rail: str
    min_minor: int
    max_minor: int | None
    fee_minor: int
    opens: str | None
    cut_off: str | None
    arrives_by: str | None
    arrival_days: int
    parts_max: int
    business_days_only: bool
    source: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to send an amount: `parts` sum to it, `fee_minor` is for all of them, `sent_at` is when they leave."""

    rail: str
    parts: tuple[int, ...]
    fee_minor: int
    sent_at: datetime
    arrives_on: date
    arrives_by: str | None
    on_time: bool
    source: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A rail that was not chosen: the code of the reason (in `words.py`), the facts of it, and the way when there was one."""

    rail: str
    code: str
    facts: Mapping[str, int | str | None]
    way: Way | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What `choose_rails` found: the way chosen (None when no rail carries the amount), and every other with its reason."""

    amount_minor: int
    arrive_by: date
    way: Way | None
    lost: tuple[Lost, ...]


def same_bank(one: str | None, other: str | None) -> bool:
    """Say whether two BICs are one bank: the first eight characters are the same."""
    mine, theirs = ((bic or "").strip(" ").upper()[:8] for bic in (one, other))
    return bool(mine) and mine == theirs


def split_amount(amount_minor: int, *, min_minor: int, max_minor: int | None, parts_max: int) -> tuple[int, ...]:
    """Divide an amount into as few transfers as the limits allow, full ones first; empty when the limits allow none.

    The parts sum to the amount and each lies from `min_minor` up to and with `max_minor`.
    """
    if amount_minor < max(min_minor, 1):
        return ()
    if max_minor is None:
        return (amount_minor,)
    count = ceil_div(amount_minor, max_minor) if max_minor > 0 else 0
    if not 1 <= count <= parts_max or count * min_minor > amount_minor:
        return ()
    edges = [min(k * max_minor, amount_minor - (count - k) * min_minor) for k in range(count + 1)]
    return tuple(edges[k + 1] - edges[k] for k in range(count)) if count > 1 else (amount_minor,)


def rails_on(*, on: date, rails: Iterable[Row], rail_terms: Iterable[Row] = (), our_bic: str | None = None) -> list[Rail]:
    """Return the rails in force on a day as our bank offers them, by name: its own terms over those for every bank."""
    terms = [row for row in rail_terms if _holds(row, on)]
    found = []
    for row in rails:
        if row["rail"] == IN_HOUSE or not _holds(row, on):
            continue
        own = next((t for t in terms if t["rail"] == row["rail"] and same_bank(t["bank_bic"], our_bic)), None)
        rest = next((t for t in terms if t["rail"] == row["rail"] and t["bank_bic"] == "*"), None)

        def told(name: str, own: Row | None = own, rest: Row | None = rest) -> list[Any]:
            return [t[name] for t in (own, rest) if t is not None and t[name] is not None]

        found.append(
            Rail(
                rail=str(row["rail"]),
                min_minor=int(row["min_minor"]),
                max_minor=min((m for m in (row["max_minor"], *told("max_minor")) if m is not None), default=None),
                fee_minor=next(iter(told("fee_minor")), row["fee_minor"]),
                opens=max(told("opens"), default=None),
                cut_off=min((c for c in (row["cut_off"], *told("cut_off")) if c is not None), default=None),
                arrives_by=next(iter(told("arrives_by")), None),
                arrival_days=next(iter(told("arrival_days")), 0),
                parts_max=next(iter(told("parts_max")), 1),
                business_days_only=bool(row["business_days_only"]),
                source=str((own or row)["source"]),
            )
        )
    return sorted(found, key=lambda rail: rail.rail)


def choose_rails(
    *,
    amount_minor: int,
    due_on: date,
    at: datetime,
    rails: Iterable[Row],
    rail_terms: Iterable[Row] = (),
    holidays: Container[date] = (),
    our_bic: str | None = None,
    payee_bic: str | None = None,
    shift: str = "next",
) -> Choice:
    """Choose the rail of an amount that may leave from the instant `at` on and is due on a day; at and cut-offs are local time.

    `rails`, `rail_terms` are rows of those tables, `holidays` the days banks do not settle, `shift` where a due date on such a
    day goes (next | previous | none). Money leaves on the last day that is still on time, because it is ours until then. Of the
    ways that are on time the cheapest wins, then the fewest transfers, then the latest day, then the name; if none is, the one
    that arrives first. One payment goes by one rail. Between accounts of one bank no rail is needed and nothing is paid.
    """
    if amount_minor <= 0:
        raise ValueError(f"choose_rails wants an amount above zero, got {amount_minor}")
    goal = arrive_by(due_on=due_on, first_on=at.date(), shift=shift, holidays=holidays)
    if same_bank(our_bic, payee_bic):
        sent_at = max(at, datetime.combine(goal, time.min, at.tzinfo))
        home = Way(IN_HOUSE, (amount_minor,), 0, sent_at, goal, None, True, "one bank: the first eight characters of the BIC")
        return Choice(amount_minor, goal, home, ())
    rails, rail_terms = list(rails), list(rail_terms)
    days = [at.date() + timedelta(days=n) for n in range((goal - at.date()).days + LOOK_AHEAD_DAYS + 1)]
    days = [day for day in days if day >= goal - timedelta(days=LOOK_BACK_DAYS)]
    ways: dict[str, Way] = {}
    seen: dict[str, Rail] = {}
    for day in days:
        for rail in rails_on(on=day, rails=rails, rail_terms=rail_terms, our_bic=our_bic):
            if day <= goal or rail.rail not in seen:
                seen[rail.rail] = rail
            way = _way(rail, amount_minor=amount_minor, day=day, at=at, goal=goal, holidays=holidays)
            best = ways.get(rail.rail)
            if way and (best is None or _leaves(way) < _leaves(best)):
                ways[rail.rail] = way
    ranked = sorted(ways.values(), key=_rank)
    chosen = ranked[0] if ranked else None
    lost = [_beaten(way, chosen, goal) for way in ranked[1:] if chosen]
    lost += [_unfit(rail, amount_minor) for name, rail in sorted(seen.items()) if name not in ways]
    return Choice(amount_minor, goal, chosen, tuple(lost))


def first_day(
    *,
    rail: str,
    pay_on: date,
    at: datetime,
    rails: Iterable[Row],
    rail_terms: Iterable[Row] = (),
    holidays: Container[date] = (),
    our_bic: str | None = None,
) -> date | None:
    """Return the first day from `pay_on` on that a rail still takes a file made at the local instant `at`; None when none is near."""
    rails, rail_terms = list(rails), list(rail_terms)
    start = max(pay_on, at.date())
    for day in (start + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS + 1)):
        offered = next((r for r in rails_on(on=day, rails=rails, rail_terms=rail_terms, our_bic=our_bic) if r.rail == rail), None)
        if offered is None or (offered.business_days_only and not is_bank_day(day, holidays=holidays)):
            continue
        if not (day == at.date() and offered.cut_off and at.time() >= _clock(offered.cut_off)):
            return day
    return None


def _holds(row: Row, on: date) -> bool:
    return bool(row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"]))


def _way(rail: Rail, *, amount_minor: int, day: date, at: datetime, goal: date, holidays: Container[date]) -> Way | None:
    """The way by one rail on one day, None when it does not run, has closed, or does not carry the amount."""
    if rail.business_days_only and not is_bank_day(day, holidays=holidays):
        return None
    sent_at = datetime.combine(day, _clock(rail.opens) if rail.opens else time.min, at.tzinfo)
    if day == at.date():
        sent_at = max(sent_at, at)
    if rail.cut_off and sent_at.time() >= _clock(rail.cut_off):
        return None
    parts = split_amount(amount_minor, min_minor=rail.min_minor, max_minor=rail.max_minor, parts_max=rail.parts_max)
    if not parts:
        return None
    arrives_on = bank_days_after(day, rail.arrival_days, holidays=holidays)
    return Way(rail.rail, parts, len(parts) * rail.fee_minor, sent_at, arrives_on, rail.arrives_by, arrives_on <= goal, rail.source)


def _leaves(way: Way) -> tuple[int, int, int]:
    """Of the days of one rail: the last one that is on time; when none is, the one that arrives first, sent as early as may be."""
    sent = way.sent_at.toordinal()
    return (0, -sent, 0) if way.on_time else (1, way.arrives_on.toordinal(), sent)


def _rank(way: Way) -> tuple[int, int, int, int, int, str]:
    sent = way.sent_at.toordinal()
    if way.on_time:
        return (0, 0, way.fee_minor, len(way.parts), -sent, way.rail)
    return (1, way.arrives_on.toordinal(), way.fee_minor, len(way.parts), sent, way.rail)


def _beaten(way: Way, chosen: Way, goal: date) -> Lost:
    facts: dict[str, int | str | None] = {
        "rail": way.rail,
        "fee_minor": way.fee_minor,
        "parts": len(way.parts),
        "sent_at": way.sent_at.strftime("%Y-%m-%d %H:%M"),
        "arrives_on": way.arrives_on.isoformat(),
        "arrive_by": goal.isoformat(),
    }
    if chosen.on_time and not way.on_time:
        code = "rail_late"
    elif way.on_time or way.arrives_on == chosen.arrives_on:
        code = "rail_dearer" if way.fee_minor > chosen.fee_minor else "rail_no_better"
    else:
        code = "rail_later"
    return Lost(way.rail, code, facts, way)


def _unfit(rail: Rail, amount_minor: int) -> Lost:
    facts: dict[str, int | str | None] = {"rail": rail.rail, "amount_minor": amount_minor, "min_minor": rail.min_minor,
             "max_minor": rail.max_minor, "parts_max": rail.parts_max}  # fmt: skip
    if amount_minor < rail.min_minor:
        return Lost(rail.rail, "rail_below", facts, None)
    carries = split_amount(amount_minor, min_minor=rail.min_minor, max_minor=rail.max_minor, parts_max=rail.parts_max)
    return Lost(rail.rail, "rail_closed" if carries else "rail_above", facts, None)


def _clock(text: str) -> time:
    return time.fromisoformat(text)
