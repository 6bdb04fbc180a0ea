"""The words of pay, English and Indonesian: one template a step code; numbers are put in by the face that speaks."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "nothing_payable": {
        "en": "Statement {statement} has nothing payable, so nothing is proposed.",
        "id": "Rekening tagihan {statement} tidak punya nilai yang dapat dibayar, jadi tidak ada yang diusulkan.",
    },
    "pay_on": {
        "en": "Due {due_on}. The first day it can leave is {first_on}; the next bank day is {pay_on}.",
        "id": "Jatuh tempo {due_on}. Hari pertama yang mungkin {first_on}; hari bank berikutnya {pay_on}.",
    },
    "rail": {
        "en": "{amount_minor} goes by {rail} on {pay_on}: the cheapest way that carries this amount.",
        "id": "{amount_minor} dikirim lewat {rail} pada {pay_on}: cara termurah untuk nilai ini.",
    },
    "PAY-HOLD-01": {
        "en": "{amount_minor} waits: the bank account of {party} is not verified. Verify it with the number on file.",
        "id": "{amount_minor} ditahan: rekening {party} belum diverifikasi. Pastikan lewat nomor yang tercatat.",
    },
    "PAY-HOLD-02": {
        "en": "{amount_minor} waits: {party} has no bank account on file. Ask for the account and the bank.",
        "id": "{amount_minor} ditahan: {party} belum punya rekening tercatat. Minta nomor rekening dan banknya.",
    },
    "PAY-HOLD-03": {
        "en": "{amount_minor} waits: {party} is on hold. Lift the hold to pay.",
        "id": "{amount_minor} ditahan: {party} sedang ditahan. Cabut penahanan untuk membayar.",
    },
    "PAY-HOLD-04": {
        "en": "{amount_minor} waits: no rail on file carries this amount on that day. Add the rail to the country pack.",
        "id": "{amount_minor} ditahan: tidak ada jalur pembayaran untuk nilai ini pada hari itu. Tambahkan jalurnya.",
    },
}
