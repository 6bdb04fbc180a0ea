"""Mutants: every SQL step of a stage, spoiled in one place at a time; a suite that bites notices each of them.

A case says three things about a stage, in `tests/flow/<stage>/mutant_case.py`:

    CASE = MutantCase(
        stage=STAGE,                    # the stage as the product runs it
        load=load,                      # load(engine): put every table of STAGE.reads into the engine
        truth=truth,                    # truth(): {table: rows} from the clerk, for the tables of STAGE.writes to compare
    )

`rows` are tuples in the order of the table's declared columns, or maps by column name. A table of `truth` that a step makes and
the stage does not write has the columns of the declared table that `shaped` names for it. `more` holds further worlds of the same
stage, such as another period: what lives in the first is judged there too. The stage is first run unspoiled and
must equal the truth; then each mutant runs from its step onwards over the same inputs. A mutant is killed when a step fails,
a check speaks, or a compared table differs from the truth as a multiset of rows. Steps are spoiled from the last to the first,
so the tables before a spoiled step are always the true ones and are not made again.

    PYTHONPATH=src python -m tests.laws.mutants rate  every mutant; exit status 1 when an unexplained one survives
    ... rate --step 62_                               only steps with that in their name
    ... rate --sample 80 --seed 7

Survivors that change nothing are explained, with the reason, in `explained.yaml` beside this file:

    rate:
      - step: 31_agreement_found.sql
        change: "NULLS LAST -> "
        reason: why no input can tell the two apart

      - step: ...
        changes: [several, with one reason]
        reason: ...

`change` is the text the run prints; an explanation that no mutant needs any more is reported as stale. What holds of every stage
stands once, under `every`, with the step `*`.
"""

from __future__ import annotations

import argparse
import importlib
import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import duckdb
import sqlglot
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from tuntas.engine import Engine, Fingerprint
from tuntas.kernel.refusals import BrokenInvariant
from tuntas.kernel.stages import Stage, Step
from tuntas.tables import table

T = TypeVar("T")
Rows = Sequence[Sequence[object] | Mapping[str, object]]
EXPLAINED = Path(__file__).with_name("explained.yaml")
FLOW = Path(__file__).parents[1] / "flow"
SECONDS_PER_MUTANT = 20
# What is not spoiled comes to its end, however loaded the machine is.
SECONDS_UNSPOILED = 1_200


@dataclass(frozen=True)
class MutantCase:
    """What the run needs to know about a stage."""

    stage: Stage
    load: Callable[[Engine], None]
    truth: Callable[[], Mapping[str, Rows]]
    shaped: Mapping[str, str] = field(default_factory=dict)
    more: tuple[MutantCase, ...] = ()


