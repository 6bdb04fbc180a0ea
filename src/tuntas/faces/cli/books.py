"""Words of the books: payment batches, closing a period, the desk."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import DEFAULT_HOME, AsUser, Home, Json
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.telling import console, money, tell_json


@app.command
def pay(
    cycle: str,
    /,
    *,
    out: Path,
    as_: AsUser = "preparer",
    approved_by: str | None = None,
    home: Home = DEFAULT_HOME,
    json: Json = False,
) -> None:
    """Gather a cycle's proposed payments into batches by pay date and, once a second person approves, write the bank files.

    Parameters
    ----------
    out
        Folder for the ISO 20022 pain.001.001.09 files.
    approved_by
        The second person who approves the batches now.
    """
    open_home(home)
    from tuntas.operations.payments import approve_batch, propose_batches, write_batch_file

    told = []
    for batch in propose_batches(cycle_id=cycle, by=as_):
        entry = {
            "batch": batch.batch_id,
            "pay_on": str(batch.pay_on),
            "payments": batch.count,
            "total_minor": batch.total_minor,
            "currency": batch.currency,
        }
        if approved_by:
            approve_batch(batch_id=batch.batch_id, by=approved_by)
            made = write_batch_file(batch_id=batch.batch_id, folder=out)
            entry |= {"file": str(made.path), "sha256": made.sha256}
        told.append(entry)
    if json:
        tell_json(told)
        return
    for entry in told:
        console.print(
            f"{entry['batch']}: {entry['payments']} payments on {entry['pay_on']},"
            f" {money(int(str(entry['total_minor'])), currency=str(entry['currency']), language='en')}; {entry.get('file', 'waits for a second person')}"
        )


@app.command
def serve(
    *,
    home: Home = DEFAULT_HOME,
    host: str = "127.0.0.1",
    port: Annotated[int, Parameter(env_var="PORT")] = 8000,
) -> None:
    """Open the desk in a browser: http://127.0.0.1:8000."""
    open_home(home)
    from tuntas.operations.people import ensure_people

    for line in ensure_people(home=home):
        console.print(line)
    console.print(f"The desk is at http://{host}:{port} (Ctrl+C stops it)")
    sys.stdout.flush()
    os.execvp(  # noqa: S606  (granian is our own dependency, started in our own environment)
        sys.executable,
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            host,
            "--port",
            str(port),
            "tuntas.faces.site.wsgi:application",
        ],
    )
