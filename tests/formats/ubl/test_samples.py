"""The published samples of MyInvois from equivalent input, field by field; and the order table held to every sample."""

from __future__ import annotations

from decimal import Decimal

import pytest
from lxml import etree
from tests.formats.ubl.samples import SAMPLES, SHARED

from tuntas.formats.ubl import check_document, document_bytes

FOLDER = SHARED / "l10n_my_edi" / "tests" / "expected_xmls"
# The samples leave PrepaidAmount at zero while PayableAmount is net of what was paid; ours says what was paid, so that it sums.
OURS_BETTER = {"/Invoice/LegalMonetaryTotal/PrepaidAmount"}
ALL = sorted(SHARED.rglob("*.xml")) if SHARED.exists() else []


def fields(root):
    """Every element that holds text, with its place, its attributes and its value; numbers as numbers."""
    found = []

    def walk(node, way):
        counts = {}
        for child in node:
            name = etree.QName(child).localname
            counts[name] = counts.get(name, 0) + 1
            below = f"{way}/{name}" + (f"[{counts[name]}]" if counts[name] > 1 else "")
            if len(child):
                walk(child, below)
            elif (child.text or "").strip() != "___ignore___":
                found.append((below, tuple(sorted(child.attrib.items())), value(name, child.text or "")))

    walk(root, "/" + etree.QName(root).localname)
    return found


def value(name, text):
    return Decimal(text) if name.endswith(("Amount", "Percent", "Quantity", "Rate")) else text


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_published_sample_comes_out_field_by_field_in_its_order(name):
    if not FOLDER.exists():
        pytest.skip("the published samples stand beside the project, and are not there")
    wanted = fields(etree.parse(FOLDER / f"{name}.xml").getroot())
    made = document_bytes(SAMPLES[name])
    seen = fields(etree.fromstring(made))
    assert len(wanted) > 40
    assert [f for f in seen if f[0] not in OURS_BETTER] == [f for f in wanted if f[0] not in OURS_BETTER]
    assert check_document(made, profile="MYINVOIS") == []


@pytest.mark.shared
@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_no_published_sample_breaks_the_order_of_elements(path):
    assert [f for f in check_document(path.read_bytes(), profile="none") if f.code == "UBL-ORDER-01"] == []


@pytest.mark.shared
def test_all_published_samples_of_the_layout_are_compared():
    if not FOLDER.exists():
        pytest.skip("the published samples stand beside the project, and are not there")
    assert {p.stem for p in FOLDER.glob("*.xml")} == set(SAMPLES)
