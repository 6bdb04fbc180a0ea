"""Folders that may be elsewhere: on this disk, in an object store (`s3://`, `gs://`, `abfs://`) or on HDFS, by one small set of acts.

An object store has no rename and no folders, so nothing here relies on them: files are sent under a name nobody reads yet, and one small
page that names them is written last. A store keeps a page whole or not at all; on a disk it is written beside and moved into place.
Keys of a store come from its usual environment variables (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, ...), never from an address.
"""

from __future__ import annotations

import posixpath
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

from tuntas.kernel.refusals import Refusal

_CHUNK = 8 * 1024 * 1024
# A store that is not there is told within a minute; left to itself the client of Google's asks for a quarter of an hour.
_PATIENCE_S = 60
# What a kind of store asks of every machine that reads or writes it, told when it cannot be reached.
_ASKS = {
    "s3": "give AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION or a role of the machine, and AWS_ENDPOINT_URL where the store is not Amazon's",
    "gs": "give GOOGLE_APPLICATION_CREDENTIALS, the path of a key file, or a service account of the machine",
    "abfs": "write abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/FOLDER, and give AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET,"
    " or a managed identity of the machine",
    "hdfs": "install the Hadoop client; give JAVA_HOME (a Java with lib/server/libjvm.so), HADOOP_HOME or ARROW_LIBHDFS_DIR (where libhdfs.so is),"
    " and CLASSPATH as `hadoop classpath --glob` prints it",
}  # fmt: skip


class PlaceUnknown(Refusal):
    """An address names no kind of store that can be reached, carries a key, or the store does not answer."""

    code = "RATING-PLACE-01"


class PlaceSilent(Refusal):
    """A store does not answer, or not to us."""

    code = "RATING-PLACE-02"


def is_elsewhere(where: str) -> bool:
    """Tell whether a text is an address rather than a path of this disk."""
    return "://" in where


def whole(where: str) -> str:
    """Return an address, or a path of this disk made absolute, without a slash at its end."""
    return where.rstrip("/") if is_elsewhere(where) else str(Path(where).absolute())


def reach(where: str) -> str:
    """Return a place as `whole` does, after asking its store whether it answers.

    Raises `PlaceUnknown` for an address nobody can open, `PlaceSilent` for a store that refuses us or is not there.
    """
    where = whole(where)
    store, path = _open(where)
    try:
        store.get_file_info(path)
    except (pa.ArrowException, OSError) as silent:
        asks = _ASKS.get(urlsplit(where).scheme, "look whether the folder can be read")
        raise PlaceSilent(f"saw no answer from {where}: {_first_line(silent)}; wanted a store that lets us in; {asks}") from silent
    return where


def files_in(where: str) -> dict[str, tuple[int, int]]:
    """Return name, size in bytes and time of change (nanoseconds) of the files right in a folder; nothing where there is none."""
    store, path = _open(where)
    found = store.get_file_info(fs.FileSelector(path, allow_not_found=True))
    return {i.base_name: (i.size, i.mtime_ns or 0) for i in sorted(found, key=lambda i: i.base_name) if i.type == fs.FileType.File}


def folders_in(where: str) -> tuple[str, ...]:
    """Return the names of the folders right in a folder, in order."""
    store, path = _open(where)
    return tuple(
        sorted(
            i.base_name for i in store.get_file_info(fs.FileSelector(path, allow_not_found=True)) if i.type == fs.FileType.Directory
        )
    )


def fetch(where: str, into: Path, *, names: tuple[str, ...] | None = None) -> None:
    """Copy the files of a folder (or those named) into a folder of this disk."""
    store, path = _open(where)
    into.mkdir(parents=True, exist_ok=True)
    for name in names if names is not None else tuple(files_in(where)):
        with store.open_input_stream(posixpath.join(path, name)) as read, (into / name).open("wb") as write:
            shutil.copyfileobj(read, write, _CHUNK)


def send(folder: Path, where: str) -> None:
    """Copy the files of a folder of this disk to a folder elsewhere."""
    store, path = _open(where)
    store.create_dir(path, recursive=True)
    for file in sorted(item for item in folder.iterdir() if item.is_file()):
        with file.open("rb") as read, store.open_output_stream(posixpath.join(path, file.name)) as write:
            shutil.copyfileobj(read, write, _CHUNK)


def page(where: str) -> str | None:
    """Return the text of a small file, or nothing where there is none."""
    store, path = _open(where)
    if store.get_file_info(path).type != fs.FileType.File:
        return None
    with store.open_input_stream(path) as read:
        return bytes(read.read()).decode("utf-8")


def put_page(where: str, text: str, *, mark: str) -> None:
    """Write a small file whole or not at all. `mark` tells this writer from others that may write the same page."""
    store, path = _open(where)
    store.create_dir(posixpath.dirname(path), recursive=True)
    moves = isinstance(store, (fs.LocalFileSystem, fs.HadoopFileSystem))
    beside = f"{path}.{mark}" if moves else path
    with store.open_output_stream(beside) as write:
        write.write(text.encode("utf-8"))
    if moves:
        store.move(beside, path)


def forget(where: str) -> None:
    """Remove a folder with all in it, where it is there."""
    store, path = _open(where)
    if store.get_file_info(path).type == fs.FileType.Directory:
        store.delete_dir(path)


def forget_files(where: str, *, keep: tuple[str, ...]) -> None:
    """Remove the files right in a folder, but for those of the names in `keep`."""
    store, path = _open(where)
    for name in files_in(where):
        if name not in keep:
            store.delete_file(posixpath.join(path, name))


def forget_file(where: str) -> None:
    """Remove a file, where it is there."""
    store, path = _open(where)
    if store.get_file_info(path).type == fs.FileType.File:
        store.delete_file(path)


def _open(where: str) -> tuple[fs.FileSystem, str]:
    if not is_elsewhere(where):
        return fs.LocalFileSystem(), where
    parts = urlsplit(where)
    if "@" in parts.netloc:
        raise PlaceUnknown(
            f"saw a name or key in an address of {parts.scheme}; wanted it without; put keys into the environment of the store"
        )
    try:
        store, path = fs.FileSystem.from_uri(_patient(where))
    except (pa.ArrowException, OSError, ValueError) as unknown:
        raise PlaceUnknown(
            f"saw {where}; wanted a folder, or an address of s3, gs, abfs, hdfs or file: {_first_line(unknown)};"
            f" {_ASKS.get(parts.scheme, 'correct the address')}"
        ) from unknown
    return store, path


def _patient(where: str) -> str:
    if not where.startswith("gs://") or "retry_limit_seconds" in where:
        return where
    return f"{where}{'&' if '?' in where else '?'}retry_limit_seconds={_PATIENCE_S}"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
