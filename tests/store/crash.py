"""Kill the process in the middle of applying, again and again, and look at what is left.

    python -m tests.store.crash --kills 200

Each trial copies books with an approved plan, forks a child that applies it, and kills the child with SIGKILL: after a drawn
delay, or at a drawn statement, or just before or after the commit. Then the plan is applied again to its end in a new child,
which must leave the very books of an undisturbed run, proven clean. The parent opens no database and starts no thread, so that
every child is a fresh copy of a warm process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.store.databases import NoPostgres, Postgres, migrate, point, ready, sqlite_at

SELLERS = 40
MOMENTS = ("delay", "statement", "before_commit", "after_commit", "instructions")


def in_child(work: Callable[[], Any], *, wait: bool = True) -> Any:
    """Run work in a forked child. Returns what it returned, or the child's id and pipe when not waiting."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(read)
            told = json.dumps({"told": work()}).encode()
            os.write(write, told)
            status = 0
        except BaseException:
            os.write(write, json.dumps({"error": traceback.format_exc()[-3000:]}).encode())
        finally:
            os._exit(status)
    os.close(write)
    if not wait:
        return child, read
    return _answer(child, read)


def _answer(child: int, read: int) -> Any:
    with os.fdopen(read, "rb") as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    if not text:
        return {"killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL}
    found = json.loads(text)
    if "error" in found:
        raise RuntimeError(found["error"])
    return found["told"]


class Bench:
    """Books with an approved plan to copy from, on one database, and how the undisturbed run ends."""

    def __init__(self, vendor: str, folder: Path, server: Postgres | None) -> None:
        self.vendor, self.folder, self.server = vendor, folder / vendor, server
        self.folder.mkdir()
        self.template = self.folder / "template"
        self.template.mkdir()
        self.name = server.create() if server else ""
        self.digest = in_child(self._prepare)
        self.wanted: str = ""
        self.seconds = 0.0
        self.statements = 0

    def _point(self, home: Path, name: str) -> None:
        point(self.server.database(name) if self.server else sqlite_at(home / "books.sqlite3"), home=home)

    def _prepare(self) -> str:
        from tests.store.month import AT, rows, write_plan

        from tuntas.operations.approve import approve_plan, record_plan

        self._point(self.template, self.name)
        migrate()
        digest = write_plan(self.template, rows(sellers=SELLERS))
        record_plan(digest=digest, by="rina", at=AT)
        approve_plan(digest=digest, by="budi", at=AT)
        _close()
        return digest

    def copy(self, number: int) -> tuple[Path, str]:
        """Copy the books for one trial."""
        home = self.folder / f"trial-{number}"
        shutil.copytree(self.template, home)
        return home, self.server.create(template=self.name) if self.server else ""

    def drop(self, home: Path, name: str) -> None:
        """Remove a trial's books."""
        shutil.rmtree(home, ignore_errors=True)
        if self.server:
            self.server.drop(name)

    def apply(self, home: Path, name: str, *, kill: tuple[str, float] | None = None) -> dict[str, Any]:
        """Apply the plan in this process; when a kill is drawn, it may not come back."""
        from tests.store.month import AT

        from tuntas.operations.apply import apply_plan

        self._point(home, name)
        counter = _Killer(*kill) if kill else _Killer("never", 0)
        began = time.perf_counter()
        with counter:
            told = apply_plan(digest=self.digest, by="rina", at=AT)
        return {"already": told.already_applied, "seconds": time.perf_counter() - began, "statements": counter.seen}

    def finish(self, home: Path, name: str) -> dict[str, Any]:
        """Apply to the end, then prove the books and tell their digest."""
        from tuntas.operations.books import books_digest
        from tuntas.operations.verify import verify_books

        told = self.apply(home, name)
        found = verify_books(home=home).findings
        told |= {"digest": books_digest(), "findings": [f"{item.code} {item.table} {item.row_id}" for item in found]}
        _close()
        return told

    def undisturbed(self) -> None:
        """Run once without a kill: what every trial must end as, how long it takes and how many statements it sends."""
        home, name = self.copy(0)
        told = in_child(lambda: self.finish(home, name))
        if told["findings"]:
            raise RuntimeError(f"the undisturbed run does not hold: {told['findings']}")
        self.wanted, self.seconds, self.statements = told["digest"], told["seconds"], told["statements"]
        self.drop(home, name)

    def trial(self, number: int, chance: random.Random) -> str:
        """Kill one run and finish it. Returns how it was found: `nothing`, `done`, or `alive` when it ended before the kill."""
        home, name = self.copy(number)
        moment = MOMENTS[number % len(MOMENTS)]
        if moment == "delay":
            child, read = in_child(lambda: self.apply(home, name), wait=False)
            time.sleep(chance.uniform(0, self.seconds * 1.1))
            os.kill(child, signal.SIGKILL)
            killed = _answer(child, read)
        else:
            top = self.statements * 400 if moment == "instructions" else self.statements
            drawn = (moment, float(chance.randint(1, max(int(top), 1))))
            killed = in_child(lambda: self.apply(home, name, kill=drawn))
        told = in_child(lambda: self.finish(home, name))
        if told["digest"] != self.wanted or told["findings"]:
            raise AssertionError(f"{self.vendor} trial {number} ({moment}): {told}, wanted digest {self.wanted}; kept in {home}")
        self.drop(home, name)
        if "killed" not in killed:
            return "alive"
        return "done" if told["already"] else "nothing"


class _Killer:
    """Kills its own process at a drawn moment of the work inside, and counts statements."""

    def __init__(self, moment: str, at: float) -> None:
        self.moment, self.at, self.seen = moment, int(at), 0

    def __enter__(self) -> _Killer:
        from django.db import connection

        self._wrapper = connection.execute_wrapper(self._statement)
        self._wrapper.__enter__()
        self._commit = connection._commit
        connection._commit = self._committing
        if self.moment == "instructions" and connection.vendor == "sqlite":
            connection.ensure_connection()
            connection.connection.set_progress_handler(self._instruction, 100)
        return self

    def __exit__(self, *_: object) -> None:
        from django.db import connection

        self._wrapper.__exit__(None, None, None)
        connection._commit = self._commit
        if connection.vendor == "sqlite" and connection.connection is not None:
            connection.connection.set_progress_handler(None, 0)

    def _die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def _statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        from django.db import connection

        self.seen += 1
        by_statement = self.moment == "statement" or (self.moment == "instructions" and connection.vendor != "sqlite")
        if by_statement and self.seen == max(self.at % 200, 1):
            self._die()
        return execute(sql, params, many, context)

    def _instruction(self) -> int:
        self.seen += 1
        if self.seen == self.at % 3000:
            self._die()
        return 0

    def _committing(self) -> Any:
        if self.moment == "before_commit":
            self._die()
        told = self._commit()
        if self.moment == "after_commit":
            self._die()
        return told


def _close() -> None:
    from django.db import connection

    connection.close()


def run(*, kills: int, seed: int, folder: Path, progress: Callable[[str], None] = lambda told: None) -> dict[str, Any]:
    """Kill at least so many runs, half on each database. Returns how each was found; raises on the first that ends elsewhere."""
    found: dict[str, Any] = {"seed": seed}
    try:
        server: Postgres | None = Postgres()
    except NoPostgres as error:
        server, found["postgresql"] = None, str(error)
    vendors = [("sqlite", None)] + ([("postgresql", server)] if server else [])
    for vendor, its_server in vendors:
        chance = random.Random(f"{seed}-{vendor}")
        bench = Bench(vendor, folder, its_server)
        bench.undisturbed()
        counts: Counter[str] = Counter()
        number = 0
        while counts["nothing"] + counts["done"] < -(-kills // len(vendors)):
            number += 1
            counts[bench.trial(number, chance)] += 1
            if number % 20 == 0:
                progress(f"{vendor}: {dict(counts)}")
        found[vendor] = dict(counts) | {"digest": bench.wanted, "seconds_of_apply": round(bench.seconds, 3)}
    if server:
        server.close()
    return found


def main() -> None:
    """Kill as often as asked and print what was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--seed", type=int, default=20261101)
    given = asked.parse_args()
    ready()
    _warm()
    folder = Path(tempfile.mkdtemp(prefix="tuntas-crash-"))
    began = time.perf_counter()
    found = run(kills=given.kills, seed=given.seed, folder=folder, progress=lambda told: print(told, file=sys.stderr, flush=True))
    shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found | {"seconds": round(time.perf_counter() - began, 1)}, indent=1))


def _warm() -> None:
    """Import everything once, so that a fork has it."""
    import tests.store.month

    import tuntas.operations.apply
    import tuntas.operations.verify

    assert all((tests.store.month, tuntas.operations.apply, tuntas.operations.verify))


if __name__ == "__main__":
    main()
