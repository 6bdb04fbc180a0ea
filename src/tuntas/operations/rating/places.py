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


class PlaceUnknown(Refusal):
    """An address names no kind of store that can be reached, carries a key, or the store does not answer."""

    code = "RATING-PLACE-01"


def is_elsewhere(where: str) -> bool:
    """Tell whether a text is an address rather than a path of this disk."""
    return "://" in where


def whole(where: str) -> str:
    """Return an address, or a path of this disk made absolute, without a slash at its end."""
    return where.rstrip("/") if is_elsewhere(where) else str(Path(where).absolute())


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


def _open(where: str) -> tuple[fs.FileSystem, str]:
    if not is_elsewhere(where):
        return fs.LocalFileSystem(), where
    parts = urlsplit(where)
    if "@" in parts.netloc:
        raise PlaceUnknown(
            f"saw a name or key in an address of {parts.scheme}; wanted it without; put keys into the environment of the store"
        )
    try:
        store, path = fs.FileSystem.from_uri(where)
    except (pa.ArrowException, OSError, ValueError) as unknown:
        raise PlaceUnknown(
            f"saw {where}; wanted a folder, or an address of s3, gs, abfs, hdfs or file: {unknown}; correct the address, or give the store's keys"
        ) from unknown
    return store, path