def drawn(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """Draw worlds from a strategy of a property test, the same ones every time."""
    found: list[T] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(world=strategy)
    def note(world: T) -> None:
        found.append(world)

    note()
    return found


@dataclass(frozen=True)
class Mutant:
    """One step spoiled in one place."""

    step_no: int
    file: str
    change: str
    spoil: Callable[[], str]

    @property
    def sql(self) -> str:
        """The step with the change in it; written out when asked for, as a long step has thousands of mutants."""
        return self.spoil()


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: `killed_by` is empty for a survivor."""

    mutant: Mutant
    killed_by: str


# ---- making them ------------------------------------------------------------------------------------------------------
_FLIPS: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
    exp.Mul: exp.Add,
    exp.IntDiv: exp.Mul,
}
_AGGREGATES: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.Max: exp.Min,
    exp.Min: exp.Max,
    exp.ArgMax: exp.ArgMin,
    exp.ArgMin: exp.ArgMax,
    exp.Sum: exp.Max,
}


def _spoilings(node: exp.Expression) -> Iterator[exp.Expression | None]:
    """Yield what may stand in the node's place; None means the node goes away."""
    kind = type(node)
    if kind in _FLIPS:
        yield _FLIPS[kind](this=node.this.copy(), expression=node.expression.copy())
    if kind in _AGGREGATES:
        yield _AGGREGATES[kind](**{key: _copied(value) for key, value in node.args.items()})
    if isinstance(node, (exp.And, exp.Or)):
        yield node.this.copy()
        yield node.expression.copy()
        other = exp.Or if isinstance(node, exp.And) else exp.And
        yield exp.paren(other(this=node.this.copy(), expression=node.expression.copy()))
    if isinstance(node, (exp.Greatest, exp.Least)):
        other_kind = exp.Least if isinstance(node, exp.Greatest) else exp.Greatest
        yield other_kind(this=node.this.copy(), expressions=[e.copy() for e in node.expressions])
        yield node.this.copy()
        yield from (e.copy() for e in node.expressions)
    if isinstance(node, exp.Coalesce):
        yield node.this.copy()
        yield from (e.copy() for e in node.expressions)
    if isinstance(node, exp.Literal) and node.is_string:
        yield exp.Literal.string(node.this + "~")
    elif isinstance(node, exp.Literal) and str(node.this).isdigit():
        yield exp.Literal.number(int(node.this) + 1)
        if int(node.this) > 0:
            yield exp.Literal.number(int(node.this) - 1)
    if isinstance(node, exp.Boolean):
        yield exp.Boolean(this=not node.this)
    if isinstance(node, exp.Not):
        yield node.this.copy()
    if isinstance(node, exp.Is) and not isinstance(node.parent, exp.Not):
        yield exp.Not(this=node.copy())
    if isinstance(node, exp.Filter):
        yield node.this.copy()
    if isinstance(node, (exp.Where, exp.Having, exp.Qualify)) and not isinstance(node.parent, exp.Filter):
        yield None
    if isinstance(node, exp.Distinct) and isinstance(node.parent, exp.Select):
        yield None
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct):
        yield exp.Count(this=node.this.expressions[0].copy(), big_int=True)
    if isinstance(node, exp.Ordered):
        yield exp.Ordered(this=node.this.copy(), desc=not node.args.get("desc"), nulls_first=node.args.get("nulls_first"))
    if isinstance(node, exp.Join):
        yield from _spoiled_joins(node)
    if isinstance(node, exp.Case):
        yield from _spoiled_cases(node)
    if isinstance(node, exp.Union):
        spoiled = node.copy()
        spoiled.set("distinct", not node.args.get("distinct"))
        yield spoiled
        yield node.this.copy()
        yield node.expression.copy()
    if isinstance(node, exp.Window):
        for index in range(len(node.args.get("partition_by") or [])):
            spoiled = node.copy()
            spoiled.set("partition_by", [k for i, k in enumerate(spoiled.args["partition_by"]) if i != index])
            yield spoiled


def _copied(value: object) -> object:
    if isinstance(value, exp.Expression):
        return value.copy()
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _spoiled_joins(node: exp.Join) -> Iterator[exp.Expression]:
    if node.side == "LEFT":
        spoiled = node.copy()
        spoiled.set("side", None)
        yield spoiled
    condition = node.args.get("on")
    if condition is not None and not isinstance(condition, (exp.And, exp.Boolean)):
        spoiled = node.copy()
        spoiled.set("on", exp.Boolean(this=True))
        yield spoiled


def _spoiled_cases(node: exp.Case) -> Iterator[exp.Expression]:
    branches = node.args["ifs"]
    for index in range(len(branches) - 1):
        spoiled = node.copy()
        upper, lower = spoiled.args["ifs"][index], spoiled.args["ifs"][index + 1]
        above, below = upper.args["true"].copy(), lower.args["true"].copy()
        upper.set("true", below)
        lower.set("true", above)
        yield spoiled
    if len(branches) > 1:
        for index in range(len(branches)):
            spoiled = node.copy()
            spoiled.set("ifs", [b for i, b in enumerate(spoiled.args["ifs"]) if i != index])
            yield spoiled
    if node.args.get("default") is not None:
        spoiled = node.copy()
        spoiled.set("default", None)
        yield spoiled


