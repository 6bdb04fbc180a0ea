"""The words of assess, English and Indonesian: one template a step code; numbers are put in by the face that speaks."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "vat_matched": {
        "en": "VAT on bill {bill}, code {tax_code}: {vat_billed_minor} billed is what the law gives on {billed_base_minor}. "
        "We accept {vat_agreed_minor}, the VAT on the {agreed_base_minor} we agreed to.",
        "id": "PPN tagihan {bill}, kode {tax_code}: {vat_billed_minor} yang ditagih sesuai ketentuan atas "
        "{billed_base_minor}. Kami menerima {vat_agreed_minor}, yaitu PPN atas {agreed_base_minor} yang disetujui.",
    },
    "vat_rounding": {
        "en": "VAT on bill {bill}, code {tax_code}: {vat_billed_minor} billed, {vat_lawful_minor} by the law. One unit is the"
        " rounding of the tax invoice; we accept {vat_agreed_minor}.",
        "id": "PPN tagihan {bill}, kode {tax_code}: ditagih {vat_billed_minor}, menurut ketentuan {vat_lawful_minor}. Selisih"
        " satu satuan adalah pembulatan faktur pajak; kami menerima {vat_agreed_minor}.",
    },
    "vat_wrong_tax": {
        "en": "VAT on bill {bill}, code {tax_code}: {vat_billed_minor} billed, but the law gives {vat_lawful_minor} on "
        "{billed_base_minor}. We accept {vat_agreed_minor}. Ask the vendor to replace its tax invoice.",
        "id": "PPN tagihan {bill}, kode {tax_code}: ditagih {vat_billed_minor}, padahal menurut ketentuan {vat_lawful_minor} "
        "atas {billed_base_minor}. Kami menerima {vat_agreed_minor}. Mintalah faktur pajak pengganti kepada vendor.",
    },
    "vat_tax_without_pkp": {
        "en": "VAT on bill {bill}: {vat_billed_minor} billed by a vendor that is not registered for VAT (PKP). It may bill "
        "none. If it is registered by now, record that with its date.",
        "id": "PPN tagihan {bill}: {vat_billed_minor} ditagih oleh vendor yang bukan PKP, sehingga tidak boleh memungut PPN. "
        "Jika sudah dikukuhkan sebagai PKP, catat beserta tanggalnya.",
    },
    "vat_no_rate": {
        "en": "VAT on bill {bill}: {vat_billed_minor} billed, but no VAT rate is on file for its date. The VAT waits until "
        "one is added to the country's rows.",
        "id": "PPN tagihan {bill}: ditagih {vat_billed_minor}, tetapi tidak ada tarif PPN untuk tanggalnya. PPN ditahan "
        "sampai tarifnya ditambahkan pada data negara.",
    },
    "wht": {
        "en": "{tax} withheld: {amount_minor}, at {rate_ppm} ppm of {base_minor}.",
        "id": "{tax} dipotong: {amount_minor}, dengan tarif {rate_ppm} ppm dari {base_minor}.",
    },
    "vat_out": {
        "en": "VAT on our fees, code {tax}: {amount_minor}, at {rate_ppm} ppm of {base_minor}.",
        "id": "PPN atas biaya kami, kode {tax}: {amount_minor}, dengan tarif {rate_ppm} ppm dari {base_minor}.",
    },
}
