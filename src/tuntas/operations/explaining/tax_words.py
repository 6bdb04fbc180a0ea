"""The words of an explained tax, English and Indonesian."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "tax_title_vat_in": {"en": "VAT, code {tax_code}", "id": "PPN, kode {tax_code}"},
    "tax_title_vat_out": {"en": "VAT on our fees, code {tax_code}", "id": "PPN atas biaya kami, kode {tax_code}"},
    "tax_title_vat_self": {"en": "VAT we owe ourselves, code {tax_code}", "id": "PPN yang kami setor sendiri, kode {tax_code}"},
    "tax_title_wht": {"en": "{tax_code}, object {object_code}", "id": "{tax_code}, objek {object_code}"},
    "tax_title_wht_borne": {
        "en": "{tax_code} we bear, object {object_code}",
        "id": "{tax_code} kami tanggung, objek {object_code}",
    },
    "tax_title_reported": {"en": "As reported in {currency}", "id": "Dilaporkan dalam {currency}"},
    "tax_title_back": {"en": "{tax_code} given back, object {object_code}", "id": "{tax_code} dikembalikan, objek {object_code}"},
    "tax_said_vat_in": {
        "en": "{rate_ppm} of {base_minor} on bill {doc_id}, by the law of {taxed_on}, rounded to the whole unit on the document.",
        "id": "{rate_ppm} dari {base_minor} pada tagihan {doc_id}, menurut ketentuan pada {taxed_on}, dibulatkan ke satuan penuh pada "
        "dokumen.",
    },
    "tax_said_vat_out": {
        "en": "{rate_ppm} of our fees of {base_minor}, by the law of {taxed_on}, rounded to the whole unit on the document.",
        "id": "{rate_ppm} dari biaya kami {base_minor}, menurut ketentuan pada {taxed_on}, dibulatkan ke satuan penuh pada dokumen.",
    },
    "tax_said_kept": {
        "en": "{rate_ppm} of our fees of {base_minor}, by the law of {taxed_on}. The buyer is a collector of VAT and pays it itself, so "
        "its balance does not carry it.",
        "id": "{rate_ppm} dari biaya kami {base_minor}, menurut ketentuan pada {taxed_on}. Pembeli adalah pemungut PPN dan "
        "menyetorkannya sendiri, sehingga tidak masuk saldonya.",
    },
    "tax_said_vat_self": {
        "en": "{rate_ppm} of {base_minor} for a service from abroad on bill {doc_id}, by the law of {taxed_on}. We pay it to the state "
        "ourselves; the vendor bills none.",
        "id": "{rate_ppm} dari {base_minor} atas jasa luar negeri pada tagihan {doc_id}, menurut ketentuan pada {taxed_on}. Kami "
        "menyetorkannya sendiri; vendor tidak menagihnya.",
    },
    "tax_said_wht": {
        "en": "{rate_ppm} of {base_minor}, out of a gross of {gross_minor} on {doc_id}, by the law of {taxed_on}; slip: {form}.",
        "id": "{rate_ppm} dari {base_minor}, dari bruto {gross_minor} pada {doc_id}, menurut ketentuan pada {taxed_on}; bukti: {form}.",
    },
    "tax_said_wht_borne": {
        "en": "We bear the tax withheld on {doc_id}: the gross is {gross_minor}, so that the payee receives what was agreed.",
        "id": "Pajak yang dipotong pada {doc_id} kami tanggung: bruto menjadi {gross_minor}, agar penerima memperoleh nilai yang "
        "disepakati.",
    },
    "tax_said_back": {
        "en": "Undoes tax of {doc_id} on {base_minor} at {rate_ppm}; what was given back before is already taken off.",
        "id": "Membatalkan pajak pada {doc_id} atas {base_minor} dengan tarif {rate_ppm}; yang pernah dikembalikan sudah "
        "diperhitungkan.",
    },
    "law_title": {"en": "Row of law {row_id}", "id": "Baris ketentuan {row_id}"},
    "law_withholding_rules": {
        "en": "{tax}: {rate_ppm} of {base_ppm} of the gross above {over_minor}, for {object} paid to {entity}; in force from {valid_from} "
        "to {valid_to}. Confidence {confidence}.",
        "id": "{tax}: {rate_ppm} dari {base_ppm} bruto di atas {over_minor}, untuk {object} kepada {entity}; berlaku sejak {valid_from} "
        "sampai {valid_to}. Tingkat keyakinan {confidence}.",
    },
    "law_vat_rules": {
        "en": "{treatment}, code {tax_code}: {effective_ppm} of the price in effect; in force from {valid_from} to {valid_to}. "
        "Confidence {confidence}.",
        "id": "{treatment}, kode {tax_code}: efektif {effective_ppm} dari harga; berlaku sejak {valid_from} sampai {valid_to}. "
        "Tingkat keyakinan {confidence}.",
    },
    "law_tax_reversals": {
        "en": "{tax} collected from {collected_from} and before {collected_to} is given back from {valid_from} and before {valid_to}: "
        "{status}. Confidence {confidence}.",
        "id": "{tax} yang dipungut sejak {collected_from} dan sebelum {collected_to} dikembalikan sejak {valid_from} dan sebelum "
        "{valid_to}: {status}. Tingkat keyakinan {confidence}.",
    },
}
