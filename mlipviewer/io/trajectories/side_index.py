"""Where the frames of a large file are, kept in the user's cache from one opening to the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from mlipviewer import __version__
from mlipviewer.core.problem import Note, Place
from mlipviewer.io.cache import load_parts, save_parts
from mlipviewer.io.trajectories.bytestore import ByteStore, FileBytes, Identity
from mlipviewer.io.trajectories.compressed import PackedBytes
from mlipviewer.io.trajectories.frame_index import FrameIndex, Mark
from mlipviewer.io.trajectories.layout import Block

FOLDER = "frames"
SMALLEST = 8 << 20
"""Smaller files are indexed faster than a cache is looked after."""

VERSION = f"{__version__} 1"


@dataclass(frozen=True)
class Indexed:
    """All that is known of a file once it was indexed."""

    index: FrameIndex
    mark: Mark
    notes: tuple[Note, ...]
    unfinished: int = -1

    def settled(self) -> Indexed:
        """Without what depends on where the file ended."""
        index = FrameIndex()
        index.extend(self.index)
        index.cut(self.mark.n_frames)
        return Indexed(index, self.mark, self.notes[: self.mark.n_notes])


def save_index(store: ByteStore, format: str, indexed: Indexed) -> bool:
    """Keep it, where the file is worth it; whether that was done."""
    identity = store.identity
    if not isinstance(store, FileBytes | PackedBytes) or identity is None:
        return False
    if identity.size < SMALLEST:
        return False
    about = {
        "version": VERSION,
        "file": identity.kept(),
        "mark": asdict(indexed.mark),
        "notes": [[n.text, n.place.frame, n.place.line, n.loss] for n in indexed.notes],
        "unfinished": indexed.unfinished,
    }
    parts = {"about": json.dumps(about).encode(), "index": indexed.index.packed()}
    return save_parts(FOLDER, _key(store, format), parts)


def load_index(store: ByteStore, format: str) -> tuple[Indexed, bool] | None:
    """What was kept of this very file, and whether it is all; not all where the file has grown.

    None in any doubt.
    """
    if not isinstance(store, FileBytes | PackedBytes) or store.identity is None:
        return None
    parts = load_parts(FOLDER, _key(store, format))
    try:
        return _checked(store, store.identity, parts) if parts is not None else None
    except (ValueError, KeyError, TypeError):
        return None


def _checked(
    store: ByteStore, identity: Identity, parts: Mapping[str, bytes]
) -> tuple[Indexed, bool] | None:
    about = json.loads(parts["about"])
    if about["version"] != VERSION:
        return None
    whole = about["file"] == identity.kept()
    if not whole and not _has_grown(store, identity, about["file"]):
        return None
    found = _indexed(store.path, about, FrameIndex.unpacked(parts["index"]))
    if found.mark.n_frames > len(found.index):
        return None
    return (found, True) if whole else (found.settled(), False)


def _indexed(path: str, about: dict[str, Any], index: FrameIndex) -> Indexed:
    mark = Mark(**about["mark"])
    mark = replace(mark, last=Block(**mark.last) if mark.last else None)  # type: ignore[arg-type]
    notes = [Note(t, Place(path, frame, line), loss) for t, frame, line, loss in about["notes"]]
    return Indexed(index, mark, tuple(notes), about["unfinished"])


def _key(store: ByteStore, format: str) -> str:
    return f"{Path(store.path).absolute()}\n{format}"


def _has_grown(store: ByteStore, now: Identity, then: list[Any]) -> bool:
    """Whether the kept file was the beginning of this one."""
    device, node, size, _, head, tail = then
    if not isinstance(store, FileBytes) or (device, node) != (now.device, now.node):
        return False
    if not SMALLEST <= size < now.size:
        return False
    old = store.read(size - len(now.tail), len(now.tail))
    return bool(sha256(now.head).hexdigest() == head and sha256(old).hexdigest() == tail)
