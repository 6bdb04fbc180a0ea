"""What an adjustment says of itself, in English and Indonesian."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "ADJUST-DIFFERENCE": {
        "en": "Charge {charge} of {cycle} was settled at {then_minor}; under the agreement as changed it is {now_minor}. The difference was "
        "signed with comparison {comparison}; the settled charge stands.",
        "id": "Biaya {charge} dari {cycle} diselesaikan sebesar {then_minor}; menurut perjanjian yang diubah menjadi {now_minor}. Selisihnya "
        "disetujui dengan perbandingan {comparison}; biaya yang telah diselesaikan tidak diubah.",
    },
}
