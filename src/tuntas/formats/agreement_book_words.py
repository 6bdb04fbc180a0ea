"""The words of the agreement workbook: what each field and column is, in English and Indonesian."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    ("amends", "Only in an amendment: the version it changes, such as JNX-BUY@1; leave out what stays",
     "Hanya dalam adendum: versi yang diubah, misalnya JNX-BUY@1; kosongkan yang tetap"),
    ("from", "Only in an amendment: the day it begins", "Hanya dalam adendum: hari mulai berlaku"),
    ("billing_days", "The vendor bills every so many days; 0 when there is no rhythm",
     "Vendor menagih setiap sekian hari; 0 bila tidak teratur"),
    ("weight.divisor", "Volumetric divisor, cm3 a kg; 0 when volume does not count",
     "Pembagi volumetrik, cm3 per kg; 0 bila volume tidak dihitung"),
    ("weight.step_g", "Chargeable weight goes up in steps of so many grams", "Berat tertagih naik per sekian gram"),
    ("weight.tolerance_g", "Grams above a step that do not open the next", "Gram di atas langkah yang belum membuka langkah berikut"),
    ("weight.min_g", "Smallest chargeable weight, grams", "Berat tertagih terkecil, gram"),
    ("weight.order", "max_then_round or round_then_max", "max_then_round atau round_then_max"),
    ("weight.clause", "Clause that states the chargeable weight", "Pasal tentang berat tertagih"),
    ("fx.quoted_in", "Only when prices are in another currency than above: that currency, such as USD; amounts of Charges and bands are in it",
     "Hanya bila harga dalam mata uang lain: mata uang itu, misalnya USD; nilai di Charges dan tabel harga memakai mata uang itu"),
    ("fx.source", "Who publishes the rate of exchange, such as KMK or JISDOR", "Penerbit kurs, misalnya KMK atau JISDOR"),
    ("fx.day", "Day whose rate converts: service (when it was shipped or done), bill, or fixed (the rate below)",
     "Hari kurs yang dipakai: service (hari dikirim atau dikerjakan), bill (hari tagihan), atau fixed (kurs di bawah)"),
    ("fx.carry_days", "So many days the last published rate goes on, over weekends and holidays; 0 for none",
     "Sekian hari kurs terakhir tetap dipakai, untuk akhir pekan dan libur; 0 bila tidak"),
    ("fx.rate", "Only for day fixed: the rate of the agreement, for one unit of fx.quoted_in",
     "Hanya untuk fixed: kurs perjanjian, per satu satuan fx.quoted_in"),
    ("fx.clause", "Clause that states the rate of exchange", "Pasal tentang kurs"),
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
    ("of", "What it is counted on: declared, cod, attempts, days_late ... or charges: freight, fuel",
     "Dasar hitung: declared, cod, attempts, days_late ... atau charges: freight, fuel"),
    ("plus", "Amount added to the percentage", "Nilai tambahan di atas persentase"),
    ("min", "Smallest amount", "Nilai terkecil"),
    ("max", "Largest amount", "Nilai terbesar"),
    ("sign", "-1 takes it from the party; 0 only lets others be counted on it; empty otherwise",
     "-1 memotong dari pihak; 0 hanya menjadi dasar biaya lain; selain itu kosong"),
    ("when.subject", "parcel, warehouse_day, trip, order_line or refund", "parcel, warehouse_day, trip, order_line, atau refund"),
    ("when.service", "Service it is for; empty for all", "Layanan; kosong untuk semua"),
    ("when.status", "delivered, returned, lost, damaged; several with commas", "delivered, returned, lost, damaged; beberapa dengan koma"),
    ("when.cod", "yes, no or any", "yes, no, atau any"),
    ("when.insured", "yes, no or any", "yes, no, atau any"),
    ("when.category", "Category of goods, or class of vehicle of a trip; empty for all",
     "Kategori barang, atau jenis kendaraan; kosong untuk semua"),
    ("when.areas", "Area list the destination must be on", "Daftar daerah tujuan"),
    ("when.dates", "List of days the day must be on", "Daftar hari yang memuat hari pengiriman"),
    ("when.late", "yes: beyond the promised days; no: within them", "yes: melewati hari yang dijanjikan; no: tepat waktu"),
    ("when.weight.of", "Weight the next two speak of: chargeable (also when empty) or actual",
     "Berat untuk dua kolom berikut: chargeable (juga bila kosong) atau actual"),
    ("when.weight.over_g", "Applies above so many grams", "Berlaku di atas sekian gram"),
    ("when.weight.upto_g", "Applies up to so many grams, this weight included", "Berlaku sampai sekian gram, termasuk berat itu"),
    ("when.size.of", "Size the next two speak of: longest (side, also when empty) or length_girth (longest side and twice the other two)",
     "Ukuran untuk dua kolom berikut: longest (sisi terpanjang, juga bila kosong) atau length_girth (sisi terpanjang ditambah dua kali "
     "kedua sisi lain)"),
    ("when.size.over_mm", "Applies above so many millimetres", "Berlaku di atas sekian milimeter"),
    ("when.size.upto_mm", "Applies up to so many millimetres, this size included", "Berlaku sampai sekian milimeter, termasuk ukuran itu"),
    ("cap.times", "Largest amount, as so many times the charges in the next column: 10", "Nilai terbesar, sekian kali biaya di kolom berikut: 10"),
    ("cap.of", "charges: freight", "charges: freight"),
    ("free", "So much of the quantity costs nothing, in its own unit (per_unit)", "Bagian kuantitas yang bebas biaya, dalam satuannya (per_unit)"),
    ("step", "So much of the quantity is one unit: 1000 for kilometres of distance_m, 60 for hours of detention_min",
     "Besar satu satuan: 1000 untuk kilometer dari distance_m, 60 untuk jam dari detention_min"),
    ("counting", "started: a part of a unit counts as a whole one (also when empty); exact: in proportion",
     "started: bagian satuan dihitung penuh (juga bila kosong); exact: sebanding"),
    ("refund.before_ship", "Given back of the fee when the money goes back before the parcel left: 100%",
     "Bagian biaya yang dikembalikan bila uang kembali sebelum paket dikirim: 100%"),
    ("refund.after_ship", "The same after it left and before it was delivered", "Sama, setelah dikirim dan sebelum diterima"),
    ("refund.after_delivery", "The same after it was delivered", "Sama, setelah diterima"),
    ("drop", "Only in an amendment: yes takes the charge away", "Hanya dalam adendum: yes menghapus biaya ini"),
    ("order.min", "Smallest amount of a whole order, shared over its lines (flat, percent of an order line)",
     "Nilai terkecil untuk satu pesanan, dibagi ke baris-barisnya (flat, percent dari baris pesanan)"),
    ("order.max", "Largest amount of a whole order, shared over its lines", "Nilai terbesar untuk satu pesanan, dibagi ke baris-barisnya"),
)  # fmt: skip
# The columns every workbook has; those behind them came later.
COLUMNS_FIRST = [name for name, _, _ in COLUMNS].index("when.areas") + 1
CHOICES: dict[str, tuple[str, ...]] = {
    "side": ("buy", "payout", "sell"),
    "weight.order": ("max_then_round", "round_then_max"),
    "fx.day": ("service", "bill", "fixed"),
    "kind": ("bands", "flat", "per_unit", "percent", "index", "claim"),
    "when.subject": ("parcel", "warehouse_day", "trip", "order_line", "refund"),
    "counting": ("started", "exact"),
    "when.cod": ("any", "yes", "no"),
    "when.insured": ("any", "yes", "no"),
    "when.late": ("any", "yes", "no"),
    "when.weight.of": ("chargeable", "actual"),
    "when.size.of": ("longest", "length_girth"),
}
READ_ME: tuple[tuple[str, str], ...] = (
    ("One workbook is one version of one agreement.", "Satu buku kerja adalah satu versi dari satu perjanjian."),
    ("Fill in tabs Agreement and Charges; tab Tables names the tabs with prices, zones, lists of areas and days, promised days and indices.",
     "Isi tab Agreement dan Charges; tab Tables menyebut tab harga, zona, daftar daerah dan hari, janji layanan, dan indeks."),
    ("Tab Periods holds what is counted over a month: rebates and tiers by volume or turnover, and minimums. Leave it empty without them.",
     "Tab Periods memuat yang dihitung per bulan: rabat dan tingkat menurut volume atau omzet, dan minimum. Kosongkan bila tidak ada."),
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
    ("Tab cases holds worked examples: what a parcel looks like and exactly what it must be charged. Try them with: tuntas agreement check FILE",
     "Tab cases berisi contoh hitungan: seperti apa paketnya dan tepat berapa tagihannya. Uji dengan: tuntas agreement check FILE"),
    ("A changed price is a new version with its own first day: never edit a version that has been used.",
     "Harga yang berubah adalah versi baru dengan hari pertama sendiri: jangan ubah versi yang sudah dipakai."),
)  # fmt: skip
# What more there is to know of an agreement of a side, and of charges of what is not a parcel.
OF_SIDE: dict[str, tuple[str, str]] = {
    "buy": (
        "Side buy: the vendor bills us. What the agreement says is held against its bills; an amount above zero is what it earns.",
        "Sisi buy: vendor menagih kita. Isi perjanjian dicocokkan dengan tagihannya; nilai di atas nol adalah hak vendor.",
    ),
    "sell": (
        "Side sell: we bill the customer for each parcel of its goods, once it is known what became of it. An amount above zero is billed, one "
        "below zero (sign -1) is what we owe it, such as a claim. Its prices stand apart from what the carrier costs us; tuntas margin shows both.",
        "Sisi sell: kita menagih pelanggan untuk setiap paketnya setelah nasib paket diketahui. Nilai di atas nol ditagihkan, di bawah nol (sign -1) "
        "adalah kewajiban kita, misalnya klaim. Harganya terpisah dari biaya kurir; tuntas margin menampilkan keduanya.",
    ),
    "payout": (
        "Side payout: we settle the seller. Fees are taken from its sales, so their sign is -1; refund says how much of a fee goes back.",
        "Sisi payout: kita membayar penjual. Biaya dipotong dari penjualannya, jadi sign bernilai -1; refund menyebut berapa yang dikembalikan.",
    ),
}
OF_SUBJECT: dict[str, tuple[str, str]] = {
    "warehouse_day": (
        "Charges with when.subject warehouse_day are counted once for each warehouse and day: pallets and storage_dm3 (litres) at the end of the "
        "day, inbound, handled, labels and returned of the day.",
        "Biaya dengan when.subject warehouse_day dihitung sekali untuk setiap gudang dan hari: pallets dan storage_dm3 (liter) di akhir hari, serta "
        "inbound, handled, labels, dan returned pada hari itu.",
    ),
    "trip": (
        "Charges with when.subject trip are counted once for each run of a vehicle; when.category is its class. Quantities are in fine units: metres, "
        "grams, minutes; step says how many of them one price is for, free how many cost nothing.",
        "Biaya dengan when.subject trip dihitung sekali untuk setiap rit; when.category adalah jenis kendaraannya. Kuantitas dalam satuan kecil: "
        "meter, gram, menit; step menyebut besar satu satuan harga, free bagian yang bebas biaya.",
    ),
    "order_line": (
        "Charges with when.subject order_line are counted for each line of an order; order.min and order.max hold what the lines of one order come to "
        "together, and each line bears its share.",
        "Biaya dengan when.subject order_line dihitung untuk setiap baris pesanan; order.min dan order.max membatasi jumlah semua baris satu pesanan, "
        "dan tiap baris menanggung bagiannya.",
    ),
}


def read_me_of(page: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what tab Read me says beyond what every workbook says: of the side of an agreement, and of what its charges are about."""
    charges = page.get("charges") or []
    subjects = {str((each.get("when") or {}).get("subject", "")) for each in charges if isinstance(each.get("when"), Mapping)}
    side = str(page.get("side", ""))
    return [*([OF_SIDE[side]] if side in OF_SIDE else []), *(words for subject, words in OF_SUBJECT.items() if subject in subjects)]
