"""What an answer says, in English and in Indonesian: one sentence a line, one heading a table, one note a matter."""

from __future__ import annotations

from collections.abc import Mapping

from tuntas.flow.pay.words import WORDS as PAY_WORDS
from tuntas.formats import figures_text
from tuntas.operations.what_if.answer import Answer, Due, Line
from tuntas.packs.duties import REASONS

WORDS: dict[str, dict[str, str]] = {
    "title:bill": {"en": "{service} on {on}", "id": "{service} pada {on}"},
    "title:fee": {"en": "Our fee {service} on {on}", "id": "Biaya kami {service} pada {on}"},
    "title:sale": {"en": "Marketplace sale on {on}", "id": "Penjualan lokapasar pada {on}"},
    "title:refund": {"en": "Tax collected earlier, on {on}", "id": "Pajak yang sudah dipungut, pada {on}"},
    "title:cod": {"en": "Cash on delivery on {on}", "id": "Bayar di tempat pada {on}"},
    "title:rounding": {"en": "{exact} on a tax document of {on}: {rounded}", "id": "{exact} pada dokumen pajak {on}: {rounded}"},
    "title:stamp": {"en": "Stamp duty of {service} on {on}", "id": "Bea meterai {service} pada {on}"},
    "title:parcel": {"en": "Parcel from abroad on {on}", "id": "Barang kiriman impor pada {on}"},
    "title:transfer": {"en": "Transfer on {on}", "id": "Transfer pada {on}"},
    "column:what": {"en": "what", "id": "apa"},
    "column:code": {"en": "code", "id": "kode"},
    "column:base": {"en": "base", "id": "dasar"},
    "column:rate": {"en": "rate", "id": "tarif"},
    "column:amount": {"en": "amount", "id": "jumlah"},
    "column:hands": {"en": "handed over by", "id": "disetor oleh"},
    "column:sure": {"en": "sure?", "id": "yakin?"},
    "column:due": {"en": "last day", "id": "paling lambat"},
    "column:document": {"en": "document", "id": "dokumen"},
    "column:who": {"en": "whose", "id": "oleh"},
    "column:return": {"en": "return", "id": "SPT"},
    "charge:bill": {"en": "agreed, without VAT", "id": "disepakati, tanpa PPN"},
    "charge:fee": {"en": "our fee", "id": "biaya kami"},
    "charge:sale": {"en": "sold", "id": "terjual"},
    "charge:refund": {"en": "collected", "id": "sudah dipungut"},
    "charge:cod": {"en": "collected at the door", "id": "ditagih di tempat"},
    "charge:stamp": {"en": "stated on the paper", "id": "tertulis di dokumen"},
    "charge:parcel": {"en": "CIF value", "id": "nilai CIF"},
    "charge:transfer": {"en": "to send", "id": "dikirim"},
    "kind:vat_in": {"en": "VAT of the vendor", "id": "PPN vendor"},
    "kind:vat_self": {"en": "VAT we assess ourselves", "id": "PPN dibayar sendiri"},
    "kind:vat_out": {"en": "VAT on our fee", "id": "PPN atas biaya kami"},
    "kind:withheld": {"en": "{tax} withheld", "id": "{tax} dipotong"},
    "kind:borne": {"en": "{tax} borne by us", "id": "{tax} ditanggung kami"},
    "kind:rounded": {"en": "rounded", "id": "dibulatkan"},
    "kind:shipping": {"en": "shipping", "id": "ongkos kirim"},
    "kind:fee": {"en": "fee", "id": "biaya"},
    "kind:duty": {"en": "customs duty", "id": "bea masuk"},
    "kind:import_vat": {"en": "VAT on import", "id": "PPN impor"},
    "kind:import_tax": {"en": "income tax on import", "id": "PPh impor"},
    "kind:stamp": {"en": "stamp duty", "id": "bea meterai"},
    "kind:transfer": {"en": "transfer by {tax}", "id": "transfer lewat {tax}"},
    "kind:transfer_fee": {"en": "cost of {tax}", "id": "biaya {tax}"},
    "pay:bill": {"en": "paid to the vendor", "id": "dibayar ke vendor"},
    "pay:fee": {"en": "the payer pays", "id": "pembayar membayar"},
    "pay:sale": {"en": "the merchants receive", "id": "diterima pedagang"},
    "pay:refund": {"en": "given back", "id": "dikembalikan"},
    "pay:cod": {"en": "the seller receives", "id": "diterima penjual"},
    "pay:rounding": {"en": "on the document", "id": "pada dokumen"},
    "pay:stamp": {"en": "to pay", "id": "dibayar"},
    "pay:parcel": {"en": "to pay at the border", "id": "dibayar di pabean"},
    "pay:transfer": {"en": "leaves our account", "id": "keluar dari rekening kami"},
    "hands:seller": {"en": "vendor", "id": "vendor"},
    "hands:buyer": {"en": "the collector who pays", "id": "pemungut yang membayar"},
    "hands:self": {"en": "us", "id": "kami"},
    "hands:us": {"en": "us", "id": "kami"},
    "hands:payee": {"en": "us", "id": "kami"},
    "hands:none": {"en": "nobody", "id": "tidak ada"},
    "who:us": {"en": "us", "id": "kami"},
    "who:vendor": {"en": "vendor", "id": "vendor"},
    "act:upload": {"en": "upload", "id": "unggah"},
    "act:pay": {"en": "pay", "id": "setor"},
    "act:file": {"en": "file", "id": "lapor"},
    "document:self_paid": {"en": "VAT paid for services from abroad", "id": "PPN jasa luar negeri (disetor sendiri)"},
    "document:tax_invoice": {"en": "tax invoice {code}", "id": "faktur pajak {code}"},
    "document:slip": {"en": "slip {code}", "id": "bukti potong {code}"},
    "sure:P": {"en": "P: the regulation was read", "id": "P: peraturannya dibaca"},
    "sure:S": {"en": "S: a second source quotes it", "id": "S: dikutip sumber kedua"},
    "sure:G": {"en": "G: not verified", "id": "G: belum diverifikasi"},
    "reason": {"en": "{what}: {source} ({row_id}; {since})", "id": "{what}: {source} ({row_id}; {since})"},
    "since": {"en": "from {first}", "id": "sejak {first}"},
    "since_to": {"en": "from {first} to {last}", "id": "sejak {first} sampai {last}"},
    "note:unverified": {
        "en": "{row_id} is general knowledge that nobody checked: ask a tax adviser, then correct the row.",
        "id": "{row_id} pengetahuan umum yang belum diperiksa: tanyakan konsultan pajak, lalu betulkan barisnya.",
    },
    "note:status": {"en": "{row_id}: {status}.", "id": "{row_id}: {status}."},
    "note:vat_self": {
        "en": "The vendor is abroad and bills no VAT; we pay it ourselves and may credit it.",
        "id": "Vendor di luar negeri tidak memungut PPN; kami menyetor sendiri dan dapat mengkreditkannya.",
    },
    "note:vat_buyer": {
        "en": "The one who pays collects this VAT and keeps it back.",
        "id": "Pihak yang membayar memungut PPN ini dan tidak meneruskannya.",
    },
    "note:no_row": {
        "en": "No row of law gives VAT for this service and this party on that day.",
        "id": "Tidak ada baris hukum PPN untuk jasa dan pihak ini pada hari itu.",
    },
    "note:nothing_collected": {
        "en": "Nothing is collected: the duty is not switched on, the platform is not appointed, or every merchant is exempt.",
        "id": "Tidak ada yang dipungut: ketentuan belum dinyalakan, platform belum ditunjuk, atau semua pedagang dikecualikan.",
    },
    "note:nothing_given_back": {
        "en": "Nothing is given back: no announcement covers the day of collection and the day asked about.",
        "id": "Tidak ada yang dikembalikan: tidak ada pengumuman yang mencakup hari pemungutan dan hari yang ditanyakan.",
    },
}


