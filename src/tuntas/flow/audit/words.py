"""The words of audit, English and Indonesian: for each cause what happened, what it means in money, what to do; and the steps.

Placeholders are columns of `audited` (amounts already written by the face): {billed}, {expected}, {difference}, {disputed},
{held}, {billed_g}, {expected_g}, {billed_zone}, {expected_zone}, {first_seen}, {subject}, {charge}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# cause -> language -> (what happened, what it means in money, what to do)
Told = tuple[str, str, str]
CAUSES: dict[str, dict[str, Told]] = {
    "matched": {
        "en": ("Billed as agreed.", "{billed} is accepted.", "Nothing to do."),
        "id": ("Ditagih sesuai perjanjian.", "{billed} diterima.", "Tidak ada yang perlu dilakukan."),
    },
    "tolerance": {
        "en": (
            "Billed {billed}, expected {expected}: the difference is within what the agreement forgives.",
            "{difference} is accepted and counted under tolerance.",
            "Nothing to do; watch the sum of the cause.",
        ),
        "id": (
            "Ditagih {billed}, seharusnya {expected}: selisihnya masih dalam batas toleransi perjanjian.",
            "{difference} diterima dan dihitung sebagai toleransi.",
            "Tidak ada yang perlu dilakukan; pantau jumlah toleransi.",
        ),
    },
    "wrong_step": {
        "en": (
            "The weight was rounded up to {billed_g} g without the agreed tolerance; the chargeable weight is {expected_g} g.",
            "{billed} billed, {expected} agreed, {difference} disputed.",
            "Ask the vendor to round with the tolerance of the agreement and to credit the difference.",
        ),
        "id": (
            "Berat dibulatkan ke {billed_g} g tanpa toleransi yang disepakati; berat tagih adalah {expected_g} g.",
            "Ditagih {billed}, disetujui {expected}, disanggah {difference}.",
            "Minta vendor membulatkan sesuai toleransi perjanjian dan mengkreditkan selisihnya.",
        ),
    },
    "wrong_divisor": {
        "en": (
            "The volumetric weight was counted with another divisor, giving {billed_g} g instead of {expected_g} g.",
            "{billed} billed, {expected} agreed, {difference} disputed.",
            "Point to the divisor in the agreement and ask for a credit.",
        ),
        "id": (
            "Berat volumetrik dihitung dengan pembagi lain sehingga menjadi {billed_g} g, bukan {expected_g} g.",
            "Ditagih {billed}, disetujui {expected}, disanggah {difference}.",
            "Tunjukkan pembagi dalam perjanjian dan minta nota kredit.",
        ),
    },
    "wrong_zone": {
        "en": (
            "Priced in zone {billed_zone}; the route is in zone {expected_zone}.",
            "{billed} billed, {expected} agreed, {difference} disputed.",
            "Send the origin and destination with the zone table and ask for a credit.",
        ),
        "id": (
            "Dihitung dengan zona {billed_zone}; rutenya termasuk zona {expected_zone}.",
            "Ditagih {billed}, disetujui {expected}, disanggah {difference}.",
            "Kirim asal dan tujuan beserta tabel zona, lalu minta nota kredit.",
        ),
    },
    "expired_rate": {
        "en": (
            "Priced by another version of the agreement than the one in force on the day of handover.",
            "{billed} billed, {expected} agreed, difference {difference}.",
            "Point to the dates of the two versions and ask for a correction.",
        ),
        "id": (
            "Dihitung dengan versi perjanjian lain, bukan versi yang berlaku pada tanggal serah terima.",
            "Ditagih {billed}, disetujui {expected}, selisih {difference}.",
            "Tunjukkan masa berlaku kedua versi dan minta koreksi.",
        ),
    },
    "wrong_weight": {
        "en": (
            "Billed for {billed_g} g; our chargeable weight is {expected_g} g and no rounding or divisor explains theirs.",
            "{billed} billed, {expected} agreed, {difference} disputed.",
            "Ask for the weighing record of the parcel.",
        ),
        "id": (
            "Ditagih untuk {billed_g} g; berat tagih kami {expected_g} g tanpa pembulatan atau pembagi yang menjelaskannya.",
            "Ditagih {billed}, disetujui {expected}, disanggah {difference}.",
            "Minta bukti timbang paket tersebut.",
        ),
    },
    "duplicate_in_bill": {
        "en": (
            "The same charge of the same subject is billed twice on this bill; first at {first_seen}.",
            "{billed} is disputed in full.",
            "Ask for a credit of the repeated line.",
        ),
        "id": (
            "Biaya yang sama untuk {subject} ditagih dua kali dalam tagihan ini; pertama di {first_seen}.",
            "{billed} disanggah seluruhnya.",
            "Minta nota kredit untuk baris yang berulang.",
        ),
    },
    "duplicate_across_bills": {
        "en": (
            "The same charge of the same subject was billed before, at {first_seen}.",
            "{billed} is disputed in full.",
            "Ask for a credit of this line; the first one stands.",
        ),
        "id": (
            "Biaya yang sama untuk {subject} sudah pernah ditagih, di {first_seen}.",
            "{billed} disanggah seluruhnya.",
            "Minta nota kredit untuk baris ini; yang pertama tetap berlaku.",
        ),
    },
    "bill_twice": {
        "en": (
            "Every charge of this bill is on an earlier bill; this line is at {first_seen}.",
            "{billed} is disputed in full.",
            "Return the bill as a copy.",
        ),
        "id": (
            "Semua biaya dalam tagihan ini sudah ada pada tagihan sebelumnya; baris ini di {first_seen}.",
            "{billed} disanggah seluruhnya.",
            "Kembalikan tagihan ini karena merupakan salinan.",
        ),
    },
    "never_shipped": {
        "en": (
            "We handed over nothing under {subject}.",
            "{billed} is disputed in full.",
            "Ask for the proof of pickup; check our own shipment data for the number.",
        ),
        "id": (
            "Tidak ada kiriman kami dengan nomor {subject}.",
            "{billed} disanggah seluruhnya.",
            "Minta bukti penjemputan; periksa juga nomor itu di data kiriman kita.",
        ),
    },
    "wrong_vendor": {
        "en": (
            "{subject} was carried by another vendor.",
            "{billed} is disputed in full.",
            "Ask for the proof of pickup, or for a corrected number.",
        ),
        "id": (
            "{subject} dibawa oleh vendor lain.",
            "{billed} disanggah seluruhnya.",
            "Minta bukti penjemputan atau nomor yang benar.",
        ),
    },
    "not_delivered": {
        "en": (
            "{subject} is still on its way: no delivery, return or loss is known.",
            "{billed} is disputed until it arrives; the cost stays accrued.",
            "Ask for the proof of delivery, or for the charge on a later bill.",
        ),
        "id": (
            "{subject} masih dalam perjalanan: belum ada status terkirim, retur, atau hilang.",
            "{billed} disanggah sampai paket tiba; biayanya tetap diakru.",
            "Minta bukti pengiriman, atau minta ditagihkan pada tagihan berikutnya.",
        ),
    },
    "return_as_delivered": {
        "en": (
            "{subject} came back to the sender but is billed as if delivered.",
            "{billed} billed, {expected} agreed for the return, difference {difference}.",
            "Send the return scan and ask for the return rate.",
        ),
        "id": (
            "{subject} kembali ke pengirim tetapi ditagih seolah-olah terkirim.",
            "Ditagih {billed}, disetujui {expected} untuk retur, selisih {difference}.",
            "Kirim bukti pindai retur dan minta tarif retur.",
        ),
    },
    "off_contract": {
        "en": (
            "The agreement gives no such charge ({charge}) for {subject}.",
            "{billed} is disputed in full.",
            "Ask for the clause or for a signed order; add it to the agreement if it is right.",
        ),
        "id": (
            "Perjanjian tidak memuat biaya ini ({charge}) untuk {subject}.",
            "{billed} disanggah seluruhnya.",
            "Minta pasal atau pesanan tertulisnya; tambahkan ke perjanjian bila memang benar.",
        ),
    },
    "unknown_charge": {
        "en": (
            "Nobody knows what the vendor means by these words: {charge}.",
            "{billed} is disputed in full.",
            "Ask what it is; map the words in the agreement if the charge is agreed.",
        ),
        "id": (
            "Istilah vendor ini belum dikenal: {charge}.",
            "{billed} disanggah seluruhnya.",
            "Tanyakan artinya; petakan istilah itu di perjanjian bila biayanya disepakati.",
        ),
    },
    "no_rate": {
        "en": (
            "There is no rate on file for this charge of {subject}.",
            "{held} waits; it is neither accepted nor refused.",
            "Complete the agreement, then run the cycle again.",
        ),
        "id": (
            "Belum ada tarif tercatat untuk biaya {subject} ini.",
            "{held} ditahan; belum diterima dan belum ditolak.",
            "Lengkapi perjanjian, lalu jalankan siklus lagi.",
        ),
    },
    "ambiguous_rate": {
        "en": (
            "Two rates on file fit this charge of {subject}.",
            "{held} waits; it is neither accepted nor refused.",
            "Correct the agreement so that one rate fits, then run the cycle again.",
        ),
        "id": (
            "Ada dua tarif tercatat yang cocok untuk biaya {subject} ini.",
            "{held} ditahan; belum diterima dan belum ditolak.",
            "Perbaiki perjanjian sehingga hanya satu tarif yang cocok, lalu jalankan siklus lagi.",
        ),
    },
    "underbilled": {
        "en": (
            "Billed {billed}, below the {expected} we expect.",
            "{billed} is accepted; the vendor may still claim the rest.",
            "Nothing to pay beyond the bill; keep the difference in view.",
        ),
        "id": (
            "Ditagih {billed}, di bawah {expected} menurut perhitungan kami.",
            "{billed} diterima; vendor masih dapat menagih sisanya.",
            "Tidak perlu membayar lebih dari tagihan; pantau selisihnya.",
        ),
    },
    "price_differs": {
        "en": (
            "Billed {billed}, expected {expected}; no single fault we know explains the price.",
            "{expected} is agreed, {difference} disputed.",
            "Ask the vendor for its calculation.",
        ),
        "id": (
            "Ditagih {billed}, seharusnya {expected}; tidak ada satu kesalahan pun yang kami kenal dapat menjelaskan harganya.",
            "Disetujui {expected}, disanggah {difference}.",
            "Minta perhitungan dari vendor.",
        ),
    },
}
# Causes that stand on documents rather than on bill lines; placeholders as in `causes`.
DOCUMENTS: dict[str, dict[str, Told]] = {
    "wrong_tax": {
        "en": ("The VAT is not the lawful VAT of its base.", "{at_stake} too much VAT.", "Ask for a replaced tax invoice."),
        "id": ("PPN pada tagihan tidak sesuai ketentuan.", "PPN lebih {at_stake}.", "Minta faktur pajak pengganti."),
    },
    "tax_without_pkp": {
        "en": ("VAT was billed by a vendor not registered for VAT.", "{at_stake} is refused.", "Ask for a bill without VAT."),
        "id": ("PPN ditagih oleh vendor yang bukan PKP.", "{at_stake} ditolak.", "Minta tagihan tanpa PPN."),
    },
    "short_cod": {
        "en": ("Less cash was handed over than collected.", "{at_stake} is missing.", "Ask the courier for the rest, by waybill."),
        "id": ("Uang COD yang disetor kurang dari yang ditagih.", "Kurang {at_stake}.", "Minta sisanya ke kurir, per resi."),
    },
    "over_cod": {
        "en": ("More cash was handed over than collected.", "{at_stake} is not ours yet.", "Ask the courier what it belongs to."),
        "id": ("Uang COD yang disetor melebihi yang ditagih.", "Lebih {at_stake}.", "Tanyakan ke kurir asal kelebihannya."),
    },
    "outstanding": {
        "en": ("Delivered; the cash has not been handed over yet.", "{at_stake} is outstanding.", "Follow up when it is due."),
        "id": ("Sudah terkirim; uang COD belum disetor.", "{at_stake} belum disetor.", "Tindak lanjuti saat jatuh tempo."),
    },
    "missing_bill": {
        "en": ("A bill of the vendor's rhythm has not come.", "{at_stake} is accrued.", "Ask for it before the period closes."),
        "id": ("Satu tagihan dalam siklus vendor belum datang.", "{at_stake} diakru.", "Minta tagihannya sebelum tutup buku."),
    },
}
STEPS: dict[str, dict[str, str]] = {
    "audit_words": {
        "en": "The vendor's words “{words}” mean {charge_type}.",
        "id": "Istilah vendor “{words}” berarti {charge_type}.",
    },
    "audit_duplicate": {"en": "Billed first at {first}.", "id": "Pertama kali ditagih di {first}."},
    "audit_copy": {"en": "The whole bill repeats bill {bill}.", "id": "Seluruh tagihan ini mengulang tagihan {bill}."},
    "audit_credit": {"en": "A credit of {billed}, taken as it stands.", "id": "Kredit {billed}, diterima apa adanya."},
    "audit_stranger": {"en": "No subject {subject} is known.", "id": "{subject} tidak dikenal."},
    "audit_other": {"en": "{subject} belongs to {vendor}.", "id": "{subject} milik {vendor}."},
    "audit_moving": {"en": "{subject} is still in transit.", "id": "{subject} masih dalam perjalanan."},
    "audit_hold": {"en": "The rate waits: {code}.", "id": "Tarif belum pasti: {code}."},
    "audit_off_contract": {
        "en": "{agreement} gives no {charge_type} here in {currency}.",
        "id": "{agreement} tidak memuat {charge_type} di sini dalam {currency}.",
    },
    "audit_unknown_charge": {"en": "No agreement knows “{words}”.", "id": "Tidak ada perjanjian yang mengenal “{words}”."},
    "audit_exchange": {
        "en": "{quoted_minor} at {published} ({source}, rate of {valid_from}), as the bill is of {billed_on}, is {amount_minor}.",
        "id": "{quoted_minor} dengan kurs {published} ({source}, kurs {valid_from}), karena tagihan bertanggal {billed_on}, adalah {amount_minor}.",
    },
    "audit_expectation": {
        "en": "Billed {billed}, expected {expected}: difference {difference}.",
        "id": "Ditagih {billed}, seharusnya {expected}: selisih {difference}.",
    },
    "audit_tolerance_line": {
        "en": "A difference of {difference} is forgiven on a line: up to {under} below and {over} above.",
        "id": "Selisih {difference} ditoleransi per baris: hingga {under} di bawah dan {over} di atas.",
    },
    "audit_tolerance_document": {
        "en": "The differences of the bill come to {document}, within {under} below and {over} above.",
        "id": "Selisih seluruh tagihan {document}, dalam batas {under} di bawah dan {over} di atas.",
    },
    "audit_cause": {
        "en": "The difference of {difference} has the cause {cause}.",
        "id": "Selisih {difference} disebabkan oleh {cause}.",
    },
    "audit_split": {
        "en": "{billed} billed = {agreed} agreed + {disputed} disputed + {held} held.",
        "id": "{billed} ditagih = {agreed} disetujui + {disputed} disanggah + {held} ditahan.",
    },
}


def tell(*, row: Mapping[str, Any], language: str, amount: Callable[[int], str]) -> Told:
    """What happened, what it means in money and what to do, for a row of `audited`; `amount` writes minor units for people."""
    facts = {
        "billed": amount(row["billed_minor"]),
        "expected": amount(row["expected_minor"] or 0),
        "difference": amount(abs(row["difference_minor"])),
        "disputed": amount(row["disputed_minor"]),
        "held": amount(row["held_minor"]),
        "subject": row["subject_id"] or "-",
        "charge": row["charge_text"],
        "first_seen": row["first_seen"] or "-",
        **{name: "-" if row[name] is None else row[name] for name in ("billed_g", "expected_g", "billed_zone", "expected_zone")},
    }
    happened, money, act = CAUSES[row["cause"]][language]
    return happened.format(**facts), money.format(**facts), act.format(**facts)