def mutants_of(step: Step, *, step_no: int, template: bool = False) -> list[Mutant]:
    """Return every mutant of one step, in a fixed order, each with a change text unique within the step.

    A template writes the same words once a slot, and a mistake in it is made in every slot at once: what it repeats is spoiled together.
    """
    tree = sqlglot.parse_one(step.sql, read="duckdb")
    found: list[tuple[str, list[tuple[int, exp.Expression | None]]]] = []
    alike: dict[tuple[str, int], list[tuple[int, exp.Expression | None]]] = {}
    told: Counter[str] = Counter()
    for place, node in enumerate(tree.walk()):
        for turn, spoiling in enumerate(_spoilings(node)):
            change = _told(node, spoiling, template=template)
            if template:
                whole = _SLOT.sub("_n", node.sql(dialect="duckdb", comments=False))
                if (whole, turn) in alike:
                    alike[whole, turn].append((place, spoiling))
                    continue
            told[change] += 1
            places = alike.setdefault((whole, turn), []) if template else []
            places.append((place, spoiling))
            found.append((f"{change} ({told[change]})" if told[change] > 1 else change, places))
    file = step.file.rsplit("/", 1)[-1]
    return [Mutant(step_no, file, change, partial(_spoilt, tree, places)) for change, places in found]


# The number of a slot behind a name, and the bit of one.
_SLOT = re.compile(r"_\d+(?=_|\b)|\b(?:4|8|16|32|64|128|256|512|\d{4,})\b")


def _spoilt(tree: exp.Expression, places: Sequence[tuple[int, exp.Expression | None]]) -> str:
    copy = tree.copy()
    nodes = list(copy.walk())
    for place, spoiling in places:
        target = nodes[place]
        if target.parent is None and spoiling is not None:
            return spoiling.sql(dialect="duckdb", comments=False)
        if spoiling is None:
            target.pop()
        elif target.parent is not None:
            target.replace(spoiling.copy())
    return copy.sql(dialect="duckdb", comments=False)


def _told(node: exp.Expression, spoiling: exp.Expression | None, *, template: bool = False) -> str:
    if isinstance(node, exp.Union):
        if isinstance(spoiling, exp.Union) and spoiling.args.get("distinct") != node.args.get("distinct"):
            return "UNION ALL -> UNION"
        return "UNION ALL -> one side"
    return f"{_short(node, template)} -> {'' if spoiling is None else _short(spoiling, template)}"


def _short(node: exp.Expression, template: bool) -> str:
    text = " ".join(node.sql(dialect="duckdb", comments=False).split())
    text = _SLOT.sub("_n", text) if template else text
    return text if len(text) <= 160 else f"{text[:100]} ... {text[-55:]}"


def mutants(stage: Stage, templates: frozenset[str] = frozenset()) -> list[Mutant]:
    """Return every mutant of every step of a stage whose templates are filled in (`Arena.filled`, `Arena.templates`)."""
    return [m for number in range(len(stage.steps)) for m in _mutants_at(stage, number, templates)]


def _mutants_at(stage: Stage, number: int, templates: frozenset[str]) -> list[Mutant]:
    step = stage.steps[number]
    return mutants_of(step, step_no=number, template=step.file in templates)


