"""Text that is put on a shelf is what it was, however the pieces fall."""

from __future__ import annotations

import gc
import weakref

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.io.trajectories.shelves import Shelves


@given(st.lists(st.binary(max_size=40), max_size=30))
def test_that_pieces_stay_what_they_were(pieces: list[bytes]) -> None:
    shelves = Shelves(32)
    held = [shelves.put(piece) for piece in pieces]
    assert [bytes(one) for one in held] == pieces
    assert all(memoryview(one).readonly for one in held)


def test_that_a_shelf_goes_with_its_pieces() -> None:
    shelves = Shelves(32)
    shelves.put(b"a" * 30)
    held = [shelves.put(b"b" * 30)]
    shelf = held[0].obj  # type: ignore[union-attr]
    assert isinstance(shelf, np.ndarray)
    gone = weakref.ref(shelf)
    del shelf
    shelves.put(b"c" * 30)
    assert gone() is not None
    held.clear()
    gc.collect()
    assert gone() is None
