"""Adjust: differences of charges of earlier periods, signed for, in; rows that make them charges of this period out.

In: `run`, `parties`, `adjustments`. Out: rows that are put behind those of rating (`ADDED`), one subject, one rated row and one expected
charge an adjustment, so that audit, assess, settle, post and explain meet an adjustment as they meet a parcel.

Guarantees: the charge that was settled is not touched; every adjustment is expected once, for its amount, on its own day, under the
rule that holds now (the rule that held, for a charge that is dropped); the result does not depend on the order of rows.
"""

from __future__ import annotations

from collections.abc import Mapping

from tuntas.kernel.stages import stage

STAGE = stage("adjust", "tuntas.flow.adjust", reads=("run", "parties", "adjustments"), writes=())
# Tables of rating, and the step whose rows are put behind theirs.
ADDED: Mapping[str, str] = {"subjects": "adjust_subjects", "rated": "adjust_rated", "expected": "adjust_expected"}