# ---- running them -----------------------------------------------------------------------------------------------------
class Arena:
    """An engine with the inputs loaded and the truth known; judges mutants one after another, last step first."""

    def __init__(self, case: MutantCase, engine: Engine) -> None:
        self.case = case
        self.engine = engine
        case.load(engine)
        self.truth = {}
        for name, rows in case.truth().items():
            engine.load_rows(table(case.shaped.get(name, name)), rows, name=f"truth_{name}")
            self.truth[name] = engine.fingerprint(f"truth_{name}")
        steps = case.stage.steps
        wrong = self._fault(steps)
        if wrong:
            raise AssertionError(f"{case.stage.name}: the unspoiled stage already disagrees with its truth: {wrong}")
        self.made = {step.table: engine.fingerprint(step.table) for step in steps}
        # A template is spoiled as these inputs fill it in; the steps after a spoiled one are filled in anew.
        self.filled = replace(case.stage, steps=tuple(replace(step, sql=engine.sql_of(step)) for step in steps))
        self.templates = frozenset(step.file for step, full in zip(steps, self.filled.steps, strict=True) if step.sql != full.sql)
        plain = [sqlglot.parse_one(step.sql, read="duckdb").sql(dialect="duckdb") for step in self.filled.steps]
        wrong = self._fault(tuple(replace(step, sql=sql) for step, sql in zip(steps, plain, strict=True)))
        if wrong:
            raise AssertionError(f"{case.stage.name}: written out again from its tree the SQL means something else: {wrong}")

    def judge(self, mutant: Mutant) -> Verdict:
        """Run the stage from the spoiled step on and say what noticed it."""
        steps = self.case.stage.steps
        spoiled = replace(steps[mutant.step_no], sql=mutant.sql)
        return Verdict(mutant, self._fault((spoiled, *steps[mutant.step_no + 1 :]), spoiled=spoiled.table))

    def _compared(self, name: str) -> Fingerprint:
        """The fingerprint of a made table, its columns in the order its shape declares them; a column it does not make is null."""
        shape = self.case.shaped.get(name)
        if shape is None:
            return self.engine.fingerprint(name)
        made = {row[0] for row in self.engine.rows(f'DESCRIBE "{name}"')}
        columns = ", ".join(f'"{c.name}"' if c.name in made else f'NULL AS "{c.name}"' for c in table(shape).columns)
        self.engine.con.execute(f'CREATE OR REPLACE VIEW "shaped_{name}" AS SELECT {columns} FROM "{name}"')
        return self.engine.fingerprint(f"shaped_{name}")

    def _fault(self, steps: tuple[Step, ...], *, spoiled: str = "") -> str:
        """Run steps and checks; return what noticed a fault, or nothing. Output is compared as soon as it is made."""
        stage = self.case.stage
        timer = threading.Timer(SECONDS_PER_MUTANT if spoiled else SECONDS_UNSPOILED, self.engine.con.interrupt)
        timer.start()
        try:
            for step in steps:
                writes = (step.table,) if step.table in stage.writes else ()
                self.engine.run(replace(stage, steps=(step,), writes=writes, checks=()))
                if step.table in self.truth and self._compared(step.table) != self.truth[step.table]:
                    return f"{step.table} differs"
                if step.table == spoiled and self.engine.fingerprint(spoiled) == self.made[spoiled]:
                    return ""  # the spoiled step gave the very same rows, so nothing after it can tell
            self.engine.run(replace(stage, steps=(), writes=()))
        except BrokenInvariant as broken:
            return broken.code
        except duckdb.Error as error:
            return type(error).__name__
        finally:
            timer.cancel()
        return ""


def run(
    case: MutantCase,
    *,
    sample: int = 0,
    seed: int = 0,
    step: str = "",
    templates: bool = True,
    tell: Callable[[Verdict], None] | None = None,
    arena: Arena | None = None,
) -> list[Verdict]:
    """Judge all mutants of a case, or a sample drawn with a seed; without `templates` only steps whose text is the same for all data.

    `arena` is one made of the case before, which spares the time of making it. Raises `AssertionError` when the unspoiled stage is wrong.
    """
    verdicts = []
    with Engine(memory_limit="1GB") as engine:
        arena = arena or Arena(case, engine)
        numbers = [
            number for number, one in enumerate(arena.filled.steps)
            if step in one.file.rsplit("/", 1)[-1] and (templates or one.file not in arena.templates)
        ]  # fmt: skip
        chosen = [m for number in numbers for m in _mutants_at(arena.filled, number, arena.templates)]
        if sample and sample < len(chosen):
            chosen = random.Random(seed).sample(chosen, sample)
        for mutant in sorted(chosen, key=lambda m: -m.step_no):
            verdicts.append(arena.judge(mutant))
            if tell and (verdicts[-1].killed_by or not case.more):
                tell(verdicts[-1])
    for another in case.more:
        verdicts = _judged_again(another, verdicts)
    for verdict in verdicts if case.more and tell else ():
        if not verdict.killed_by:
            tell(verdict)
    return verdicts


