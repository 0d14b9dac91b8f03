"""Frames that were read to check them are not read again, and never outlive what they are of."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.checked_frames import CheckedFrames
from mlipviewer.io.trajectories.layout import Block
from mlipviewer.io.trajectories.opening import open_trajectory
from tests.io.trajectory_samples import dump, extxyz, xdatcar


class Owner:
    """A source, as far as the shelf knows one."""


def frame(index: int) -> Frame:
    return Frame(index, np.zeros((1, 3)), np.zeros(1, np.int32))


def whole(array: Any) -> Any:
    """The memory that an array is a part of."""
    return array if array.base is None else whole(array.base)


def block(start: int, size: int = 10) -> Block:
    return Block(start, start + size, 1, 1, 1)


def test_that_a_frame_is_taken_once_and_only_as_it_was_known() -> None:
    shelf, owner = CheckedFrames(), Owner()
    shelf.put(owner, block(0), frame(0), "metal")
    shelf.put(owner, block(10), frame(1), "metal")
    shelf.put(owner, block(20), frame(2), "metal")
    assert shelf.take(owner, block(0), "metal") is not None
    assert shelf.take(owner, block(0), "metal") is None
    assert shelf.take(owner, block(10), "real") is None
    assert shelf.take(owner, block(20, 11), "metal") is None


def test_that_the_oldest_frames_leave_first() -> None:
    shelf, owner, other = CheckedFrames(25), Owner(), Owner()
    shelf.put(owner, block(0), frame(0), None)
    shelf.put(other, block(0), frame(0), None)
    shelf.put(other, block(10), frame(1), None)
    assert shelf.take(owner, block(0), None) is None
    assert shelf.take(other, block(0), None) is not None
    shelf.put(owner, block(40, 30), frame(3), None)
    assert shelf.take(owner, block(40, 30), None) is None  # alone too much
    assert shelf._text == 0
    assert not shelf._frames


def test_that_frames_go_with_their_source() -> None:
    shelf, owner = CheckedFrames(), Owner()
    shelf.put(owner, block(0), frame(0), None)
    del owner
    gc.collect()
    assert not shelf._frames
    assert not shelf._text
    assert not shelf._owners


@pytest.mark.parametrize("sample", [extxyz, dump, xdatcar])
def test_that_a_frame_is_the_same_read_first_and_again(sample: object, tmp_path: Path) -> None:
    path = tmp_path / "sample"
    path.write_bytes(sample(4))  # type: ignore[operator]
    source = open_trajectory(path)
    first = [source.frame(k) for k in range(4)]
    again = [source.frame(k) for k in range(4)]
    for k, (one, other) in enumerate(zip(first, again, strict=True)):
        assert one is not other
        assert one.index == other.index == k
        assert one.notes == other.notes
        assert one.info == other.info
        np.testing.assert_array_equal(one.positions, other.positions)
        assert one.columns.keys() == other.columns.keys()


def test_that_units_learnt_later_hold_for_frames_that_were_checked_before(tmp_path: Path) -> None:
    path = tmp_path / "late.dump"
    first, second = dump(2).split(b"ITEM: TIMESTEP", 2)[1:]
    path.write_bytes(b"ITEM: TIMESTEP" + first + b"ITEM: UNITS\nreal\nITEM: TIMESTEP" + second)
    source = open_trajectory(path)
    fresh, again = source.frame(0), source.frame(0)
    assert fresh.info["units"] == again.info["units"] == "real"
    for name in fresh.columns:
        np.testing.assert_array_equal(fresh.columns[name], again.columns[name])
    assert [note.text for note in fresh.notes] == [note.text for note in again.notes]


@pytest.mark.parametrize("sample", [extxyz, dump])
def test_that_columns_in_one_piece_of_memory_are_the_same(
    sample: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sample"
    path.write_bytes(sample(2, 7))  # type: ignore[operator]
    plain = open_trajectory(path).frame(1)
    monkeypatch.setattr("mlipviewer.io.trajectories.rows_of_frame.LARGE", 200)
    together = open_trajectory(path).frame(1)
    assert whole(together.positions) is whole(together.columns["forces"])
    np.testing.assert_array_equal(together.positions, plain.positions)
    np.testing.assert_array_equal(together.numbers, plain.numbers)
    assert together.columns.keys() == plain.columns.keys()
    for name, column in plain.columns.items():
        np.testing.assert_array_equal(together.columns[name], column)
    assert not together.positions.flags.writeable
