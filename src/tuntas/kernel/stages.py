"""What a stage is: an ordered list of SQL steps that turn named tables into named tables. Pure data; an engine runs it.

A step is one file `NN_name.sql` holding one SELECT; its result becomes the table `name`. `NN_name.view.sql` is not written down: those
who read it work it out as they go. A check is one file in `checks/` holding one SELECT that must return no rows: each row it returns is
a broken invariant of the stage. Where the number of columns depends on data, such as one group for each slot of a calculation sheet,
the text is a Jinja template: `rows('name')` are the rows of a small table that an earlier step made, `columns('name')` the names of
the columns of any, and `is_view('name')` whether it is worked out by its readers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Step:
    """One SELECT; `table` is the name its rows are known by afterwards. A `view` is worked out by each reader and never written."""

    table: str
    sql: str
    file: str
    view: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the river: what it reads, its steps in order, what it hands on, and the checks that must return no rows."""

    name: str
    reads: tuple[str, ...]
    steps: tuple[Step, ...]
    writes: tuple[str, ...]
    checks: tuple[Step, ...] = field(default=())


def read_steps(package: str, folder: str = "steps") -> tuple[Step, ...]:
    """Read the `.sql` files of a package's folder in the order of their names."""
    root = files(package).joinpath(folder)
    if not root.is_dir():
        return ()
    found = []
    for entry in sorted(root.iterdir(), key=lambda item: item.name):
        name = re.fullmatch(r"(?:\d+_)?(\w+?)(\.view)?\.sql", entry.name)
        if name:
            text = entry.read_text(encoding="utf-8")
            found.append(Step(table=name[1], sql=text, file=f"{package}/{folder}/{entry.name}", view=name[2] is not None))
    return tuple(found)


def stage(name: str, package: str, *, reads: tuple[str, ...], writes: tuple[str, ...]) -> Stage:
    """Build a stage from its package: `steps/*.sql` in order and `checks/*.sql`."""
    return Stage(name=name, reads=reads, steps=read_steps(package), writes=writes, checks=read_steps(package, "checks"))
