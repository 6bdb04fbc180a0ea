"""What an exact amount is on a tax document, or on one line of it: rounded by the country's rule of that day."""

from __future__ import annotations

import re

from tuntas.kernel.rounding import mul_ratio
from tuntas.operations.what_if.answer import Answer, Line, cited
from tuntas.operations.what_if.question import LawMissing, QuestionUnreadable, RoundingQuestion
from tuntas.packs import Pack, in_force

STEPS = {"unit": 1, "cent": 100}


def answer_rounding(question: RoundingQuestion, pack: Pack) -> Answer:
    """Answer an exact amount in minor units, such as `1900000.50` rupiah, as the tax paper of that day shows it (`more["rounded"]`).

    Raises `QuestionUnreadable` for what is no number, and `LawMissing` when no rule of that subject and level is on file for the day.
    """
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", question.amount):
        raise QuestionUnreadable(f"saw the amount {question.amount!r}; wanted a number such as 1900000.50; correct it")
    wanted = (question.subject, question.level)
    found = [r for r in pack.rows["rounding_rules"] if (r["subject"], r["level"]) == wanted and in_force(r, on=question.on)]
    if not found:
        raise LawMissing(
            f"saw rounding of {question.subject} on a {question.level} of {question.on}; wanted a day with a rule in rounding.csv;"
            " ask about such a day"
        )
    whole, _, part = question.amount.partition(".")
    steps = STEPS[str(found[0]["step"])]
    magnitude = _to_step(int(whole.lstrip("-") + part) * steps, 10 ** len(part), mode=str(found[0]["mode"]))
    sign = "-" if whole.startswith("-") and magnitude else ""
    text = sign + (str(magnitude) if steps == 1 else f"{magnitude // steps}.{magnitude % steps:02}")
    minor = (magnitude // steps) * (-1 if sign else 1)
    line = Line(
        kind="rounded", tax=question.subject, code="-", base_minor=minor, shown_base_minor=minor, rate_ppm=1_000_000,
        amount_minor=minor, collected="none", effect=0, **cited(pack, str(found[0]["row_id"])),
    )  # fmt: skip
    return Answer("rounding", question.on, pack.currency, minor, (line,), minor, more={"exact": question.amount, "rounded": text})


def _to_step(scaled: int, scale: int, *, mode: str) -> int:
    """Round a magnitude of `scaled` over `scale` to the whole: half_up, down or up."""
    if mode == "half_up":
        return mul_ratio(scaled, 1, scale)
    return scaled // scale if mode == "down" else -(-scaled // scale)
