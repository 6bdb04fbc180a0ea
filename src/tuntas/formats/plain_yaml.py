"""YAML as plain text: maps, lists and strings, nothing else. No scalar becomes a number, a date or a float.

What a YAML reader may do behind one's back is refused: anchors and aliases (a page can unfold to gigabytes), tags, keys written
twice (the last would win in silence), nesting without end, and pages larger than a megabyte.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tuntas.kernel.refusals import Refusal

LARGEST_BYTES = 1_000_000
DEEPEST = 20


class YamlUnreadable(Refusal):
    """A YAML page is not a plain map of texts."""

    code = "FORMAT-YAML-01"


def load_plain_map(path: Path) -> dict[str, Any]:
    """Read a YAML page whose top is a map. Values are `str`, `list` or `dict`. Raises `YamlUnreadable`."""
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise YamlUnreadable(f"{path.name}: saw {size} bytes; wanted at most {LARGEST_BYTES}; keep data in CSV, settings in YAML")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlUnreadable(f"{path.name}: saw bytes that are not UTF-8; wanted UTF-8; save the file as UTF-8") from error
    return parse_plain_map(text, name=path.name)


def parse_plain_map(text: str, *, name: str) -> dict[str, Any]:
    """Read a YAML text whose top is a map; `name` is told in messages. Raises `YamlUnreadable`."""
    try:
        value = _value(_events(text, name))
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        raise YamlUnreadable(f"{name}: saw YAML that cannot be read ({told}); wanted key: value lines; correct it there") from error
    if value == "" or value is None:
        return {}
    if not isinstance(value, dict):
        raise YamlUnreadable(f"{name}: saw a {type(value).__name__} at the top; wanted key: value lines; see the case folder form")
    return value


def _events(text: str, name: str) -> list[yaml.Event]:
    found: list[yaml.Event] = []
    depth = 0
    documents = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlUnreadable(f"{name}: saw an anchor or alias (& or *); wanted plain values; write the value out")
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if depth > DEEPEST or documents > 1:
            raise YamlUnreadable(f"{name}: saw nesting below {DEEPEST} levels or a second page; wanted one flat page; flatten it")
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            raise YamlUnreadable(f"{name}: saw the tag {tag}; wanted plain values; remove the tag")
        found.append(event)
    return [e for e in found if not isinstance(e, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent))]


def _value(events: list[yaml.Event]) -> Any:
    queue = iter(events)
    first = next(queue, None)
    return None if first is None or isinstance(first, yaml.DocumentEndEvent) else _one(first, queue)


def _one(event: yaml.Event, queue: Any) -> Any:
    if isinstance(event, yaml.ScalarEvent):
        return str(event.value)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(queue), yaml.SequenceEndEvent):
            items.append(_one(event, queue))
        return items
    found: dict[str, Any] = {}
    while not isinstance(event := next(queue), yaml.MappingEndEvent):
        key = _one(event, queue)
        if not isinstance(key, str):
            raise YamlUnreadable(f"saw a key that is not text: {key!r}; wanted key: value lines; correct it there")
        if key in found:
            raise YamlUnreadable(f"saw the key {key!r} twice; wanted it once; remove one")
        found[key] = _one(next(queue), queue)
    return found
