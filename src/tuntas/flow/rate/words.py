"""The words of rating, English and Indonesian: one template a step code of the clerk; its facts are put in by the face that speaks.

A template names facts in braces; a name ending in `_minor` is money, in `_ppm` a rate, in `_g` grams,
in `_from`, `_to` or `_on` a day.
"""

from __future__ import annotations

_BAND = "Zone {zone}, {chargeable_g} g: "
_BAND_ID = "Zona {zone}, {chargeable_g} g: "
_FURTHER = "{first_minor} for the first {first_g} g and {further} started units of {next_g} g at {next_minor} make {price_minor}"
_FURTHER_ID = (
    "{first_minor} untuk {first_g} g pertama dan {further} satuan {next_g} g berikutnya seharga {next_minor} menjadi {price_minor}"
)
_SHARE = "{rate_ppm} of {base_minor} ({base}) is {share_minor}"
_SHARE_ID = "{rate_ppm} dari {base_minor} ({base}) adalah {share_minor}"
_DATED = ", by the index {index_name} in force from {valid_from} ({source})"
_DATED_ID = ", menurut indeks {index_name} yang berlaku sejak {valid_from} ({source})"
_PLUS = "; with the fixed {plus_minor} it is {amount_minor}."
_PLUS_ID = "; ditambah biaya tetap {plus_minor} menjadi {amount_minor}."
_FLOOR = "; the agreement asks at least {min_minor}, so it is {amount_minor}."
_FLOOR_ID = "; perjanjian menetapkan minimum {min_minor}, jadi {amount_minor}."
_CAP = "; the agreement asks at most {max_minor}, so it is {amount_minor}."
_CAP_ID = "; perjanjian menetapkan maksimum {max_minor}, jadi {amount_minor}."
_SHARED = "; the agreement asks at most {times} times {cap_charges} ({capping_minor}), so it is {amount_minor}."
_SHARED_ID = "; perjanjian menetapkan maksimum {times} kali {cap_charges} ({capping_minor}), jadi {amount_minor}."
_UNITS = "{quantity} ({base}) at {unit_minor} each: {price_minor}"
_UNITS_ID = "{quantity} ({base}) masing-masing {unit_minor}: {price_minor}"
_STARTED = "{measured} ({base}), of which {free} free: {rest} in started units of {step} are {quantity}, at {unit_minor} each: {price_minor}"
_STARTED_ID = (
    "{measured} ({base}), {free} di antaranya bebas biaya: {rest} dalam satuan {step} yang dimulai adalah {quantity}, masing-masing "
    "{unit_minor}: {price_minor}"
)
_EXACT = "{measured} ({base}), of which {free} free: {rest} at {unit_minor} for each {step}, in proportion, {price_minor}"
_EXACT_ID = "{measured} ({base}), {free} di antaranya bebas biaya: {rest} seharga {unit_minor} per {step}, sebanding, {price_minor}"
_CLAIM = "A claim for {base_minor} ({base})"
_CLAIM_ID = "Klaim {base_minor} ({base})"

