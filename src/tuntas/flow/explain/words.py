"""The words around a derivation: titles of nodes and sentences that join them, English and Indonesian."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "shipment": {"en": "Shipment {subject}", "id": "Kiriman {subject}"},
    "shipment_said": {
        "en": "{vendor}, service {service}, sent {shipped_on} from {origin} to {dest}; status {status}. It should cost {amount_minor}.",
        "id": "{vendor}, layanan {service}, dikirim {shipped_on} dari {origin} ke {dest}; status {status}. Seharusnya {amount_minor}.",
    },
    "subject": {"en": "{kind} {subject}", "id": "{kind} {subject}"},
    "subject_said": {
        "en": "Rated under the agreement of {party} on {rated_on}; its charges come to {amount_minor}.",
        "id": "Dihitung menurut perjanjian {party} pada {rated_on}; jumlah biayanya {amount_minor}.",
    },
    "order": {"en": "Order {order}", "id": "Pesanan {order}"},
    "order_said": {
        "en": "Its lines ask for {lines_minor}; {paid_minor} was paid: {verdict}.",
        "id": "Barisnya menagih {lines_minor}; dibayar {paid_minor}: {verdict}.",
    },
    "title_RATE-AGREEMENT": {"en": "Agreement", "id": "Perjanjian"},
    "title_RATE-VOLUMETRIC": {"en": "Volumetric weight", "id": "Berat volumetrik"},
    "title_RATE-WEIGHT-MAX": {"en": "Chargeable weight", "id": "Berat tertagih"},
    "title_RATE-WEIGHT-EACH": {"en": "Chargeable weight", "id": "Berat tertagih"},
    "title_RATE-ZONE": {"en": "Zone", "id": "Zona"},
    "charge": {"en": "{charge_type}", "id": "{charge_type}"},
    "adjustment": {"en": "Adjustment of {charge_type}", "id": "Penyesuaian {charge_type}"},
    "adjusted_then": {"en": "As settled: {what}", "id": "Sebagaimana diselesaikan: {what}"},
    "adjusted_now": {"en": "Under the agreement as changed: {what}", "id": "Menurut perjanjian yang diubah: {what}"},
    "adjusted_none": {"en": "Nothing is charged.", "id": "Tidak dikenakan biaya."},
    "how": {"en": "How it was found", "id": "Cara menghitungnya"},
    "bill_line": {"en": "Bill {bill}, line {line}: {charge}", "id": "Tagihan {bill}, baris {line}: {charge}"},
    "audit_step": {"en": "Audit", "id": "Pemeriksaan"},
    "expected": {"en": "What we expect", "id": "Yang seharusnya"},
    "vat": {"en": "VAT, code {tax_code}", "id": "PPN, kode {tax_code}"},
    "wht": {"en": "{tax} withheld", "id": "{tax} dipotong"},
    "tax_said": {
        "en": "{rate_ppm} of {base_minor}, rounded to the whole unit on the document.",
        "id": "{rate_ppm} dari {base_minor}, dibulatkan ke satuan penuh pada dokumen.",
    },
    "statement": {"en": "Statement of {party} for {cycle}", "id": "Rekapitulasi {party} untuk {cycle}"},
    "statement_said": {
        "en": "Opening {opening_minor} + movements {movement_minor} = closing {closing_minor}; of that payable {payable_minor}, held "
        "{held_minor}, carried {carried_minor}. Due {due_on}.",
        "id": "Saldo awal {opening_minor} + mutasi {movement_minor} = saldo akhir {closing_minor}; di antaranya terutang {payable_minor}, "
        "ditahan {held_minor}, dibawa {carried_minor}. Jatuh tempo {due_on}.",
    },
    "opening": {"en": "Opening balance", "id": "Saldo awal"},
    "movement": {"en": "Movements", "id": "Mutasi"},
    "line": {"en": "{what}", "id": "{what}"},
    "line_said": {
        "en": "Sum of {count} rows of {table}.",
        "id": "Jumlah {count} baris dari {table}.",
    },
    "memo_said": {
        "en": "{memo_minor} told here; it does not move the balance. {count} rows of {table}.",
        "id": "{memo_minor} disebut di sini; tidak mengubah saldo. {count} baris dari {table}.",
    },
    "row": {"en": "{source}", "id": "{source}"},
    "sale_said": {
        "en": "Price {price_minor} less your discount {discount_minor}; completed {completed_on}.",
        "id": "Harga {price_minor} dikurangi diskon penjual {discount_minor}; selesai {completed_on}.",
    },
    "refund_said": {"en": "Given back to the buyer on {refunded_on}.", "id": "Dikembalikan kepada pembeli pada {refunded_on}."},
    "match_said": {
        "en": "Cleared by bank line {bank_line} on {booked_on}.",
        "id": "Dilunasi oleh baris bank {bank_line} pada {booked_on}.",
    },
    "cod_said": {
        "en": "Cash at the door: expected {expected_minor}, handed over {remitted_minor} ({verdict}).",
        "id": "Tunai di tempat: seharusnya {expected_minor}, disetor {remitted_minor} ({verdict}).",
    },
    "party_said": {"en": "Balance when the cycle began.", "id": "Saldo pada awal siklus."},
    "entry": {"en": "Entry {entry}", "id": "Jurnal {entry}"},
    "entry_said": {
        "en": "{narration}. Booked {booked_on} because of {because}; debit and credit are both {total_minor}.",
        "id": "{narration}. Dibukukan {booked_on} karena {because}; debit dan kredit sama-sama {total_minor}.",
    },
    "debit": {"en": "Debit {account}", "id": "Debit {account}"},
    "credit": {"en": "Credit {account}", "id": "Kredit {account}"},
    "payment": {"en": "Payment {payment}", "id": "Pembayaran {payment}"},
    "payment_said": {
        "en": "Pays statement {statement} to {party}, account ending {ending}, by {rail} on {pay_on}; due {due_on}.",
        "id": "Membayar rekapitulasi {statement} kepada {party}, rekening berakhiran {ending}, lewat {rail} pada {pay_on}; jatuh tempo {due_on}.",
    },
    "payment_held": {
        "en": "Waits ({hold}); it pays statement {statement} of {party}, due {due_on}.",
        "id": "Ditahan ({hold}); membayar rekapitulasi {statement} milik {party}, jatuh tempo {due_on}.",
    },
}
