"""Every text of the desk has its Indonesian; no text on a page stands outside the catalogue."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po
from tests.faces.wording import WEB, asked_texts

PLACES = re.compile(r"%\((\w+)\)s")
# Words that are the same in both languages, and names.
SAME = {"Tuntas", "EN", "ID", "mm"}


@pytest.fixture(scope="module")
def catalogue():
    with (WEB / "locale" / "id" / "LC_MESSAGES" / "django.po").open("rb") as stream:
        return read_po(stream, locale="id")


def test_every_text_is_translated_with_the_same_places(catalogue):
    asked = asked_texts()
    assert len(asked) > 200
    for parts, where in asked.items():
        found = catalogue.get(parts[0])
        assert found is not None, (parts[0], where)
        told = found.string if isinstance(found.string, tuple) else (found.string,)
        assert all(told), (parts[0], where)
        assert not found.fuzzy, parts[0]
        wanted = set(PLACES.findall(parts[-1]))
        for text in told:
            assert set(PLACES.findall(text)) == wanted, (parts[0], text)


def test_the_catalogue_holds_nothing_that_nobody_asks(catalogue):
    asked = {parts[0] for parts in asked_texts()}
    kept = {(message.id[0] if isinstance(message.id, tuple) else message.id) for message in catalogue if message.id}
    assert kept <= asked, kept - asked


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.html")), ids=lambda path: path.name)
def test_no_text_on_a_page_stands_outside_the_catalogue(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{% block body %}.*?{% endblock %}", " ", text)
    text = re.sub(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " ", text, flags=re.DOTALL)
    shown = re.sub(r"""<(?:[^>"']|"[^"]*"|'[^']*')*>""", " ", text)
    told = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", shown)))
    assert told <= SAME, told - SAME
    for name in ("title", "placeholder", "aria-label", "alt"):
        for value in re.findall(rf'\s{name}="([^"]*)"', text):
            assert not re.search(r"[A-Za-z]{3,}", value) or value in ("English", "Bahasa Indonesia"), (name, value)
