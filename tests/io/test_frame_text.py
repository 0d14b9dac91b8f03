"""Frames larger than what is read at once: the same as read whole, with the same faults."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import MemoryBytes
from mlipviewer.io.trajectories.extxyz import Extxyz
from mlipviewer.io.trajectories.frame_text import HEAD, FrameText
from mlipviewer.io.trajectories.layout import Block
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.native import scan as scan_module
from mlipviewer.native.tokens import Kind, Token

N = 3000
LABELS = ("Li", "O", "a-long-label", "P", "S")


def rows() -> list[str]:
    places = np.random.default_rng(1).uniform(-9, 30, (N, 3))
    labels = [LABELS[(k * k + k // 400) % 5] for k in range(N)]
    return [f"{labels[k]} {x:.8f} {y:.6g} {z!r}" for k, (x, y, z) in enumerate(places.tolist())]


def text_of(lines: list[str]) -> bytes:
    head = f'{N}\nLattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3\n'
    return (head + "".join(f"{line}\n" for line in lines)).encode()


def parsed(text: bytes, n_cores: int, whole: bool) -> Frame:
    """The frame behind other bytes, read whole or in pieces of 700 bytes by several threads."""
    store = MemoryBytes("made", b"others\n" + text)
    frame_text = FrameText(store, 7, len(text), len(text) if whole else HEAD)
    with (
        mock.patch.object(scan_module, "PIECE", 700),
        mock.patch.object(scan_module, "MANY_ROWS", 100),
        mock.patch.object(os, "cpu_count", return_value=n_cores),
    ):
        return Extxyz("made").parse(frame_text, Block(7, 7 + len(text), 2, 1, N), 0)


@pytest.mark.parametrize("n_cores", [1, 2, 4])
@pytest.mark.parametrize("whole", [False, True])
def test_that_a_large_frame_is_read_in_pieces(n_cores: int, whole: bool) -> None:
    lines = rows()
    frame = parsed(text_of(lines), n_cores, whole)
    assert frame.complete
    expected = [[float(word) for word in line.split()[1:]] for line in lines]
    assert frame.positions.tolist() == expected
    assert frame.species is not None
    assert frame.species.tolist() == [line.split()[0] for line in lines]


@pytest.mark.parametrize("n_cores", [1, 3])
@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("Li 1 2", "3 columns, expected 4"),
        ("Li 1 2 3 4", "5 columns, expected 4"),
        ("Li 1 2 3x", "column 4: '3x' is not a number"),
        ("Li 1 2 \0\0", "NUL bytes from byte"),
    ],
)
def test_that_faults_far_inside_are_named(bad: str, said: str, n_cores: int) -> None:
    lines = rows()
    lines[1500] = bad
    lines[1900] = "much later"
    frame = parsed(text_of(lines), n_cores, whole=False)
    assert not frame.complete
    assert frame.n_atoms == 1500
    note = frame.notes[-1]
    assert said in note.text
    assert note.place.line == 2 + 2 + 1500


def test_that_a_file_cut_while_it_is_open_gives_no_frame(tmp_path: Path) -> None:
    path = tmp_path / "made.xyz"
    text = text_of(rows())
    path.write_bytes(text * 2)
    source = open_trajectory(path)
    np.testing.assert_array_equal(source.frame(1).positions, source.frame(0).positions)
    with path.open("r+b") as file:
        file.truncate(len(text) + len(text) // 2)
    with pytest.raises(ReadProblem, match="shortened"):
        source.frame(1)


def test_that_a_line_without_an_end_is_read_once() -> None:
    asked = list[int]()
    text = b"1 2\n" + b"x" * 100_000

    def fill_in(offset: int, target: memoryview) -> int:
        part = text[offset : offset + len(target)]
        target[: len(part)] = part
        asked.append(len(part))
        return len(part)

    with mock.patch.object(scan_module, "PIECE", 64):
        scan = scan_module.scan_pieces(fill_in, 5, [Token(Kind.SKIP)] * 2)
    assert scan.fault is not None
    assert sum(asked) == len(text)
    assert len(asked) < 30
