"""What a document holds that the next one does not share."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.named_sets import NamedSet
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import RowKey, rows
from mlipviewer.core.visibility import Visibility
from mlipviewer.session.held_bytes import NUMBER, held_bytes
from mlipviewer.session.state import Document, Traces, frozen


def holds(one: Document, other: Document) -> int:
    return held_bytes(one, other)


def test_that_the_same_holds_nothing() -> None:
    one = Document(condition="a < 1", selected=frozen({(Space.ATOM, "run"): rows(range(9))}))
    assert holds(one, one) == 0
    assert holds(one, replace(one, frame=3)) == 0


def test_that_only_what_was_changed_counts() -> None:
    many, few = rows(range(1000)), rows(range(10))
    kept = {(Space.ATOM, "run"): many, (Space.FRAME, "run"): few}
    one = Document(selected=frozen(kept))
    other = replace(one, selected=frozen({**kept, (Space.FRAME, "run"): rows([1])}))
    assert holds(one, other) == few.nbytes
    assert holds(one, replace(one, selected=frozen())) == many.nbytes + few.nbytes


def test_that_arrays_are_found_within_what_holds_them() -> None:
    hidden, only = rows(range(300)), rows(range(50))
    one = Document(
        visible=frozen({"run": Visibility(hidden, only)}),
        sets=(NamedSet("", Space.ATOM, "", "", RowKey(hidden)),),
        traces=Traces("", tuple(range(20)), 0, 5),
    )
    assert holds(one, Document()) == 2 * hidden.nbytes + only.nbytes + 20 * NUMBER
    shown = replace(one, visible=frozen({"run": Visibility(hidden, None)}))
    assert holds(one, shown) == only.nbytes


def test_that_members_of_a_longer_tuple_are_shared() -> None:
    @dataclass(frozen=True, eq=False)
    class Part:
        values: NDArray[np.float64]

    parts = tuple(Part(np.zeros(100)) for _ in range(3))
    assert held_bytes(parts, parts[:2]) == 800
    assert held_bytes(parts[1:], parts) == 0
