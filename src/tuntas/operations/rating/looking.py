"""The first look at the lines of one stretch of rows, as arrays: what each is found to be, and which charge it claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tuntas.operations.rating.bill_words import FaceWords, Texts
from tuntas.operations.rating.row_stretches import ABSENT, Columns

Array = Any
# What a line is found to be, by number. `ours` is a claim of ours, which no bill may claim; `settled` is not a line of these bills but what
# an earlier month settled.
VERDICTS = (
    "matched", "duplicate", "below_zero", "other_vendor", "moving", "word_unknown", "waits", "not_in_sheet", "currency", "ours", "differs",
    "settled", "stranger", "tolerated",
)  # fmt: skip
# What the look itself agrees, as billed; the stage judges every other line.
AGREED = ("matched", "tolerated")
KNOWN, OTHER, MOVING = 0, 1, 2  # where a line stands: its vendor's own parcel, another vendor's, or still in transit
VERDICT_NO = {name: number for number, name in enumerate(VERDICTS)}


@dataclass(frozen=True, slots=True)
class Seen:
    """What is found of the lines of a stretch, one value a line.

    `expected` is `ABSENT` where nothing is expected; `slot` 0 where no charge is claimed; `face` and `party` -1 where the row has none.
    `first` marks the first claim of a charge, so that what several claim is counted once: bills are numbered in the order received.
    """

    verdict: Array
    expected: Array
    face: Array
    slot: Array
    party: Array
    first: Array


class Record:
    """What was rated of the rows of a stretch, to be asked by row and slot."""

    def __init__(self, columns: Columns, low: int, high: int) -> None:
        # One row more, for rows that were not rated.
        self._at = np.full(high - low, len(columns["row_no"]), dtype=np.int64)
        self._at[columns["row_no"].astype(np.int64) - low] = np.arange(len(columns["row_no"]))
        self._low = low
        self.face, self.party = (np.append(columns[name].astype(np.int64), -1) for name in ("face_no", "party_no"))
        waits = columns["waits"].astype(np.int64)
        self.waits = np.append(np.where(waits == ABSENT, 0, waits), 0)
        slots = {int(name.removeprefix("amount_")): values for name, values in columns.items() if name.startswith("amount_")}
        self._amounts = np.full((max(slots, default=0) + 1, len(self.face)), ABSENT, dtype=np.int64)
        for slot, values in slots.items():
            self._amounts[slot, :-1] = values

    def at(self, rows: Array) -> Array:
        """Where each row stands."""
        return self._at[rows.astype(np.int64) - self._low]

    def amount(self, at: Array, slot: Array) -> Array:
        """The amount of a slot, `ABSENT` where there is none."""
        return self._amounts[np.where(slot < len(self._amounts), slot, 0), at]

    def waiting(self, at: Array, slot: Array) -> Array:
        """Whether the charge of a slot waits for something."""
        return (slot > 0) & ((self.waits[at] >> np.maximum(slot - 1, 0)) & 1 == 1)


def standing(row: Array, said: Array) -> Columns:
    """How each line stands: whose parcel it is on, whether that moves or came back, and whether the money is of its currency.

    `row` is what the profile of the parcel says, `said` who says the line (`bill_words.profiles_say`, `Texts.who`).
    """
    other = (row ^ said) & 0xFFFF_FFFC != 0
    of_row, of_line = row >> 32, said >> 32
    return {
        "standing": np.where(other, OTHER, np.where(row & 2 != 0, MOVING, KNOWN)),
        "came_back": row & 1 != 0,
        "same_currency": (of_line < 0) | ((of_line == of_row) & (of_line > 0)),
    }


def look_at(lines: Columns, record: Record, texts: Texts, words: FaceWords) -> Seen:
    """Look at the lines of a stretch. Of several claims of one charge none is agreed: which came first is for the stage to say."""
    at, text = record.at(lines["row_no"]), lines["text_no"]
    face, cycle, billed, standing = record.face[at], texts.cycle[text], lines["amount_minor"], lines["standing"]
    cell = np.where(face + 1 < len(words.known), face + 1, 0) * words.meanings + texts.meaning[text]
    known = words.known.ravel()[cell]
    slot, sign = words.slot.ravel()[cell].astype(np.int64), words.sign.ravel()[cell].astype(np.int64)
    owes_way_out = (slot > 0) & (sign != 0) & (record.amount(at, slot) != ABSENT)
    gone_back = lines["came_back"] & words.out_and_back.ravel()[cell] & ~owes_way_out & ~record.waiting(at, slot)
    slot = np.where(gone_back, words.back_slot.ravel()[cell], slot)
    sign = np.where(gone_back, words.back_sign.ravel()[cell], sign)
    amount = record.amount(at, slot)
    there = (slot > 0) & (sign != 0) & (amount != ABSENT)
    expected = np.where(there, amount * sign, ABSENT)
    claims = (slot > 0) & (standing != OTHER) & (billed >= 0)
    crowded, later = _crowds(claims, lines, slot, cycle, texts.bill_key[text])
    verdict = np.select(
        [
            cycle == 0,
            crowded,
            billed < 0,
            standing == OTHER,
            standing == MOVING,
            (face < 0) | record.waiting(at, slot),
            ~known,
            ~there,
            ~lines["same_currency"],
            expected < 0,
            billed != expected,
        ],
        [
            VERDICT_NO[name]
            for name in (
                "settled", "duplicate", "below_zero", "other_vendor", "moving", "waits", "word_unknown", "not_in_sheet", "currency", "ours",
                "differs",
            )
        ],
        VERDICT_NO["matched"],
    ).astype(np.uint8)  # fmt: skip
    odd = np.flatnonzero(verdict == VERDICT_NO["differs"])
    verdict[odd[_forgiven(billed[odd], expected[odd], face[odd], slot[odd], text[odd], texts, words)]] = VERDICT_NO["tolerated"]
    # A claim is of what is expected unless the parcel is in transit or the line is in another currency.
    first = claims & ~later & ((cycle == 0) | ((standing == KNOWN) & lines["same_currency"]))
    return Seen(verdict, expected, face, slot, record.party[at], first)


def _forgiven(billed: Array, expected: Array, face: Array, slot: Array, text: Array, texts: Texts, words: FaceWords) -> Array:
    """Which lines that differ are forgiven at the line. One that bills nothing is left to the stage: nothing is agreed of it."""
    cell, difference = (face + 1) * words.slots + slot, billed - expected
    within = (difference >= -words.under.ravel()[cell]) & (difference <= words.over.ravel()[cell])
    return within & texts.by_line[text] & (billed > 0)


def _crowds(claims: Array, lines: Columns, slot: Array, cycle: Array, bill_key: Array) -> tuple[Array, Array]:
    """Which lines claim a charge that others claim too, and which of those are not the first to do so."""
    crowded, later = np.zeros(len(claims), dtype=bool), np.zeros(len(claims), dtype=bool)
    who = np.flatnonzero(claims)
    # Slots are fewer than the bits of `waits`, so a row and a slot are one number.
    seat = lines["row_no"][who].astype(np.int64) * 64 + slot[who]
    order = np.argsort(seat, kind="stable")
    same = seat[order][1:] == seat[order][:-1]
    if not same.any():
        return crowded, later
    among = np.concatenate([[False], same]) | np.concatenate([same, [False]])
    who, seat = who[order[among]], seat[order[among]]
    in_time = np.lexsort((lines["line_no"][who], bill_key[who], cycle[who], seat))
    who, seat = who[in_time], seat[in_time]
    crowded[who] = True
    later[who[1:]] = seat[1:] == seat[:-1]
    return crowded, later
