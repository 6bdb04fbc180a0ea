"""The words of settle, English and Indonesian: one template a kind of line, and the sentence of the closing balance."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "opening": {
        "en": "Balance carried in: {memo_minor}.",
        "id": "Saldo yang dibawa masuk: {memo_minor}.",
    },
    "charge": {
        "en": "{charge_type} on bill {document}: we agreed to {amount_minor} over {count} lines.",
        "id": "{charge_type} pada tagihan {document}: disetujui {amount_minor} dari {count} baris.",
    },
    "vat": {
        "en": "VAT of bill {document}, code {charge_type}: we accept {amount_minor}.",
        "id": "PPN tagihan {document}, kode {charge_type}: diterima {amount_minor}.",
    },
    "wht": {
        "en": "Income tax withheld, object {charge_type}: {amount_minor}. You receive a withholding slip for it.",
        "id": "PPh dipotong, objek {charge_type}: {amount_minor}. Bukti potong akan diterbitkan.",
    },
    "wht_borne": {
        "en": "Income tax we bear for you, object {charge_type}: {amount_minor}. You receive the agreed amount in full.",
        "id": "PPh yang kami tanggung, objek {charge_type}: {amount_minor}. Anda menerima nilai yang disepakati secara penuh.",
    },
    "wht_back": {
        "en": "Income tax given back, object {charge_type}: {amount_minor}. It undoes tax of {document}.",
        "id": "PPh dikembalikan, objek {charge_type}: {amount_minor}. Membatalkan pajak pada {document}.",
    },
    "vat_self": {
        "en": "For information: VAT on a service from abroad on bill {document}, code {charge_type}: {memo_minor}. We pay it to the state "
        "ourselves; it does not change what you receive.",
        "id": "Sebagai informasi: PPN jasa luar negeri pada tagihan {document}, kode {charge_type}: {memo_minor}. Kami menyetorkannya "
        "sendiri ke kas negara; nilai yang Anda terima tidak berubah.",
    },
    "fee_vat_kept": {
        "en": "For information: VAT on our fees, code {charge_type}: {memo_minor}. As a collector of VAT you pay it to the state "
        "yourself; it is not taken from your balance.",
        "id": "Sebagai informasi: PPN atas biaya kami, kode {charge_type}: {memo_minor}. Sebagai pemungut PPN Anda menyetorkannya "
        "sendiri; saldo Anda tidak dipotong.",
    },
    "claim": {
        "en": "Claim for {count} parcels, {charge_type}: {amount_minor}.",
        "id": "Klaim atas {count} kiriman, {charge_type}: {amount_minor}.",
    },
    "rebate": {
        "en": "{charge_type} for {document}, by the agreement: {amount_minor}, taken from what we owe you.",
        "id": "{charge_type} untuk {document}, menurut perjanjian: {amount_minor}, dipotong dari yang kami bayarkan.",
    },
    "sale": {
        "en": "{count} sales became final: {amount_minor} of goods after your own discounts, paid by buyers.",
        "id": "{count} penjualan selesai: {amount_minor} nilai barang setelah diskon penjual, dibayar pembeli.",
    },
    "voucher": {
        "en": "Vouchers the platform bears on {count} of these sales: {amount_minor}, which we owe you as well.",
        "id": "Voucher yang ditanggung platform pada {count} penjualan ini: {amount_minor}, tetap menjadi hak penjual.",
    },
    "adjustment": {
        "en": "Adjustment of {charge_type} of earlier periods, by a change of the agreement: {amount_minor} over {count} charges.",
        "id": "Penyesuaian {charge_type} periode terdahulu, karena perubahan perjanjian: {amount_minor} dari {count} biaya.",
    },
    "billed": {
        "en": "Freight billed, {charge_type}: {amount_minor} over {count} parcels.",
        "id": "Ongkos kirim ditagihkan, {charge_type}: {amount_minor} atas {count} kiriman.",
    },
    "compensated": {
        "en": "Claim you have on us for {count} parcels, {charge_type}: {amount_minor}.",
        "id": "Klaim Anda kepada kami atas {count} kiriman, {charge_type}: {amount_minor}.",
    },
    "fee": {
        "en": "{charge_type} on {count} sales: {amount_minor}.",
        "id": "{charge_type} atas {count} penjualan: {amount_minor}.",
    },
    "fee_vat": {
        "en": "VAT on our fees, code {charge_type}: {amount_minor}.",
        "id": "PPN atas biaya kami, kode {charge_type}: {amount_minor}.",
    },
    "refund": {
        "en": "{count} refunds to buyers: {amount_minor}.",
        "id": "{count} pengembalian dana kepada pembeli: {amount_minor}.",
    },
    "payment": {
        "en": "Paid through the bank, {document}: {amount_minor} in this statement, {memo_minor} already out of the balance "
        "carried in.",
        "id": "Dibayar melalui bank, {document}: {amount_minor} dalam rekapitulasi ini, {memo_minor} sudah keluar dari saldo awal.",
    },
    "shipping": {
        "en": "For information: shipping buyers were charged on {count} sales, {memo_minor}; it pays the couriers.",
        "id": "Sebagai informasi: ongkos kirim yang dibayar pembeli pada {count} penjualan, {memo_minor}; untuk membayar kurir.",
    },
    "awaited": {
        "en": "{charge_type} of {document}, {memo_minor} over {count} rows: no bill has claimed it and no credit note has given it yet.",
        "id": "{charge_type} masa {document}, {memo_minor} dari {count} baris: belum ada tagihan atau nota kreditnya.",
    },
    "disputed": {
        "en": "Not accepted on bill {document}, {charge_type}: {memo_minor} over {count} rows. The dispute file gives each reason.",
        "id": "Tidak disetujui pada tagihan {document}, {charge_type}: {memo_minor} dari {count} baris. Alasannya ada di "
        "berkas sengketa.",
    },
    "hold": {
        "en": "Waiting, {charge_type}: {memo_minor} over {count} rows.",
        "id": "Ditahan, {charge_type}: {memo_minor} dari {count} baris.",
    },
    "closing": {
        "en": "{opening_minor} carried in and {movement_minor} moved give {closing_minor}: {payable_minor} payable, "
        "{held_minor} held, {carried_minor} carried to the next statement (the smallest payout is {min_payout_minor}).",
        "id": "{opening_minor} saldo awal dan {movement_minor} mutasi menjadi {closing_minor}: {payable_minor} dibayarkan, "
        "{held_minor} ditahan, {carried_minor} dibawa ke rekapitulasi berikutnya (pembayaran terkecil "
        "{min_payout_minor}).",
    },
    "closing_carried": {
        "en": "{opening_minor} carried in and {movement_minor} moved give {closing_minor}. Nothing is payable; the balance is"
        " carried to the next statement.",
        "id": "{opening_minor} saldo awal dan {movement_minor} mutasi menjadi {closing_minor}. Tidak ada yang dibayarkan; "
        "saldo dibawa ke rekapitulasi berikutnya.",
    },
}

# Why a sale of the period waits, for hold lines of sellers.
REASONS: dict[str, dict[str, str]] = {
    "completed_recently": {
        "en": "completed in the last days of the period, when a buyer may still return it",
        "id": "selesai pada hari-hari terakhir periode, ketika pembeli masih dapat mengembalikannya",
    },
    "cod_outstanding": {
        "en": "paid in cash at the door, and the courier has not handed the cash over",
        "id": "dibayar tunai saat diterima (COD), dan kurir belum menyetorkannya",
    },
    "cod_short": {
        "en": "paid in cash at the door, and the courier handed over less than it collected",
        "id": "dibayar tunai saat diterima (COD), dan setoran kurir kurang dari yang ditagih",
    },
}