WORDS: dict[str, dict[str, str]] = {
    "RATE-AGREEMENT": {
        "en": "The agreement that rates it on {rated_on}: {name}, in force from {valid_from} until {valid_to}.",
        "id": "Perjanjian yang berlaku pada {rated_on}: {name}, berlaku sejak {valid_from} hingga {valid_to}.",
    },
    "RATE-VOLUMETRIC": {
        "en": "Volumetric weight: {volume_mm3} cubic millimetres by the divisor {divisor}, rounded up, is {volumetric_g} g.",
        "id": "Berat volumetrik: {volume_mm3} milimeter kubik dengan pembagi {divisor}, dibulatkan ke atas, adalah "
        "{volumetric_g} g.",
    },
    "RATE-WEIGHT-MAX": {
        "en": "Chargeable weight: the largest of actual {actual_g} g, volumetric {volumetric_g} g and the minimum {min_g} g is "
        "{heaviest_g} g; in steps of {step_g} g, tolerance {tolerance_g} g, that is {chargeable_g} g.",
        "id": "Berat tertagih: yang terbesar dari berat aktual {actual_g} g, volumetrik {volumetric_g} g dan "
        "minimum {min_g} g adalah "
        "{heaviest_g} g; dalam kelipatan {step_g} g dengan toleransi {tolerance_g} g menjadi {chargeable_g} g.",
    },
    "RATE-WEIGHT-EACH": {
        "en": "Chargeable weight: actual {actual_g} g and volumetric {volumetric_g} g are each rounded to steps of "
        "{step_g} g, tolerance "
        "{tolerance_g} g; the larger, at least {min_g} g, is {chargeable_g} g.",
        "id": "Berat tertagih: berat aktual {actual_g} g dan volumetrik {volumetric_g} g masing-masing dibulatkan "
        "ke kelipatan {step_g} g "
        "dengan toleransi {tolerance_g} g; yang terbesar, minimum {min_g} g, adalah {chargeable_g} g.",
    },
    "RATE-ZONE": {
        "en": "From {origin_area} to {dest_area}, service {service}, is zone {zone} (zone table: {row_origin} to {row_dest}).",
        "id": "Dari {origin_area} ke {dest_area}, layanan {service}, termasuk zona {zone} (tabel zona: "
        "{row_origin} ke {row_dest}).",
    },
    "RATE-BAND-FIRST": {
        "en": _BAND + "{first_minor}, the price of the band.",
        "id": _BAND_ID + "{first_minor}, harga kelas berat tersebut.",
    },
    "RATE-BAND-FIRST-MIN": {
        "en": _BAND + "{first_minor}, the price of the band" + _FLOOR,
        "id": _BAND_ID + "{first_minor}, harga kelas berat tersebut" + _FLOOR_ID,
    },
    "RATE-BAND-FURTHER": {"en": _BAND + _FURTHER + ".", "id": _BAND_ID + _FURTHER_ID + "."},
    "RATE-BAND-FURTHER-MIN": {"en": _BAND + _FURTHER + _FLOOR, "id": _BAND_ID + _FURTHER_ID + _FLOOR_ID},
    "RATE-BAND-KG": {
        "en": _BAND + "by the kilogram, rounded half up, {price_minor}.",
        "id": _BAND_ID + "dihitung per kilogram, dibulatkan ke satuan terdekat, {price_minor}.",
    },
    "RATE-BAND-KG-MIN": {
        "en": _BAND + "by the kilogram, rounded half up, {price_minor}" + _FLOOR,
        "id": _BAND_ID + "dihitung per kilogram, dibulatkan ke satuan terdekat, {price_minor}" + _FLOOR_ID,
    },
    "RATE-FLAT": {"en": "A fixed amount: {amount_minor}.", "id": "Jumlah tetap: {amount_minor}."},
    "RATE-CLAIM": {
        "en": "A claim for the whole value, {base_minor} ({base}): {amount_minor}.",
        "id": "Klaim sebesar seluruh nilai, {base_minor} ({base}): {amount_minor}.",
    },
    "RATE-CLAIM-MAX": {
        "en": _CLAIM + ", held to the agreed limit of {max_minor}: {amount_minor}.",
        "id": _CLAIM_ID + ", dibatasi hingga {max_minor} sesuai perjanjian: {amount_minor}.",
    },
    "RATE-CLAIM-CAP": {
        "en": _CLAIM + ", held to the agreed limit of {times} times {cap_charges} ({capping_minor}), {cap_minor}: {amount_minor}.",
        "id": _CLAIM_ID
        + ", dibatasi hingga {times} kali {cap_charges} ({capping_minor}) sesuai perjanjian, {cap_minor}: {amount_minor}.",
    },
    "RATE-WHEN-DAYS": {
        "en": "It applies as {rated_on} is in {date_list}: from {valid_from}, until {valid_to} ({source}).",
        "id": "Berlaku karena {rated_on} termasuk {date_list}: sejak {valid_from}, hingga {valid_to} ({source}).",
    },
    "RATE-LATE": {
        "en": "{days} calendar days from handing over to the end, {promised_days} were promised: {days_late} days late.",
        "id": "{days} hari kalender dari penyerahan sampai selesai, dijanjikan {promised_days}: terlambat {days_late} hari.",
    },
    "RATE-IN-TIME": {
        "en": "{days} calendar days from handing over to the end, {promised_days} were promised: {days_late} days late.",
        "id": "{days} hari kalender dari penyerahan sampai selesai, dijanjikan {promised_days}: terlambat {days_late} hari.",
    },
    "RATE-NOT-OWED": {
        "en": "{charge_type} is only worked out for other charges to be counted on; nobody owes it.",
        "id": "{charge_type} hanya dihitung sebagai dasar biaya lain; tidak ada yang terutang.",
    },
    "RATE-CAP-01": {
        "en": "{charge_type} is on hold: its limit is a share of charges that {service} to {dest_area} does not have. Add the charge the "
        "limit is counted on, with sign 0 where nobody owes it.",
        "id": "{charge_type} ditahan: batasnya adalah bagian dari biaya yang tidak ada pada {service} ke {dest_area}. Tambahkan biaya "
        "dasar batas itu, dengan sign 0 bila tidak terutang.",
    },
    "RATE-AGREEMENT-01": {
        "en": "On hold: no agreement of {party_id} covers {rated_on}. Add the agreement or correct its dates.",
        "id": "Ditahan: tidak ada perjanjian {party_id} yang berlaku pada {rated_on}. Tambahkan perjanjian atau "
        "perbaiki tanggalnya.",
    },
    "RATE-AGREEMENT-02": {
        "en": "On hold: several agreements of {party_id} cover {rated_on}: {candidates}. End one of them.",
        "id": "Ditahan: beberapa perjanjian {party_id} berlaku pada {rated_on}: {candidates}. Akhiri salah satunya.",
    },
    "RATE-ZONE-01": {
        "en": "{charge_type} is on hold: no zone from {origin_area} to {dest_area}, service {service}. Add the "
        "lane to the zone table.",
        "id": "{charge_type} ditahan: tidak ada zona dari {origin_area} ke {dest_area}, layanan {service}. "
        "Tambahkan ke tabel zona.",
    },
    "RATE-ZONE-02": {
        "en": "{charge_type} is on hold: two zones from {origin_area} to {dest_area}: {candidates}. Remove the wrong row.",
        "id": "{charge_type} ditahan: ada dua zona dari {origin_area} ke {dest_area}: {candidates}. Hapus baris yang salah.",
    },
    "RATE-BAND-01": {
        "en": "{charge_type} is on hold: no price on file for this zone and weight. Ask for the rate; do not pay "
        "the billed amount.",
        "id": "{charge_type} ditahan: tidak ada harga untuk zona dan berat ini. Minta tarifnya; jangan bayar jumlah yang ditagih.",
    },
    "RATE-BAND-02": {
        "en": "{charge_type} is on hold: more than one price fits: {candidates}. Correct the bands.",
        "id": "{charge_type} ditahan: lebih dari satu harga cocok: {candidates}. Perbaiki kelas beratnya.",
    },
    "RATE-INDEX-01": {
        "en": "{charge_type} is on hold: the index has no rate for {rated_on}. Add the published rate.",
        "id": "{charge_type} ditahan: indeks tidak memiliki tarif untuk {rated_on}. Tambahkan tarif yang diumumkan.",
    },
    "RATE-INDEX-02": {
        "en": "{charge_type} is on hold: the index has more than one rate for {rated_on}: {candidates}. Correct its dates.",
        "id": "{charge_type} ditahan: indeks memiliki lebih dari satu tarif untuk {rated_on}: {candidates}. Perbaiki tanggalnya.",
    },
}

