"""Documents to bytes: one element after the other, so a document of many lines is never held as a tree. Same document, same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from lxml import etree

from tuntas.formats.ubl import myinvois, pint
from tuntas.formats.ubl.document import Document, DocumentUnsound, Line, line_taxes, require_sound
from tuntas.formats.ubl.nodes import CAC, CBC, INVOICE, Node
from tuntas.formats.ubl.profiles import Profile, kind_of, profile_on

Head = Callable[[Document, Profile, Mapping[int, int]], Iterator[Node]]
OneLine = Callable[[Line, Document, Profile, Mapping[int, int]], Iterator[Node]]
LAYOUTS: Mapping[str, tuple[Head, OneLine]] = {
    "PINT-SG": (pint.head, pint.line),
    "MYINVOIS": (myinvois.head, myinvois.line),
}
_SPACES: dict[str | None, str] = {"cbc": CBC, "cac": CAC}
_FILE_LETTERS = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A document that was written: its number, its file, the digest of its bytes (which MyInvois asks for beside the document)."""

    number: str
    file: str
    sha256: str


def write_document(stream: IO[bytes], document: Document) -> None:
    """Write a document as UBL 2.1 XML. Raises `DocumentUnsound` or `ProfileUnknown` before the first line is written."""
    require_sound(document)
    profile = profile_on(document.profile, on=document.issued_at.date())
    head, one_line = LAYOUTS[profile.name]
    shared = line_taxes(document)
    top = tuple(head(document, profile, shared))
    root = kind_of(profile.name, document.kind).root
    space = INVOICE.format(root=root)
    spaces: dict[str | None, str] = {None: space, **_SPACES}
    try:
        with etree.xmlfile(stream, encoding="UTF-8") as xml:
            xml.write_declaration()
            with xml.element(f"{{{space}}}{root}", nsmap=spaces):
                for node in top:
                    _put(xml, node, 1)
                for line in document.lines:
                    for node in one_line(line, document, profile, shared):
                        _put(xml, node, 1)
                xml.write("\n")
    except ValueError as error:
        raise DocumentUnsound(
            f"saw a sign that XML cannot hold on {document.kind} {document.number!r}; wanted plain text; take it out ({error})"
        ) from error


def document_bytes(document: Document) -> bytes:
    """Return a document as bytes. Raises like `write_document`."""
    stream = BytesIO()
    write_document(stream, document)
    return stream.getvalue()


def write_documents(folder: Path, documents: Iterable[Document]) -> Iterator[Written]:
    """Write documents into a folder, one file each, as they come; nothing of a document that is refused stays behind.

    Two documents may not have one number. Raises like `write_document`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    seen: dict[str, str] = {}
    for document in documents:
        name = f"{_FILE_LETTERS.sub('-', document.number).strip('.-') or 'document'}.xml"
        if name.lower() in seen:
            raise DocumentUnsound(
                f"saw {document.number!r} after {seen[name.lower()]!r}, both file {name}; wanted each number once; renumber one"
            )
        content = document_bytes(document)
        part = folder / f"{name}.part"
        part.write_bytes(content)
        part.replace(folder / name)
        seen[name.lower()] = document.number
        yield Written(document.number, name, hashlib.sha256(content).hexdigest())


def _put(xml: Any, node: Node, depth: int) -> None:
    name, attributes, content = node
    prefix, _, local = name.partition(":")
    xml.write("\n" + "  " * depth)
    with xml.element(f"{{{_SPACES[prefix]}}}{local}", dict(attributes)):
        if isinstance(content, str):
            xml.write(content)
        else:
            for child in content:
                _put(xml, child, depth + 1)
            xml.write("\n" + "  " * depth)
