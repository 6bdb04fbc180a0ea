"""The words of charges over a period, English and Indonesian: one template a step code of the clerk; its facts are put in by the face that speaks.

A template names facts in braces; a name ending in `_minor` is money, in `_ppm` a rate, in `_g` grams, in `_from`, `_to` or `_on` a day.
"""

from __future__ import annotations

_SPAN = "From {period_from} to {last_on}, by day of service: "
_SPAN_ID = "Dari {period_from} sampai {last_on}, menurut hari layanan: "
_FLOOR_END = "; the agreement asks at least {min_minor} a period, so it is {amount_minor}."
_FLOOR_END_ID = "; perjanjian menetapkan minimum {min_minor} per masa, jadi {amount_minor}."
_CAP_END = "; the agreement asks at most {max_minor} a period, so it is {amount_minor}."
_CAP_END_ID = "; perjanjian menetapkan maksimum {max_minor} per masa, jadi {amount_minor}."

WORDS: dict[str, dict[str, str]] = {
    "PERIOD-MEASURE-COUNT": {
        "en": _SPAN + "{measured} counted ({subject}), all at their end.",
        "id": _SPAN_ID + "terhitung {measured} ({subject}), semuanya sudah selesai.",
    },
    "PERIOD-MEASURE-KG": {
        "en": _SPAN + "{measured_g} g of chargeable weight ({subject}).",
        "id": _SPAN_ID + "berat tertagih {measured_g} g ({subject}).",
    },
    "PERIOD-MEASURE-AMOUNT": {
        "en": _SPAN + "{measured_minor} of {charges}, before any sign.",
        "id": _SPAN_ID + "{measured_minor} dari {charges}, sebelum tanda.",
    },
    "PERIOD-FLOOR-DAYS-MINOR": {
        "en": "The agreement is in force on {days_in_force} of the {days} days of the period: the minimum of {whole_minor} is cut to {floor_minor}.",
        "id": "Perjanjian berlaku {days_in_force} dari {days} hari masa itu: minimum {whole_minor} menjadi {floor_minor}.",
    },
    "PERIOD-FLOOR-DAYS-UNITS": {
        "en": "The agreement is in force on {days_in_force} of the {days} days of the period: the minimum of {whole_units} is cut to {floor_units}.",
        "id": "Perjanjian berlaku {days_in_force} dari {days} hari masa itu: minimum {whole_units} menjadi {floor_units}.",
    },
    "PERIOD-FLOOR-DAYS-GRAMS": {
        "en": "The agreement is in force on {days_in_force} of the {days} days of the period: the minimum of {whole_units} g is cut to {floor_units} g.",
        "id": "Perjanjian berlaku {days_in_force} dari {days} hari masa itu: minimum {whole_units} g menjadi {floor_units} g.",
    },
    "RATE-PERIOD-01": {
        "en": "{charge_type} of {period} is on hold: of {missing_days} days of the period nobody gave the facts. Settle those days first.",
        "id": "{charge_type} masa {period} ditahan: fakta {missing_days} hari dari masa itu belum ada. Selesaikan hari itu dahulu.",
    },
    "RATE-MEASURE-01": {
        "en": "{charge_type} of {period} is on hold: {held_count} of the lines it is counted on wait for a rate, so its tier is not known. "
        "Add the rates.",
        "id": "{charge_type} masa {period} ditahan: {held_count} baris dasarnya masih menunggu tarif, jadi tingkatnya belum diketahui. "
        "Tambahkan tarifnya.",
    },
    "RATE-TIER-01": {
        "en": "{charge_type} of {period} is on hold: no tier holds what was measured. Write the missing tier, with the rate 0% where nothing "
        "is given.",
        "id": "{charge_type} masa {period} ditahan: tidak ada tingkat yang memuat hasil hitungan. Tulis tingkat yang kurang, dengan tarif 0% "
        "bila tidak ada yang diberikan.",
    },
    "RATE-TIER-02": {
        "en": "{charge_type} of {period} is on hold: more than one tier holds what was measured: {candidates}. Correct the tiers.",
        "id": "{charge_type} masa {period} ditahan: lebih dari satu tingkat memuat hasil hitungan: {candidates}. Perbaiki tingkatnya.",
    },
}
_WHOLE = (
    ("PERIOD-TIERS", "The tiers make {raw_minor}", "Semua tingkat berjumlah {raw_minor}"),
    (
        "PERIOD-FLOOR-AMOUNT",
        "Guaranteed are {floor_minor} a period; {measured_minor} were reached, so {raw_minor} is missing",
        "Dijamin {floor_minor} per masa; tercapai {measured_minor}, jadi kurang {raw_minor}",
    ),
    (
        "PERIOD-FLOOR-COUNT",
        "Guaranteed are {floor_units} a period; {measured} were reached. Each that is missing costs {each_minor}: {raw_minor}",
        "Dijamin {floor_units} per masa; tercapai {measured}. Setiap kekurangan {each_minor}: {raw_minor}",
    ),
    (
        "PERIOD-FLOOR-KG",
        "Guaranteed are {floor_units} g a period; {measured_g} g were reached. Each kilogram that is missing costs {each_minor}: {raw_minor}",
        "Dijamin {floor_units} g per masa; tercapai {measured_g} g. Setiap kilogram yang kurang {each_minor}: {raw_minor}",
    ),
)
for _code, _en, _id in _WHOLE:
    WORDS[_code] = {"en": _en + ".", "id": _id + "."}
    WORDS[f"{_code}-MIN"] = {"en": _en + _FLOOR_END, "id": _id + _FLOOR_END_ID}
    WORDS[f"{_code}-MAX"] = {"en": _en + _CAP_END, "id": _id + _CAP_END_ID}