def say(key: str, language: str, **facts: object) -> str:
    """Return a sentence or heading in a language; a key without words is told as it stands after its colon."""
    words = WORDS.get(key)
    return words[language].format(**facts) if words else key.partition(":")[2] or key


def note(code: str, facts: Mapping[str, object], language: str) -> str:
    """Return the sentence of a note: of the what-if itself, of stamp duty, or of a rail that was not chosen."""
    if code.startswith("stamp_"):
        return REASONS[code.removeprefix("stamp_")][language]
    if code in PAY_WORDS:
        told = {
            k: figures_text.whole(v, language=language) if k.endswith("_minor") and isinstance(v, int) else v
            for k, v in facts.items()
        }
        return PAY_WORDS[code][language].format(**told)
    return say(f"note:{code}", language, **facts)


def title(answer: Answer, language: str) -> str:
    """Return what was asked, as a heading."""
    facts = {name: str(answer.more.get(name, "")).replace("_", " ") for name in ("service", "exact", "rounded")}
    return say(f"title:{answer.asked}", language, on=figures_text.day(answer.on, language=language), **facts)


def what(line: Line, language: str) -> str:
    """Return the name of a line: what it is, and whose when a case has several parties."""
    kind = line.tax if line.kind == "vat" else line.kind
    name = say(f"kind:{kind}", language, tax=line.tax)
    return name


def document(due: Due, language: str) -> str:
    """Return the name of a document that is due."""
    kind, _, code = due.document.partition(" ")
    if kind == "tax_invoice":
        return say("document:tax_invoice", language, code=code)
    if kind == "self_paid":
        return say("document:self_paid", language)
    return say("document:slip", language, code=due.document) if due.document != "-" else due.tax_return


def hands(line: Line, language: str) -> str:
    """Return who hands a line over: a seller is the vendor on its bill, and we on our own fee."""
    return say("hands:us" if line.tax == "vat_out" and line.collected == "seller" else f"hands:{line.collected}", language)


def reasons(answer: Answer, language: str) -> list[str]:
    """Return why the lines are what they are, one sentence a row of law: regulation, row and the days it holds."""
    found: dict[str, list[Line]] = {}
    for line in answer.lines:
        if line.row_id not in ("none", "-"):
            found.setdefault(line.row_id, []).append(line)
    return [_reason(lines, language) for lines in found.values()]


def _reason(lines: list[Line], language: str) -> str:
    line = lines[0]
    names = ", ".join(dict.fromkeys(what(item, language) for item in lines))
    first = figures_text.day(line.valid_from, language=language) if line.valid_from else "-"
    last = figures_text.day(line.valid_to, language=language) if line.valid_to else ""
    since = say("since_to" if last else "since", language, first=first, last=last)
    return say("reason", language, what=names, source=line.source, row_id=line.row_id, since=since)
