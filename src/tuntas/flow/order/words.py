"""The words of charges limited over an order, English and Indonesian: one template a step code of the clerk; the face that speaks puts in its facts.

A template names facts in braces; a name ending in `_minor` is money, in `_ppm` a rate.
"""

from __future__ import annotations

_LINES = "The lines of order {order_id} come to {order_raw_minor} together"
_LINES_ID = "Semua baris pesanan {order_id} berjumlah {order_raw_minor}"
_SHARE = " Of it this line bears {amount_minor}, by its own {raw_minor} of {day_raw_minor}."
_SHARE_ID = " Baris ini menanggung {amount_minor}, menurut {raw_minor} miliknya dari {day_raw_minor}."
_LATER = (
    " Lines that became final on earlier days bore {earlier_minor}, so {rest_minor} is left. Of it this line bears {amount_minor}, by its own "
    "{raw_minor} of {day_raw_minor}."
)
_LATER_ID = (
    " Baris yang selesai pada hari sebelumnya menanggung {earlier_minor}, jadi tersisa {rest_minor}. Baris ini menanggung {amount_minor}, "
    "menurut {raw_minor} miliknya dari {day_raw_minor}."
)
_BOUNDS = {
    "MAX": (
        "; the agreement asks at most {order_max_minor} an order, so it is {whole_minor} for the order.",
        "; perjanjian menetapkan maksimum {order_max_minor} per pesanan, jadi {whole_minor} untuk pesanan itu.",
    ),
    "MIN": (
        "; the agreement asks at least {order_min_minor} an order, so it is {whole_minor} for the order.",
        "; perjanjian menetapkan minimum {order_min_minor} per pesanan, jadi {whole_minor} untuk pesanan itu.",
    ),
    "WITHIN": (
        ", within the limits of an order, so it is {whole_minor} for the order.",
        ", masih dalam batas per pesanan, jadi {whole_minor} untuk pesanan itu.",
    ),
}
WORDS: dict[str, dict[str, str]] = {
    "ORDER-REFUND": {
        "en": "The part of the line that this refund gives back bore {part_minor} of the {charge_type} ({borne_minor} for the whole line); "
        "{rate_ppm} of that is given back: {amount_minor}.",
        "id": "Bagian baris yang dikembalikan menanggung {part_minor} dari {charge_type} ({borne_minor} untuk seluruh baris); {rate_ppm} darinya "
        "dikembalikan: {amount_minor}.",
    },
    "RATE-ORDER-01": {
        "en": "{charge_type} of this refund is on hold: it is limited over an order, and no run settled the order line, so what the line bore is "
        "not known. Settle the cycle of the line first, or agree the amount with the seller.",
        "id": "{charge_type} pengembalian ini ditahan: biaya dibatasi per pesanan, dan baris pesanan belum pernah diselesaikan, jadi yang "
        "ditanggung baris itu belum diketahui. Selesaikan siklus baris itu dahulu, atau sepakati nilainya dengan penjual.",
    },
}
for _bound, (_en, _id) in _BOUNDS.items():
    WORDS[f"ORDER-{_bound}"] = {"en": _LINES + _en + _SHARE, "id": _LINES_ID + _id + _SHARE_ID}
    WORDS[f"ORDER-{_bound}-LATER"] = {"en": _LINES + _en + _LATER, "id": _LINES_ID + _id + _LATER_ID}