def _judged_again(case: MutantCase, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Judge the survivors in another world; a template may lack a slot there, and then nothing is learnt of it."""
    with Engine(memory_limit="1GB") as engine:
        arena = Arena(case, engine)
        alive = {verdict.mutant.step_no for verdict in verdicts if not verdict.killed_by}
        same = {(m.file, m.change): m for number in alive for m in _mutants_at(arena.filled, number, arena.templates)}
        found = []
        for verdict in verdicts:
            twin = None if verdict.killed_by else same.get((verdict.mutant.file, verdict.mutant.change))
            found.append(verdict if twin is None else Verdict(verdict.mutant, arena.judge(twin).killed_by))
    return found


def explained(stage: str) -> dict[tuple[str, str], str]:
    """Return the reasons on file for a stage's survivors, by (step file, change)."""
    if not EXPLAINED.exists():
        return {}
    on_file = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8")) or {}
    reasons = {}
    for entry in on_file.get(stage) or []:
        for change in [*entry.get("changes", []), *([entry["change"]] if "change" in entry else [])]:
            reasons[(entry["step"], change)] = entry["reason"]
    return reasons


def reason_of(mutant: Mutant, reasons: Mapping[tuple[str, str], str], everywhere: Mapping[tuple[str, str], str]) -> str | None:
    """Return why a mutant may live: the reason of its own stage, or the one that holds of every stage, however often a step has it."""
    return reasons.get((mutant.file, mutant.change)) or everywhere.get(("*", _TURN.sub("", mutant.change)))


# The number behind a change that a step has more than once.
_TURN = re.compile(r" \(\d+\)$")


def unexplained(stage: str, verdicts: Sequence[Verdict]) -> list[Mutant]:
    """Return the survivors nobody has given a reason for."""
    reasons, everywhere = explained(stage), explained("every")
    return [v.mutant for v in verdicts if not v.killed_by and not reason_of(v.mutant, reasons, everywhere)]


def case_of(stage: str) -> MutantCase:
    """Find the case of a stage by its name."""
    found: MutantCase = importlib.import_module(f"tests.flow.{stage}.mutant_case").CASE
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    reader = argparse.ArgumentParser(
        prog="python -m tests.laws.mutants", description="Spoil the SQL of a stage and see who notices."
    )
    reader.add_argument("stage", help="a stage, or all of those that have a case")
    reader.add_argument("--step", default="", help="only steps whose file name contains this")
    reader.add_argument("--sample", type=int, default=0)
    reader.add_argument("--seed", type=int, default=0)
    reader.add_argument("--verbose", action="store_true", help="print killed mutants too")
    chosen = reader.parse_args(arguments)
    stages = sorted(found.parent.name for found in FLOW.glob("*/mutant_case.py")) if chosen.stage == "all" else [chosen.stage]
    return max(_told_run(stage, chosen) for stage in stages)


def _told_run(stage: str, chosen: argparse.Namespace) -> int:
    """Run a stage and print what lives; returns the exit status."""
    began = time.monotonic()
    reasons, everywhere = explained(stage), explained("every")

    def tell(verdict: Verdict) -> None:
        mutant = verdict.mutant
        if verdict.killed_by:
            if chosen.verbose:
                print(f"killed    {mutant.file}: {mutant.change}  [{verdict.killed_by}]")
        elif reason := reason_of(mutant, reasons, everywhere):
            print(f"explained {mutant.file}: {mutant.change}  [{reason}]")
        else:
            print(f"SURVIVED  {mutant.file}: {mutant.change}", flush=True)

    verdicts = run(case_of(stage), sample=chosen.sample, seed=chosen.seed, step=chosen.step, tell=tell)
    alive = [v.mutant for v in verdicts if not v.killed_by]
    if not chosen.step and not chosen.sample:
        living = {(m.file, m.change) for m in alive}
        for file, change in sorted(set(reasons) - living):
            print(f"stale     {file}: {change}  (explained, but no such survivor)")
    open_ones = unexplained(stage, verdicts)
    print(
        f"{stage}: {len(verdicts)} mutants, {len(verdicts) - len(alive)} killed, {len(alive) - len(open_ones)} explained, "
        f"{len(open_ones)} unexplained, in {time.monotonic() - began:.0f} s"
    )
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
