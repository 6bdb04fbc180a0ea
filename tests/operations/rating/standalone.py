"""A standalone master of Spark and workers of one core each, on loopback: what the tests and the benchmark of a cluster run on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

# Settings for drivers beside such a cluster: everything on loopback, and little memory, as tasks do their work outside the JVM.
SMALL = {
    "spark.executor.memory": "512m",
    "spark.driver.memory": "512m",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Standalone:
    """A standalone master and two workers of one core each, on loopback."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        self.folder, self.home = folder, Path(pyspark.__file__).parent
        port = _free_port()
        self.url = f"spark://127.0.0.1:{port}"
        self.master = self._start(
            "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"
        )
        self._heard("master", "New state: ALIVE", 1)
        self.workers: list[subprocess.Popen[bytes]] = []
        for _ in range(2):
            self.add_worker()
        self._heard("master", "Registering worker", 2)

    def add_worker(self) -> None:
        """Start one more worker, such as in the place of one that was killed."""
        number = len(self.workers) + 1
        self.workers.append(
            self._start(
                "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0",
                "--work-dir", str(self.folder / f"work{number}"), self.url, name=f"worker{number}",
            )
        )  # fmt: skip

    def kill_worker(self, number: int) -> None:
        """End a worker as a machine that loses its power does. Its executor is in its group and dies with it and with the part it holds."""
        os.killpg(self.workers[number - 1].pid, signal.SIGKILL)

    def _start(self, what: str, *words: str, name: str = "master") -> subprocess.Popen[bytes]:
        java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if "JAVA_HOME" in os.environ else "java"
        log = (self.folder / f"{name}.log").open("w")
        env = {
            **os.environ,
            "SPARK_HOME": str(self.home),
            "SPARK_SCALA_VERSION": "2.13",
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
        }
        opens = (
            "java.base/java.lang",
            "java.base/java.nio",
            "java.base/sun.nio.ch",
            "java.base/java.util",
            "java.base/java.lang.invoke",
        )
        flags = [f"--add-opens={name_}=ALL-UNNAMED" for name_ in opens]
        jars = f"{self.home / 'conf'}{os.pathsep}{self.home / 'jars'}/*"
        # A group of its own: its executors die with a worker that is killed.
        return subprocess.Popen(
            [str(java), "-Xmx256m", *flags, "-cp", jars, what, *words],
            stdout=log, stderr=subprocess.STDOUT, env=env, cwd=self.folder, start_new_session=True,
        )  # fmt: skip

    def _heard(self, name: str, text: str, times: int) -> None:
        for _ in range(1_200):
            if (self.folder / f"{name}.log").read_text(errors="replace").count(text) >= times:
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / f"{name}.log").read_text(errors="replace")[-3000:])

    def stop(self) -> None:
        """End all of it."""
        for one in (*self.workers, self.master):
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()
