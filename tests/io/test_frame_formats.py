"""Frames as LAMMPS data files and as tables: what another program reads is what was written."""

from __future__ import annotations

import csv
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from ase.io import read
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.frame_formats import FrameFile
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.session.commands.frame_converting import Wanted, write_frames

CELLS = {
    "cube": np.diag([5.0, 6.0, 7.0]),
    "tilted": np.array([[5.0, 0, 0], [1.0, 6.0, 0], [-0.5, 2.0, 7.0]]),
    "any": np.array([[4.0, 1.0, 0.5], [-1.0, 5.0, 0.2], [0.3, 0.4, 6.0]]),
    "fcc": 2.0 * np.array([[0.0, 1, 1], [1, 0, 1], [1, 1, 0]]),
}


def frame(cell: np.ndarray | None, n: int = 5, index: int = 0, **columns: np.ndarray) -> Frame:
    random = np.random.default_rng(n)
    return Frame(
        index,
        random.uniform(0, 4, (n, 3)),
        np.array(([14, 8, 3] * n)[:n], np.int32),
        None if cell is None else cell.copy(),
        (cell is not None,) * 3,
        np.array([0.5, -1.0, 2.0]) if cell is not None else np.zeros(3),
        random.permutation(n) * 3 + 7,
        MappingProxyType(columns),
    )


def written(path: Path, *frames: Frame) -> Path:
    run = Trajectory.whole("run", MemorySource("made", "made", list(frames)))
    write_frames(run, path, Wanted(), {})
    return path


@pytest.mark.parametrize("cell", CELLS)
def test_that_ase_reads_the_same_atoms_from_a_data_file(tmp_path: Path, cell: str) -> None:
    velocities = np.random.default_rng(1).normal(size=(5, 3)) * 1e-2  # A/fs
    one = frame(CELLS[cell], velocities=velocities, q=np.linspace(-1, 1, 5))
    path = written(tmp_path / "a.data", one)
    atoms = read(path, format="lammps-data", atom_style="charge", sort_by_id=True)
    order = np.argsort(one.ids)
    assert atoms.numbers.tolist() == one.numbers[order].tolist()
    assert atoms.get_initial_charges() == pytest.approx(np.linspace(-1, 1, 5)[order])
    np.testing.assert_allclose(atoms.cell.cellpar(), _cellpar(one.cell), atol=1e-9)
    places = np.linalg.solve(one.cell.T, (one.positions - one.origin).T).T[order]
    low = _low(path)
    found = np.linalg.solve(atoms.cell.array.T, (atoms.positions - low).T).T
    np.testing.assert_allclose(found, places, atol=1e-9)
    # turned with the cell, so the same along its vectors; ASE's unit of time is A sqrt(amu / eV)
    from ase.units import fs

    before = velocities[order] @ one.cell.T
    after = atoms.get_velocities() * fs @ atoms.cell.array.T
    np.testing.assert_allclose(after, before, atol=1e-8)


def _low(path: Path) -> list[float]:
    lines = [line for line in path.read_text().splitlines() if line.endswith(("xhi", "yhi", "zhi"))]
    return [float(line.split()[0]) for line in lines]


def _cellpar(cell: np.ndarray) -> np.ndarray:
    from ase.geometry import cell_to_cellpar

    return cell_to_cellpar(cell)


def test_that_masses_are_those_of_the_elements_or_not_written(tmp_path: Path) -> None:
    known = written(tmp_path / "a.data", frame(CELLS["cube"])).read_text()
    assert "1 6.94  # Li" in known
    one = frame(None)
    strange = Frame(
        0, one.positions, np.zeros(5, np.int32), species=np.array(["A", "B"] * 2 + ["A"])
    )
    text = written(tmp_path / "b.data", strange).read_text()
    assert "Masses" not in text
    assert "2 atom types" in text
    assert "boundary f f f" in text


def test_that_a_data_file_holds_one_frame_and_no_impossible_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.data"
    path.write_text("old")
    with pytest.raises(ReadProblem, match="holds one frame"):
        written(path, frame(CELLS["cube"]), frame(CELLS["cube"], index=1))
    with pytest.raises(ReadProblem, match="left-handed or flat"):
        written(path, frame(CELLS["any"][[1, 0, 2]]))
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.data"]


@given(st.integers(0, 12))
def test_that_a_table_of_atoms_reads_back(tmp_path_factory: pytest.TempPathFactory, n: int) -> None:
    path = tmp_path_factory.mktemp("t") / "a.csv"
    random = np.random.default_rng(n)
    columns = {
        "forces": random.normal(size=(n, 3)),
        "kind": random.integers(0, 2, n),
        "word": np.array((["=1+1", "a,b c", 'x"y'] * n)[:n], "U8"),
    }
    frames = [frame(CELLS["cube"], n, k, **columns) for k in range(2)]
    frames = [_named(one) for one in frames]
    written(path, *frames)
    with path.open(newline="") as file:
        head, *lines = list(csv.reader(file))
    assert head[:6] == ["frame", "id", "element", "x (Å)", "y (Å)", "z (Å)"]
    assert head[6:] == ["forces[1] (eV/Å)", "forces[2] (eV/Å)", "forces[3] (eV/Å)", "kind", "word"]
    assert len(lines) == 2 * n
    for k, one in enumerate(frames):
        part = lines[k * n : (k + 1) * n]
        assert [int(line[0]) for line in part] == [k] * n
        assert [int(line[1]) for line in part] == one.ids.tolist()
        assert [float(line[4]) for line in part] == one.positions[:, 1].tolist()
        assert [float(line[7]) for line in part] == one.columns["forces"][:, 1].tolist()
        assert [line[9] for line in part] == [("fcc", "bcc")[c] for c in one.columns["kind"]]
        assert [line[10].lstrip("'") for line in part] == one.columns["word"].tolist()
        assert not any(line[10].startswith("=") for line in part)


def _named(one: Frame) -> Frame:
    from dataclasses import replace

    return replace(
        one, classes={"kind": ("fcc", "bcc")}, units=MappingProxyType({"forces": "eV/Å"})
    )


def test_that_frames_with_other_columns_are_refused_in_a_table(tmp_path: Path) -> None:
    frames = (frame(None, q=np.zeros(5)), frame(None, index=1))
    with pytest.raises(ReadProblem, match="frame 2 has other columns"):
        written(tmp_path / "a.csv", *frames)
    assert not list(tmp_path.iterdir())


def test_that_a_large_frame_comes_in_pieces_and_can_be_stopped(tmp_path: Path) -> None:
    large = frame(CELLS["cube"], 30_000)
    parts = list(FrameFile(tmp_path / "a.extxyz").parts(large))
    assert max(map(len, parts)) < 600_000
    assert len(parts) > 5
    progress, seen = Progress(), []
    run = Trajectory.whole("run", MemorySource("made", "made", [large, large]))

    def keeps(ids: np.ndarray) -> np.ndarray:
        seen.append(len(ids))
        progress.stop()
        return ids >= 0

    with pytest.raises(Cancelled):
        write_frames(run, tmp_path / "a.extxyz", Wanted(keeps=keeps), {}, progress)
    assert seen == [30_000]
    assert not list(tmp_path.iterdir())
