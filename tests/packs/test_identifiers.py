"""Numbers of parties: what is right passes, what looks wrong is told, nothing is ever rejected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.id import nik as library_nik
from stdnum.id import npwp as library_npwp
from stdnum.sg import uen as library_uen

from tuntas.packs import identifiers
from tuntas.packs.identifiers import READERS, check, in_indonesian, kinds, normalise
from tuntas.packs.identifiers.reading import WORDS

KINDS = sorted(READERS)


def codes(country, kind, text):
    return [found.code for found in check(country, kind, text)]


@pytest.mark.parametrize(
    ("country", "kind", "text", "kept"),
    [
        ("ID", "npwp", "01.312.166.0-091.000", "0013121660091000"),
        ("ID", "npwp", "013121660091000", "0013121660091000"),
        ("ID", "npwp", "0013121660091000", "0013121660091000"),
        # The number in DJP's own sample files, which the library calls wrong.
        ("ID", "npwp", "1091031210912281", "1091031210912281"),
        ("ID", "npwp", "3171011708450001", "3171011708450001"),
        ("ID", "nik", "3171011708450001", "3171011708450001"),
        ("ID", "nik", "3171015708450001", "3171015708450001"),
        ("ID", "nitku", "0013121660091000000000", "0013121660091000000000"),
        ("ID", "nitku", "1091031210912281000012", "1091031210912281000012"),
        ("ID", "nsfp", "0400.26-00000000001", "04002600000000001"),
        ("SG", "uen", "00192200M", "00192200M"),
        ("SG", "uen", "197401143C", "197401143C"),
        ("SG", "uen", "S16FC0121D", "S16FC0121D"),
        ("SG", "gst", "197401143C", "197401143C"),
        ("SG", "gst", "M9-1234567-8", "M912345678"),
        ("SG", "gst", "MR-8500001-2", "MR85000012"),
        ("MY", "tin", "C20880050010", "C20880050010"),
        ("MY", "tin", "IG24761305100", "IG24761305100"),
        ("MY", "tin", "EI00000000010", "EI00000000010"),
        ("MY", "brn", "201901000005", "201901000005"),
        ("MY", "brn", "201901000005 (1312525-A)", "201901000005"),
        ("MY", "brn", "1312525-A", "1312525A"),
        ("MY", "nric", "770625-01-5237", "770625015237"),
        ("MY", "sst", "W10-1808-32000001", "W10180832000001"),
    ],
)
def test_a_number_that_is_right_passes_and_keeps_its_original(country, kind, text, kept):
    assert codes(country, kind, text) == []
    assert normalise(country, kind, text) == identifiers.Normalised(text, kept)


@pytest.mark.parametrize("place", ["6501", "9201", "9301", "9401", "9501", "9601", "9701"])
def test_persons_of_the_newer_provinces_pass_although_the_library_does_not_know_their_places(place):
    number = f"{place}011708450001"
    assert codes("ID", "nik", number) == []
    if place != "9401":
        assert not library_nik.is_valid(number)


def test_zeros_are_told_although_the_library_takes_them():
    assert library_npwp.is_valid("0" * 16)
    for kind, length in (("npwp", 15), ("npwp", 16), ("nik", 16), ("nitku", 22)):
        assert codes("ID", kind, "0" * length) == ["IDENT-ZEROS-01"]
    assert codes("SG", "uen", "00000000X") == ["IDENT-ZEROS-01"]
    assert codes("MY", "tin", "C00000000000") == ["IDENT-ZEROS-01"]


def test_the_sample_number_of_the_authority_is_wrong_to_the_library_and_right_to_us():
    assert not library_npwp.is_valid("1091031210912281")
    assert codes("ID", "npwp", "1091031210912281") == []


@pytest.mark.parametrize(
    ("country", "kind", "text", "code"),
    [
        ("ID", "npwp", "", "IDENT-EMPTY-01"),
        ("ID", "npwp", "12345", "IDENT-FORM-01"),
        ("ID", "npwp", "01312166009100O", "IDENT-FORM-01"),
        ("ID", "npwp", "00131216600910001", "IDENT-FORM-01"),
        ("ID", "npwp", "٠١٣١٢١٦٦٠٠٩١٠٠٠", "IDENT-FORM-01"),
        ("ID", "npwp", "01.312.167.0-091.000", "IDENT-CHECK-01"),
        ("ID", "nik", "9971011708450001", "IDENT-PLACE-01"),
        ("ID", "nik", "3171013002450001", "IDENT-DATE-01"),
        ("ID", "nik", "3171011708450000", "IDENT-FORM-01"),
        ("ID", "nitku", "001312166009100000000", "IDENT-FORM-01"),
        ("ID", "nsfp", "11002600000000001", "IDENT-KIND-01"),
        ("ID", "nsfp", "04002600000000000", "IDENT-ZEROS-01"),
        ("ID", "nsfp", "0400260000000001", "IDENT-FORM-01"),
        ("SG", "uen", "00192200X", "IDENT-CHECK-01"),
        ("SG", "uen", "T01IO6132D", "IDENT-KIND-01"),
        ("SG", "gst", "M912345", "IDENT-FORM-01"),
        ("MY", "tin", "X20880050010", "IDENT-FORM-01"),
        ("MY", "brn", "201999000005", "IDENT-KIND-01"),
        ("MY", "nric", "771325015237", "IDENT-DATE-01"),
        ("MY", "sst", "W10-1808", "IDENT-FORM-01"),
    ],
)
def test_what_looks_wrong_is_told_with_what_was_seen(country, kind, text, code):
    found = check(country, kind, text, row_id="P1")
    assert code in [f.code for f in found]
    assert all(f.row_id == "P1" and f.seen and f.wanted and f.help for f in found)


@given(st.sampled_from(KINDS), st.text(max_size=30))
def test_any_text_is_read_without_a_fall_and_kept(key, text):
    country, kind = key
    assert all(found.code in WORDS for found in check(country, kind, text))
    kept = normalise(country, kind, text)
    assert kept.original == text
    assert normalise(country, kind, kept.kept).kept == kept.kept


@given(st.from_regex(r"[0-9]{15}", fullmatch=True))
def test_fifteen_digits_and_their_sixteen_are_one_number(number):
    assert normalise("ID", "npwp", number).kept == "0" + number
    assert codes("ID", "npwp", number) == codes("ID", "npwp", "0" + number)


@given(st.from_regex(r"[1-9][0-9]{15}", fullmatch=True))
def test_no_new_number_is_doubted_for_its_digits(number):
    assert codes("ID", "npwp", number) == []


@given(st.from_regex(r"[0-9]{15}", fullmatch=True))
def test_the_check_digit_of_older_numbers_agrees_with_the_library(number):
    if number.strip("0"):
        assert (codes("ID", "npwp", number) == []) == library_npwp.is_valid(number)


@given(st.from_regex(r"[0-9]{8}[A-Z]|(19|20)[01][0-9][0-9]{5}[A-Z]", fullmatch=True))
def test_whatever_the_library_takes_for_a_uen_passes_here(number):
    if library_uen.is_valid(number) and number[:-1].strip("0"):
        assert codes("SG", "uen", number) == []


def test_every_word_is_in_both_languages_and_unknown_kinds_are_refused():
    assert all(all(parts) and parts[1] != parts[3] for parts in WORDS.values())
    (found,) = check("ID", "npwp", "")
    assert (found.seen, found.help) == ("nothing", WORDS["IDENT-EMPTY-01"][1])
    told = in_indonesian(found)
    assert (told.seen, told.wanted) == ("kosong", "nomor")
    assert kinds("id") == ("npwp", "nik", "nitku", "nsfp")
    with pytest.raises(identifiers.IdentifierKindUnknown, match=r"PACK-IDENTIFIER-01.*ID passport.*ID npwp"):
        check("ID", "passport", "X")