# A tier: its edges in the unit that is measured, the way it holds, and what it gives.
_EDGES = {
    "COUNT": ("{from_units}", "{to_units}", "{units}"),
    "KG": ("{from_units} g", "{to_units} g", "{units} g"),
    "AMOUNT": ("{from_minor}", "{to_minor}", "{units_minor}"),
}
_WAYS = {
    "ALL": ("It holds for all {units}", "Berlaku untuk semua {units}"),
    "PART": ("It holds for the {units} that lie in it", "Berlaku untuk {units} di dalamnya"),
}
# What it gives: a rate (R, by line L), an amount each (E), an amount for reaching it (F), any of them together, or nothing.
_GIVES = {
    "R": ("{rate_ppm} of {base_minor}", "{rate_ppm} dari {base_minor}"),
    "L": ("{rate_ppm} of each line, rounded line by line", "{rate_ppm} dari setiap baris, dibulatkan per baris"),
    "E": ("{each_minor} for EACH", "{each_minor} untuk EACH"),
    "F": ("{fixed_minor} for reaching it", "{fixed_minor} karena tercapai"),
}
_EACH = {"COUNT": ("each", "tiap satuan"), "KG": ("each kilogram", "tiap kilogram"), "AMOUNT": ("each", "tiap satuan")}
_GIVEN = ("", "R", "L", "E", "F", "RE", "RF", "LE", "LF", "EF", "REF", "LEF")


def _gives(given: str, unit: str, at: int) -> str:
    if not given:
        return ("; it gives nothing.", "; tidak memberi apa-apa.")[at]
    said = [_GIVES[letter][at].replace("EACH", _EACH[unit][at]) for letter in given]
    join, makes = ((" and ", " make {amount_minor}."), (" dan ", " menjadi {amount_minor}."))[at]
    return "; " + join.join(said) + makes


for _unit, (_low, _high, _units) in _EDGES.items():
    for _way, (_holds, _holds_id) in _WAYS.items():
        for _open in ("", "-OPEN"):
            _en = f"Tier {{tier_no}}, from {_low}" + ("" if _open else f" to below {_high}") + ". " + _holds.format(units=_units)
            _id = (
                f"Tingkat {{tier_no}}, mulai {_low}"
                + ("" if _open else f" sampai di bawah {_high}")
                + ". "
                + _holds_id.format(units=_units)
            )
            for _given in _GIVEN:
                WORDS[f"PERIOD-TIER-{_way}-{_unit}{_open}" + (f"-{_given}" if _given else "")] = {
                    "en": _en + _gives(_given, _unit, 0),
                    "id": _id + _gives(_given, _unit, 1),
                }
