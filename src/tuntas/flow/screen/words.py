"""The words of screen, English and Indonesian."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "screen_cause": {
        "en": "{count} exceptions of cause {cause} on {charge_type}, the first at {first}: {at_stake} at stake.",
        "id": "{count} temuan dengan sebab {cause} pada {charge_type}, yang pertama di {first}: {at_stake} dipertaruhkan.",
    },
}
