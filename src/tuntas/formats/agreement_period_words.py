"""The words of tab Periods of the agreement workbook: what each column is, in English and Indonesian."""

from __future__ import annotations

# Column of tab Periods: where it stands in the page, then what it is.
PERIOD_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("no", "Number of the charge; shared with tab Charges", "Nomor biaya; bersama dengan tab Charges"),
    ("type", "Charge type, such as volume_rebate or minimum", "Jenis biaya, misalnya volume_rebate atau minimum"),
    ("kind", "tiers: what the measure reaches; floor: a minimum of the period",
     "tiers: tingkat yang dicapai; floor: minimum satu masa"),
    ("clause", "Clause of the agreement", "Pasal perjanjian"),
    ("text", "The clause in words", "Bunyi pasal"),
    ("every", "month (also when empty), day, quarter or year", "month (bulan, juga bila kosong), day, quarter, atau year"),
    ("measure", "What is counted: count (subjects), kg (chargeable weight) or charges: freight, fuel",
     "Yang dihitung: count (jumlah), kg (berat tertagih), atau charges: freight, fuel"),
    ("mode", "tiers: all_units (the tier reached holds for everything) or incremental (each part by its own tier)",
     "tiers: all_units (tingkat yang dicapai berlaku untuk semuanya) atau incremental (tiap bagian menurut tingkatnya)"),
    ("tiers", "Tab with the tiers: from, to, rate, each, amount", "Tab tabel tingkat: from, to, rate, each, amount"),
    ("of", "Charges the rates are taken of, as charges: freight; empty for those measured",
     "Biaya dasar tarif, ditulis charges: freight; kosong untuk yang dihitung"),
    ("round", "all_units: sum (a rate of the sum, rounded once, also when empty) or line (each line rounded, then summed)",
     "all_units: sum (tarif atas jumlah, dibulatkan sekali, juga bila kosong) atau line (tiap baris dibulatkan, lalu dijumlah)"),
    ("amount", "floor: least amount of the charges measured, plain digits", "floor: nilai minimum biaya yang dihitung, angka polos"),
    ("units", "floor: least count or kg", "floor: jumlah atau kg minimum"),
    ("each", "floor: price of each unit or kg that falls short", "floor: harga tiap satuan atau kg yang kurang"),
    ("min", "Smallest amount of the period", "Nilai terkecil satu masa"),
    ("max", "Largest amount of the period", "Nilai terbesar satu masa"),
    ("sign", "-1 takes it from the party, as a vendor's rebate does; empty otherwise",
     "-1 memotong dari pihak, seperti rabat vendor; selain itu kosong"),
    ("settle", "credit_note (also when empty): the vendor writes it; deduction: we take it from the statement",
     "credit_note (juga bila kosong): vendor menerbitkannya; deduction: kita potong dari rekapitulasi"),
    ("when.subject", "parcel (also when empty), warehouse_day, trip or order_line", "parcel (juga bila kosong), warehouse_day, trip, atau order_line"),
    ("when.service", "Service it counts; empty for all", "Layanan yang dihitung; kosong untuk semua"),
    ("when.status", "delivered, returned, lost, damaged; several with commas; empty for all",
     "delivered, returned, lost, damaged; beberapa dengan koma; kosong untuk semua"),
    ("when.category", "Category of goods it counts; empty for all", "Kategori barang yang dihitung; kosong untuk semua"),
    ("part_period", "floor: by_days cuts it to the days the agreement is in force in the period; whole (also when empty) does not",
     "floor: by_days memotong menurut hari berlaku dalam masa itu; whole (juga bila kosong) tidak"),
)  # fmt: skip
# The columns every workbook with this tab has; those behind them came later.
PERIOD_COLUMNS_FIRST = [name for name, _, _ in PERIOD_COLUMNS].index("when.category") + 1
PERIOD_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": ("tiers", "floor"),
    "every": ("month", "day", "quarter", "year"),
    "mode": ("all_units", "incremental"),
    "round": ("sum", "line"),
    "settle": ("credit_note", "deduction"),
    "part_period": ("whole", "by_days"),
    "when.subject": ("parcel", "warehouse_day", "trip", "order_line"),
}