WORDS |= {
    "RATE-FX": {
        "en": "{quoted_minor} at {published} ({source}, rate of {valid_from}) is {amount_minor}.",
        "id": "{quoted_minor} dengan kurs {published} ({source}, kurs {valid_from}) adalah {amount_minor}.",
    },
    "RATE-FX-BILL": {
        "en": "{quoted_minor} at {published} ({source}, rate of {valid_from}) is {amount_minor}, until the rate of the day of the bill is known.",
        "id": "{quoted_minor} dengan kurs {published} ({source}, kurs {valid_from}) adalah {amount_minor}, sampai kurs hari tagihan diketahui.",
    },
    "RATE-FX-FIXED": {
        "en": "{quoted_minor} at {published}, the rate fixed in the agreement, is {amount_minor}.",
        "id": "{quoted_minor} dengan kurs {published} yang ditetapkan dalam perjanjian adalah {amount_minor}.",
    },
    "RATE-FX-01": {
        "en": "On hold: {source} has no rate of {quoted_in} in {currency} for {rated_on}. Import the published rate.",
        "id": "Ditahan: {source} tidak memiliki kurs {quoted_in} dalam {currency} untuk {rated_on}. Impor kurs yang diumumkan.",
    },
    "RATE-FX-02": {
        "en": "On hold: {source} has more than one rate of {quoted_in} in {currency} for {rated_on}: {candidates}. Correct the rates.",
        "id": "Ditahan: {source} memiliki lebih dari satu kurs {quoted_in} dalam {currency} untuk {rated_on}: {candidates}. Perbaiki kursnya.",
    },
}


