"""The words of post, English and Indonesian: one template a step code."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "booked": {
        "en": "{posting}: {amount_minor} to account {debit} (debit) from account {credit} (credit).",
        "id": "{posting}: {amount_minor} ke akun {debit} (debit) dari akun {credit} (kredit).",
    },
    "booked_reversed": {
        "en": "{posting}, below zero: {amount_minor} to account {credit} (debit) from account {debit} (credit).",
        "id": "{posting}, di bawah nol: {amount_minor} ke akun {credit} (debit) dari akun {debit} (kredit).",
    },
}
