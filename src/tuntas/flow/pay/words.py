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
        "en": "{amount_minor} goes by {rail} on {pay_on} in {parts} transfer(s), fee {fee_minor}, there on {arrives_on}: the cheapest "
        "way that is on time.",
        "id": "{amount_minor} dikirim lewat {rail} pada {pay_on} dalam {parts} transfer, biaya {fee_minor}, tiba {arrives_on}: cara "
        "termurah yang tepat waktu.",
    },
    "rail_best_late": {
        "en": "{amount_minor} goes by {rail} on {pay_on} in {parts} transfer(s), fee {fee_minor}, there on {arrives_on}: no way is on "
        "time, and this one arrives first.",
        "id": "{amount_minor} dikirim lewat {rail} pada {pay_on} dalam {parts} transfer, biaya {fee_minor}, tiba {arrives_on}: tidak "
        "ada cara yang tepat waktu, dan ini yang tiba paling awal.",
    },
    "rail_dearer": {
        "en": "{rail} would cost {fee_minor} in {parts} transfer(s), there on {arrives_on}: dearer.",
        "id": "{rail} berbiaya {fee_minor} dalam {parts} transfer, tiba {arrives_on}: lebih mahal.",
    },
    "rail_no_better": {
        "en": "{rail} would cost {fee_minor} in {parts} transfer(s), there on {arrives_on}: no cheaper.",
        "id": "{rail} berbiaya {fee_minor} dalam {parts} transfer, tiba {arrives_on}: tidak lebih murah.",
    },
    "rail_late": {
        "en": "{rail} would cost {fee_minor} in {parts} transfer(s) but arrives on {arrives_on}, after {arrive_by}.",
        "id": "{rail} berbiaya {fee_minor} dalam {parts} transfer tetapi baru tiba {arrives_on}, setelah {arrive_by}.",
    },
    "rail_later": {
        "en": "{rail} would cost {fee_minor} in {parts} transfer(s) and arrives on {arrives_on}: later still.",
        "id": "{rail} berbiaya {fee_minor} dalam {parts} transfer dan tiba {arrives_on}: lebih terlambat lagi.",
    },
    "rail_below": {
        "en": "{rail} does not carry {amount_minor}: it begins at {min_minor}.",
        "id": "{rail} tidak membawa {amount_minor}: mulai dari {min_minor}.",
    },
    "rail_above": {
        "en": "{rail} does not carry {amount_minor}: at most {max_minor} a transfer and {parts_max} transfer(s) a payment.",
        "id": "{rail} tidak membawa {amount_minor}: paling banyak {max_minor} per transfer dan {parts_max} transfer per pembayaran.",
    },
    "rail_closed": {
        "en": "{rail} does not run in the days that matter.",
        "id": "{rail} tidak beroperasi pada hari-hari yang diperlukan.",
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