def _bounds(code: str, en: str, local: str) -> None:
    """Put the endings of an amount held to a bound behind what it came to."""
    WORDS[f"{code}-MIN"] = {"en": en + _FLOOR, "id": local + _FLOOR_ID}
    WORDS[f"{code}-MAX"] = {"en": en + _CAP, "id": local + _CAP_ID}
    WORDS[f"{code}-CAP"] = {"en": en + _SHARED, "id": local + _SHARED_ID}


for _code, _dated in (("RATE-PERCENT", ("", "")), ("RATE-INDEX", (_DATED, _DATED_ID))):
    _en, _id = _SHARE + _dated[0], _SHARE_ID + _dated[1]
    WORDS[_code] = {"en": _en + ".", "id": _id + "."}
    WORDS[f"{_code}-PLUS"] = {"en": _en + _PLUS, "id": _id + _PLUS_ID}
    _bounds(_code, _en, _id)
for _code, _en, _id in (
    ("RATE-UNIT", _UNITS, _UNITS_ID),
    ("RATE-UNIT-STARTED", _STARTED, _STARTED_ID),
    ("RATE-UNIT-EXACT", _EXACT, _EXACT_ID),
):
    WORDS[_code] = {"en": _en + ".", "id": _id + "."}
    _bounds(_code, _en, _id)
for _code, _en, _id, _unit in (
    ("CHARGEABLE", "the chargeable weight", "berat tertagih", "g"),
    ("ACTUAL", "the actual weight", "berat aktual", "g"),
    ("LONGEST", "the longest side", "sisi terpanjang", "mm"),
    ("LENGTH-GIRTH", "the longest side with twice the other two", "sisi terpanjang ditambah dua kali kedua sisi lain", "mm"),
):
    for _shape, _above, _above_id in (
        ("OVER", "above {over_limit} UNIT", "di atas {over_limit} UNIT"),
        ("UPTO", "not above {upto_limit} UNIT", "tidak di atas {upto_limit} UNIT"),
        (
            "BETWEEN",
            "above {over_limit} UNIT and not above {upto_limit} UNIT",
            "di atas {over_limit} UNIT dan tidak di atas {upto_limit} UNIT",
        ),
    ):
        WORDS[f"RATE-WHEN-{_code}-{_shape}"] = {
            "en": f"It applies as {_en}, {{measured}} UNIT, is {_above}.".replace("UNIT", _unit),
            "id": f"Berlaku karena {_id}, {{measured}} UNIT, {_above_id}.".replace("UNIT", _unit),
        }
