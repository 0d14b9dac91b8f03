"""Tables and trajectories made by hand, small enough to know what must come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from mlipviewer.core.table import Column, ErrorTable, Role, RowRole, Scale
from mlipviewer.core.trajectory import Frame, Trajectory

MakeTable = Callable[..., ErrorTable]


def a_table(
    values: Any,
    *,
    roles: Sequence[RowRole] = (),
    families: Sequence[str] = (),
    scale: Scale = Scale.LINEAR,
    **about: Sequence[Any],
) -> ErrorTable:
    """Rows m0, m1 ... of metrics e0, e1 ...; `about` gives facts of the metrics, one each."""
    values = np.array(values, float)
    n, m = values.shape
    facts = [{name: given[i] for name, given in about.items()} for i in range(m)]
    columns = [Column(f"e{i}", Role.ERROR, **facts[i]) for i in range(m)]
    text = {"family": tuple(families)} if families else {}
    if families:
        columns.insert(0, Column("family", Role.METADATA))
    return ErrorTable(
        "made",
        tuple(columns),
        tuple(f"m{i}" for i in range(n)),
        tuple(roles) or (RowRole.MODEL,) * n,
        values,
        MappingProxyType(text),
        scale,
        "family" if families else None,
    )


@pytest.fixture
def make_table() -> MakeTable:
    return a_table


@dataclass(frozen=True)
class FramesInMemory:
    """A source of frames of one atom that carry the given values."""

    values: tuple[dict[str, Any], ...]
    path: str = "memory"
    format: str = "memory"
    notes: tuple[Any, ...] = ()

    @property
    def n_frames(self) -> int:
        return len(self.values)

    def frame(self, index: int) -> Frame:
        return Frame(index, np.zeros((1, 3)), np.array([3]), info=self.info(index))

    def info(self, index: int) -> dict[str, Any]:
        return self.values[index]


@pytest.fixture
def make_trajectory() -> Callable[..., Trajectory]:
    def made(*values: dict[str, Any], part: slice = slice(None)) -> Trajectory:
        return Trajectory.whole("made", FramesInMemory(values), part)

    return made
