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
        "en": "{tax} withheld: {amount_minor}, at {rate_ppm} of {base_minor}.",
        "id": "{tax} dipotong: {amount_minor}, dengan tarif {rate_ppm} dari {base_minor}.",
    },
    "wht_counted": {
        "en": "{tax} withheld: {amount_minor}, at {rate_ppm} of {base_minor}. The period counted {before_minor} before this document"
        " and counts {after_minor} with it; this is the tax on the one less the tax on the other.",
        "id": "{tax} dipotong: {amount_minor}, dengan tarif {rate_ppm} dari {base_minor}. Sebelum dokumen ini terhitung "
        "{before_minor}, dengan dokumen ini {after_minor}; pajaknya adalah selisih pajak atas keduanya.",
    },
    "wht_none": {
        "en": "{tax}: nothing is withheld from {gross_minor}. The law cited says so for this payee on that day, or the gross has not"
        " reached the edge above which it is taxed.",
        "id": "{tax}: tidak ada yang dipotong dari {gross_minor}. Demikian ketentuan yang dikutip untuk penerima ini pada tanggal itu,"
        " atau jumlah bruto belum melewati batas yang dikenai pajak.",
    },
    "wht_borne": {
        "en": "{tax} is borne by us: {amount_minor} on a gross of {gross_minor}, so that the payee receives the agreed amount in full.",
        "id": "{tax} ditanggung kami: {amount_minor} atas bruto {gross_minor}, sehingga penerima memperoleh jumlah yang disepakati "
        "secara penuh.",
    },
    "vat_self": {
        "en": "VAT we owe ourselves on a service from abroad, code {tax}: {amount_minor}, at {rate_ppm} of {base_minor}. The vendor"
        " bills none.",
        "id": "PPN jasa luar negeri yang kami setor sendiri, kode {tax}: {amount_minor}, dengan tarif {rate_ppm} dari {base_minor}."
        " Vendor tidak memungutnya.",
    },
    "vat_kept": {
        "en": "VAT of the vendor that we keep and pay to the state as a collector, code {tax}: {amount_minor}, at {rate_ppm} of"
        " {base_minor}.",
        "id": "PPN vendor yang kami pungut dan setor ke kas negara sebagai pemungut, kode {tax}: {amount_minor}, dengan tarif "
        "{rate_ppm} dari {base_minor}.",
    },
    "vat_out": {
        "en": "VAT on our fees, code {tax}: {amount_minor}, at {rate_ppm} of {base_minor}.",
        "id": "PPN atas biaya kami, kode {tax}: {amount_minor}, dengan tarif {rate_ppm} dari {base_minor}.",
    },
    "wht_reversed": {
        "en": "{tax} given back: {amount_minor}. The authority suspended it for {taxed_on}; all that stands of it on {document} is undone.",
        "id": "{tax} dikembalikan: {amount_minor}. Pemungutannya untuk {taxed_on} ditangguhkan; seluruh sisanya pada {document} dibatalkan.",
    },
    "wht_returned": {
        "en": "{tax} given back: {amount_minor}, at {rate_ppm} of {base_minor} of sales on {document} that came back.",
        "id": "{tax} dikembalikan: {amount_minor}, dengan tarif {rate_ppm} dari {base_minor} penjualan pada {document} yang diretur.",
    },
}
