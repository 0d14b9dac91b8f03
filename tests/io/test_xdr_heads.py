"""Heads of XTC and TRR frames that do not fit the file: seen before the library sees them."""

from __future__ import annotations

import struct
from pathlib import Path

import chemfiles
import numpy as np
import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.indexed.xdr_heads import Heads, heads_of
from mlipviewer.io.trajectories.opening import open_trajectory


def write_many(path: Path, n_atoms: int) -> None:
    """So many atoms that XTC packs them."""
    rng = np.random.default_rng(1)
    with chemfiles.Trajectory(str(path), "w") as file:
        for _ in range(3):
            frame = chemfiles.Frame()
            for row in rng.uniform(0, 20, (n_atoms, 3)):
                frame.add_atom(chemfiles.Atom(""), row)
            file.write(frame)


@pytest.mark.parametrize("format", ["xtc", "trr"])
@pytest.mark.parametrize("n_atoms", [5, 300])
def test_that_good_heads_are_left_alone_and_a_cut_is_seen(
    tmp_path: Path, format: str, n_atoms: int
) -> None:
    path = tmp_path / f"run.{format}"
    write_many(path, n_atoms)
    assert heads_of(str(path), format.upper()) == Heads()
    content, cut = path.read_bytes(), tmp_path / f"cut.{format}"
    ends = [*(k for k in range(1, len(content)) if content[k:].startswith(content[:8]))]
    near = {end + k for end in (0, *ends, len(content)) for k in range(-9, 70)}
    for n in sorted(near | {*range(0, len(content), 97)}):
        if not 0 < n < len(content):
            continue
        cut.write_bytes(content[:n])
        end = None if n in ends else sum(n > one for one in ends)
        assert heads_of(str(cut), format.upper()).end == end


@pytest.mark.parametrize(("format", "at"), [("xtc", (4, 52)), ("trr", (64,))])
def test_that_atoms_that_no_file_has_room_for_cost_no_memory(
    tmp_path: Path, format: str, at: tuple[int, ...]
) -> None:
    """The head of the second frame declares them; the first is shown."""
    write_many(tmp_path / f"run.{format}", 300)
    content = (tmp_path / f"run.{format}").read_bytes()
    begin = content.find(content[:4], 4)
    for place in at:
        was = content[begin + place : begin + place + 4]
        assert was == (300).to_bytes(4, "big")
        content = content[: begin + place] + b"\x40\0\0\0" + content[begin + place + 4 :]
    path = tmp_path / f"bad.{format}"
    path.write_bytes(content)
    source = open_trajectory(path)
    assert len(source.frame(0).positions) == 300
    told = [str(note) for note in source.notes]
    for k in range(1, source.n_frames):
        with pytest.raises(ReadProblem, match="declares 1073741824 atoms") as problem:
            source.frame(k)
        told.append(str(problem.value))
    assert any("frame 2: declares 1073741824 atoms" in one for one in told)


def test_that_a_frame_without_positions_is_no_frame_at_the_origin(tmp_path: Path) -> None:
    """GROMACS writes frames of velocities alone where nstvout is below nstxout."""
    sizes = [0, 0, 0, 0, 0, 0, 0, 0, 60, 0, 5, 10, 0]
    frame = struct.pack(">iii12s13iff", 1993, 13, 12, b"GMX_trn_file", *sizes, 0.5, 0.0) + bytes(60)
    write_many(tmp_path / "run.trr", 5)
    path = tmp_path / "speeds.trr"
    path.write_bytes((tmp_path / "run.trr").read_bytes() + frame)
    source = open_trajectory(path)
    assert source.n_frames == 4
    assert len(source.frame(0).positions) == 5
    with pytest.raises(ReadProblem, match="holds no positions"):
        source.frame(3)
