"""The words of reconcile, English and Indonesian: one template a step code; numbers are put in by the face that speaks."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "reference": {
        "en": "The bank line carries the reference {reference}. Lines with it: {lines}. Open items with it: {items}.",
        "id": "Baris bank membawa referensi {reference}. Baris dengan referensi itu: {lines}. Pos terbuka dengannya: {items}.",
    },
    "matched": {
        "en": "One line and one item share the reference and agree to the unit, so {item} is cleared.",
        "id": "Satu baris dan satu pos memiliki referensi yang sama dan nilainya sama persis, jadi {item} dinyatakan lunas.",
    },
    "amount_differs": {
        "en": "The reference is that of {item}, but the bank shows {bank_minor} and we expected {item_minor}: {difference_minor} "
        "differs. Nothing is cleared until a person decides what the difference is.",
        "id": "Referensinya milik {item}, tetapi bank mencatat {bank_minor} sedangkan kami mengharapkan {item_minor}: selisih "
        "{difference_minor}. Belum ada yang dilunaskan sampai seseorang memutuskan selisih itu.",
    },
    "ambiguous": {
        "en": "More than one line or item carries this reference ({named}). Nothing is preselected and nothing is cleared.",
        "id": "Lebih dari satu baris atau pos membawa referensi ini ({named}). Belum ada yang dipilih atau dilunaskan.",
    },
    "no_item": {
        "en": "No open item carries this reference. The line waits in suspense until someone says what it is.",
        "id": "Tidak ada pos terbuka dengan referensi ini. Baris ini menunggu di akun sementara sampai ada yang menjelaskannya.",
    },
    "ties": {
        "en": "Order {order}: paid {paid_minor}, asked {lines_minor}. They agree to the unit.",
        "id": "Pesanan {order}: dibayar {paid_minor}, ditagih {lines_minor}. Keduanya sama persis.",
    },
    "differs": {
        "en": "Order {order}: paid {paid_minor}, asked {lines_minor}, difference {difference_minor}.",
        "id": "Pesanan {order}: dibayar {paid_minor}, ditagih {lines_minor}, selisih {difference_minor}.",
    },
    "unpaid": {
        "en": "Order {order} asks for {lines_minor}; no payment names it.",
        "id": "Pesanan {order} menagih {lines_minor}; tidak ada pembayaran yang menyebutnya.",
    },
    "no_order": {
        "en": "A payment of {paid_minor} names order {order}, which we do not have.",
        "id": "Pembayaran {paid_minor} menyebut pesanan {order}, yang tidak ada pada kami.",
    },
    "tied_by_cod": {
        "en": "Order {order} is paid in cash at the door; it is tied by the courier's remittance.",
        "id": "Pesanan {order} dibayar tunai saat diterima; dicocokkan lewat setoran kurir.",
    },
}
