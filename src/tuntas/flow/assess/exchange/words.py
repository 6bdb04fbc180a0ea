"""The words of the exchange of taxes, English and Indonesian: one template a step code."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "TAX-FX": {
        "en": "Reported in {currency}: {quoted_base_minor} at {published} ({fx_source}, rate of {fx_on}) is a base of {base_minor}, and the tax on"
        " it is {amount_minor}. The rate is that of {exchanged_on}; what the party is owed stays in {quoted_in}.",
        "id": "Dilaporkan dalam {currency}: {quoted_base_minor} dengan kurs {published} ({fx_source}, kurs {fx_on}) adalah DPP {base_minor}, dan"
        " pajaknya {amount_minor}. Kurs yang dipakai kurs pada {exchanged_on}; hak pihak tersebut tetap dalam {quoted_in}.",
    },
    "TAX-FX-01": {
        "en": "Not reported yet: {fx_source} has no rate of {quoted_in} in {currency} for {exchanged_on}. Import the published rate and plan the"
        " cycle again.",
        "id": "Belum dilaporkan: {fx_source} tidak memiliki kurs {quoted_in} dalam {currency} untuk {exchanged_on}. Impor kurs yang diumumkan"
        " lalu rencanakan ulang siklusnya.",
    },
    "TAX-FX-02": {
        "en": "Not reported yet: {fx_source} has more than one rate of {quoted_in} in {currency} for {exchanged_on}: {candidates}. Correct the rates"
        " and plan the cycle again.",
        "id": "Belum dilaporkan: {fx_source} memiliki lebih dari satu kurs {quoted_in} dalam {currency} untuk {exchanged_on}: {candidates}."
        " Perbaiki kursnya lalu rencanakan ulang siklusnya.",
    },
    "TAX-FX-03": {
        "en": "Not reported: this tax has slices whose edges are amounts in {currency}, and it was counted in {quoted_in}. Work the tax out by"
        " hand, or settle the party in {currency}.",
        "id": "Belum dilaporkan: pajak ini berlapis dengan batas dalam {currency}, sedangkan penghitungannya dalam {quoted_in}. Hitung pajaknya"
        " secara manual, atau selesaikan pihak ini dalam {currency}.",
    },
}
