"""The words of the agreement workbook: what each field and column is, in English and Indonesian."""

from __future__ import annotations

# Field of tab Agreement: the path in the page, then what it is in both languages.
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("agreement", "Id of the agreement, the same in all its versions", "Kode perjanjian, sama di semua versi"),
    ("version", "Version: 1, 2, 3 ...", "Versi: 1, 2, 3 ..."),
    ("side", "buy: a vendor bills us; payout: we settle a seller; sell: we bill a customer",
     "buy: vendor menagih kita; payout: kita membayar penjual; sell: kita menagih pelanggan"),
    ("party", "Id of the party, or * for a group", "Kode pihak, atau * untuk kelompok"),
    ("group", "Group of parties when party is *, else *", "Kelompok pihak bila pihak *, selain itu *"),
    ("name", "Title", "Judul"),
    ("currency", "Currency of every amount, such as IDR", "Mata uang semua nilai, misalnya IDR"),
    ("valid.from", "First day, such as 2026-01-01", "Hari pertama, misalnya 2026-01-01"),
    ("valid.to", "Day after the last; empty when open", "Hari setelah hari terakhir; kosong bila terbuka"),
    ("billing_days", "The vendor bills every so many days; 0 when there is no rhythm",
     "Vendor menagih setiap sekian hari; 0 bila tidak teratur"),
    ("weight.divisor", "Volumetric divisor, cm3 a kg; 0 when volume does not count",
     "Pembagi volumetrik, cm3 per kg; 0 bila volume tidak dihitung"),
    ("weight.step_g", "Chargeable weight goes up in steps of so many grams", "Berat tertagih naik per sekian gram"),
    ("weight.tolerance_g", "Grams above a step that do not open the next", "Gram di atas langkah yang belum membuka langkah berikut"),
    ("weight.min_g", "Smallest chargeable weight, grams", "Berat tertagih terkecil, gram"),
    ("weight.order", "max_then_round or round_then_max", "max_then_round atau round_then_max"),
    ("weight.clause", "Clause that states the chargeable weight", "Pasal tentang berat tertagih"),
)  # fmt: skip
# Column of tab Charges: where it stands in the page, then what it is.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("no", "Number of the charge; of charges of one type the lowest that fits applies",
     "Nomor biaya; dari biaya sejenis berlaku nomor terkecil yang cocok"),
    ("type", "Charge type, such as freight, fuel, cod_fee", "Jenis biaya, misalnya freight, fuel, cod_fee"),
    ("kind", "bands, flat, per_unit, percent, index or claim", "bands, flat, per_unit, percent, index, atau claim"),
    ("clause", "Clause of the agreement", "Pasal perjanjian"),
    ("text", "The clause in words", "Bunyi pasal"),
    ("bands", "Tab with the price bands (kind bands)", "Tab tabel harga (jenis bands)"),
    ("amount", "Amount (flat, per_unit), plain digits: 9000", "Nilai (flat, per_unit), angka polos: 9000"),
    ("rate", "Percentage with its sign: 2.5%", "Persentase dengan tanda: 2.5%"),
    ("index", "Name of a dated index (kind index)", "Nama indeks bertanggal (jenis index)"),
    ("of", "What it is counted on: declared, cod, attempts ... or charges: freight, fuel",
     "Dasar hitung: declared, cod, attempts ... atau charges: freight, fuel"),
    ("plus", "Amount added to the percentage", "Nilai tambahan di atas persentase"),
    ("min", "Smallest amount", "Nilai terkecil"),
    ("max", "Largest amount", "Nilai terbesar"),
    ("sign", "-1 takes it from the party; empty otherwise", "-1 memotong dari pihak; selain itu kosong"),
    ("when.subject", "parcel, warehouse_day or order_line", "parcel, warehouse_day, atau order_line"),
    ("when.service", "Service it is for; empty for all", "Layanan; kosong untuk semua"),
    ("when.status", "delivered, returned, lost, damaged; several with commas", "delivered, returned, lost, damaged; beberapa dengan koma"),
    ("when.cod", "yes, no or any", "yes, no, atau any"),
    ("when.insured", "yes, no or any", "yes, no, atau any"),
    ("when.category", "Category of goods; empty for all", "Kategori barang; kosong untuk semua"),
    ("when.areas", "Area list the destination must be on", "Daftar daerah tujuan"),
)  # fmt: skip
CHOICES: dict[str, tuple[str, ...]] = {
    "side": ("buy", "payout", "sell"),
    "weight.order": ("max_then_round", "round_then_max"),
    "kind": ("bands", "flat", "per_unit", "percent", "index", "claim"),
    "when.subject": ("parcel", "warehouse_day", "order_line"),
    "when.cod": ("any", "yes", "no"),
    "when.insured": ("any", "yes", "no"),
}
READ_ME: tuple[tuple[str, str], ...] = (
    ("One workbook is one version of one agreement.", "Satu buku kerja adalah satu versi dari satu perjanjian."),
    ("Fill in tabs Agreement and Charges; tab Tables names the tabs with prices, zones, area lists and indices.",
     "Isi tab Agreement dan Charges; tab Tables menyebut tab harga, zona, daftar daerah, dan indeks."),
    ("Write amounts as plain digits (9000, not 9.000) and percentages with their sign (2.5%). The cells are text on purpose.",
     "Tulis nilai dengan angka polos (9000, bukan 9.000) dan persentase dengan tandanya (2.5%). Sel sengaja berformat teks."),
    ("Weights are whole grams. A band holds from its first gram up to, but not including, the last: a parcel of exactly to_g is "
     "in the next band.",
     "Berat dalam gram utuh. Tabel berlaku dari gram pertama sampai sebelum gram terakhir: paket tepat to_g masuk baris berikut."),
    ("Periods begin on `from` and end the day before `to`.", "Masa berlaku mulai pada `from` dan berakhir sehari sebelum `to`."),
    ("Areas are codes such as 31.71, a prefix such as 31, or *. The most exact row wins.",
     "Daerah berupa kode seperti 31.71, awalan seperti 31, atau *. Baris paling tepat yang berlaku."),
    ("Check it with: tuntas agreement lint FILE. Bring it in with: tuntas agreement import FILE --into agreements",
     "Periksa dengan: tuntas agreement lint FILE. Masukkan dengan: tuntas agreement import FILE --into agreements"),
    ("A changed price is a new version with its own first day: never edit a version that has been used.",
     "Harga yang berubah adalah versi baru dengan hari pertama sendiri: jangan ubah versi yang sudah dipakai."),
)  # fmt: skip
