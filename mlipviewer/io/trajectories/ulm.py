"""The container of ASE's .traj files: items of JSON with arrays beside them, read with distrust.

Nothing is unpickled or evaluated, and no array is made that the file does not hold.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.io.trajectories.bytestore import ByteStore
from mlipviewer.io.trajectories.layout import Damaged

Array = NDArray[Any]

MAGIC = b"- of Ulm"
LONGEST_ITEM = 64 << 20
_ITEM = re.compile(rb'\{"(?:version|positions\.?|pbc|numbers\.?)"')
_DTYPES = frozenset(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)) | {
    "bool",
    "float32",
    "float64",
}


def item_offsets(store: ByteStore) -> tuple[list[int], int]:
    """Where the items are and how many the header declares. Raises Damaged without a header."""
    head = store.read(0, 48)
    if len(head) < 48 or not head.startswith(MAGIC):
        raise Damaged("the file ends inside its header")
    _, n_items, at = struct.unpack("<3q", head[24:48])
    if n_items >= 0 and at >= 48 and n_items * 8 <= store.size - at:
        return list(struct.unpack(f"<{n_items}q", store.read(at, 8 * n_items))), n_items
    return [], n_items


def searched_offsets(store: ByteStore) -> Iterator[int]:
    """Where items seem to be, found by looking for them: for files whose table is damaged."""
    at, step = 0, 8 << 20
    while at < store.size:
        text = store.read(at, step + 64)
        for match in _ITEM.finditer(text):
            if match.start() < step and _is_item(store, at + match.start()):
                yield at + match.start() - 8
        at += step


def _is_item(store: ByteStore, at: int) -> bool:
    head = store.read(at - 8, 8)
    length = struct.unpack("<q", head)[0] if at >= 8 and len(head) == 8 else 0
    return 2 <= length <= LONGEST_ITEM and store.read(at + length - 1, 1) == b"}"


def read_item(store: ByteStore, offset: int) -> dict[str, Any]:
    """The JSON of an item, as it is. Raises Damaged."""
    if not 48 <= offset <= store.size - 10:
        raise Damaged(f"the table of frames points to byte {offset}, outside the file")
    (length,) = struct.unpack("<q", store.read(offset, 8))
    if not 2 <= length <= min(LONGEST_ITEM, store.size - offset - 8):
        raise Damaged(f"{length} bytes are declared for this frame, but the file ends before that")
    try:
        item = json.loads(store.read(offset + 8, length))
    except (ValueError, RecursionError) as error:
        raise Damaged("this frame is not readable JSON") from error
    if not isinstance(item, dict):
        raise Damaged("this frame is not a JSON object")
    return item


def value_of(store: ByteStore, item: dict[str, Any], name: str, load: bool = True) -> Any:
    """A value of an item; arrays beside it are read, or with `load` False only checked.

    None where there is none. Raises Damaged.
    """
    if name in item:
        return _inline(item[name])
    value = item.get(f"{name}.")
    if not isinstance(value, dict) or "ndarray" not in value:
        return value
    try:
        shape, dtype, offset = value["ndarray"]
        n_values = math.prod(int(n) for n in shape)
    except (TypeError, ValueError) as error:
        raise Damaged(f"{name[:40]}: the description of an array is damaged") from error
    if dtype not in _DTYPES or any(int(n) < 0 for n in shape):
        raise Damaged(f"{name[:40]}: arrays of {str(dtype)[:20]!a} are not read")
    kind = np.dtype(dtype).newbyteorder("<" if item.get("_little_endian", True) else ">")
    n_bytes = n_values * kind.itemsize
    if not isinstance(offset, int) or not 0 <= offset <= store.size - n_bytes:
        raise Damaged(f"{name[:40]}: {n_bytes} bytes at {offset} are not in the file")
    if not load:
        return None
    array = np.frombuffer(store.read(offset, n_bytes), kind).reshape(shape)
    return array.astype(kind.newbyteorder("="))


def _inline(value: Any) -> Any:
    """A value written in the JSON itself; `__ndarray__` only where all its numbers are there."""
    if not isinstance(value, dict) or "__ndarray__" not in value:
        return value
    try:
        shape, dtype, data = value["__ndarray__"]
        fits = isinstance(data, list) and len(data) == math.prod(int(n) for n in shape)
    except (TypeError, ValueError) as error:
        raise Damaged("the description of an array is damaged") from error
    if not fits:
        raise Damaged("refused: an array declares more values than the file holds")
    return np.array(data, dtype).reshape(shape) if dtype in _DTYPES else data
