"""Read a page as a reader's tool would: amounts by their raw value, links, headings, the focusable parts."""

from __future__ import annotations

from lxml import html


class Page:
    """A parsed page."""

    def __init__(self, response: object) -> None:
        self.text = response.content.decode()  # type: ignore[attr-defined]
        self.root = html.fromstring(self.text)

    def values(self, xpath: str) -> list[int]:
        """Return the raw values of the amounts under every element an XPath finds, in order."""
        return [int(data.get("value")) for found in self.root.xpath(xpath) for data in found.xpath(".//data")]

    def column(self, table: str, number: int) -> list[int | None]:
        """Return the raw value of one column over the body of a table; None where a cell holds no amount."""
        cells = self.root.xpath(f"{table}/tbody/tr[not(contains(@class, 'more'))]/*[{number}]")
        return [int(cell.xpath(".//data/@value")[0]) if cell.xpath(".//data") else None for cell in cells]

    def foot(self, table: str, number: int) -> int:
        """Return the raw value in the totals row, counting cells from the right: 1 is the last."""
        cell = self.root.xpath(f"{table}/tfoot/tr/*[last() - {number - 1}]")[0]
        return int(cell.xpath(".//data/@value")[0])
