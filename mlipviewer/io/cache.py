"""The cache of the user: files that may vanish at any time, checked whenever they are read.

A side-car is named by the file it belongs to and holds named parts. Any doubt about it - another
version, another file, a wrong checksum, an error of the disk - means that there is none.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from mlipviewer.io.files import write_bytes
from mlipviewer.io.room import TEMPORARY_PREFIX

MAGIC = b"MLIPVIEWER SIDECAR 1\n"
LARGEST_FOLDER = 512 << 20
LARGEST_FILE = 64 << 20

Parts = dict[str, bytes]


def cache_folder(name: str) -> Path:
    """A folder of the user's cache, made where it is missing. Raises OSError."""
    from platformdirs import user_cache_path

    folder = user_cache_path("mlipviewer") / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def load_parts(folder: str, key: str) -> Parts | None:
    """The parts kept under `key`, or None: absent, damaged or unreadable. Raises nothing."""
    try:
        path = _path(folder, key)
        content = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b""
        parts = _unpacked(content, key)
        if parts is None:
            path.unlink(missing_ok=True)
        else:
            os.utime(path)  # used now: the least recently used go first
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None
    return parts


def save_parts(folder: str, key: str, parts: Mapping[str, bytes]) -> bool:
    """Keep `parts` under `key`, in one step; whether that went well. Raises nothing."""
    content = _packed(parts, key)
    if len(content) > LARGEST_FILE:
        return False
    try:
        path = _path(folder, key)
        write_bytes(path, content)
        _sweep(path.parent, kept=path)
    except OSError:
        return False
    return True


def _path(folder: str, key: str) -> Path:
    return cache_folder(folder) / f"{sha256(key.encode(errors='surrogateescape')).hexdigest()}.side"


def _packed(parts: Mapping[str, bytes], key: str) -> bytes:
    about = {"key": ascii(key), "sizes": {name: len(part) for name, part in parts.items()}}
    head = json.dumps(about).encode()
    body = MAGIC + struct.pack("<q", len(head)) + head + b"".join(parts.values())
    return body + sha256(body).digest()


def _unpacked(content: bytes, key: str) -> Parts | None:
    body, digest = content[:-32], content[-32:]
    if not body.startswith(MAGIC) or sha256(body).digest() != digest:
        return None
    at = len(MAGIC) + 8
    (length,) = struct.unpack("<q", body[at - 8 : at])
    about = json.loads(body[at : at + length])
    if about["key"] != ascii(key):
        return None
    parts, at = Parts(), at + length
    for name, size in about["sizes"].items():
        parts[name] = body[at : at + size]
        at += size
    return parts if at == len(body) else None


def _sweep(folder: Path, kept: Path) -> None:
    """Remove what was not used for longest until the folder fits, and what a crash left behind."""
    found = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            about = path.stat()
            left_behind = path.name.startswith(TEMPORARY_PREFIX)
            if left_behind and about.st_mtime < kept.stat().st_mtime - 86400:
                path.unlink()
            elif not left_behind and path != kept:
                found.append((about.st_mtime, about.st_size, path))
    room = LARGEST_FOLDER - kept.stat().st_size
    for _, size, path in sorted(found, reverse=True):
        room -= size
        if room < 0:
            with contextlib.suppress(OSError):
                path.unlink()
