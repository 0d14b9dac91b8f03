"""What ASE reads for us in a process of its own: allow-listed, limited, never fatal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.io import write

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories import foreign
from mlipviewer.io.trajectories.opening import open_trajectory


def test_that_a_cif_of_plain_coordinates_is_read(tmp_path: Path) -> None:
    atoms = bulk("Si", cubic=True) * (2, 1, 1)
    atoms.positions += 0.125
    write(tmp_path / "one.cif", atoms)
    source = open_trajectory(tmp_path / "one.cif")
    frame = source.frame(0)
    assert (source.format, source.n_frames, frame.n_atoms) == ("cif", 1, 16)
    np.testing.assert_allclose(frame.positions, atoms.positions, atol=1e-6)
    np.testing.assert_allclose(frame.cell, atoms.cell.array, atol=1e-6)
    assert set(frame.numbers.tolist()) == {14}
    assert not frame.positions.flags.writeable


SALT = """data_salt
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_IT_number 225
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na Na 0 0 0
Cl Cl 0.5 0.5 0.5
"""


def test_that_symmetry_is_applied(tmp_path: Path) -> None:
    (tmp_path / "salt.cif").write_text(SALT)
    frame = open_trajectory(tmp_path / "salt.cif").frame(0)
    assert sorted(frame.numbers.tolist()) == [11] * 4 + [17] * 4


def test_that_a_lammps_data_file_without_masses_has_no_elements(tmp_path: Path) -> None:
    atoms = Atoms("SiC", [[0, 0, 0], [1, 1, 1]], cell=[4, 4, 4], pbc=True)
    write(tmp_path / "two.data", atoms, format="lammps-data")
    frame = open_trajectory(tmp_path / "two.data").frame(0)
    assert frame.numbers.tolist() == [0, 0]
    assert frame.species is not None
    assert "no elements" in str(frame.notes)


def test_that_what_ase_cannot_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.cif").write_text(SALT.replace("5.64", "what"))
    with pytest.raises(ReadProblem, match=r"bad\.cif: cannot be read as cif"):
        open_trajectory(tmp_path / "bad.cif")


def test_that_a_reader_that_takes_too_long_is_stopped_and_the_next_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "salt.cif").write_text(SALT)
    worker = foreign.AseWorker()
    monkeypatch.setattr(foreign, "_worker", worker)
    monkeypatch.setattr(foreign, "SECONDS", 0.01)
    with pytest.raises(ReadProblem, match="took too long"):
        open_trajectory(tmp_path / "salt.cif")
    monkeypatch.setattr(foreign, "SECONDS", 30.0)
    assert open_trajectory(tmp_path / "salt.cif").n_frames == 1
    worker.stop()


def test_that_a_cell_that_is_not_finite_is_damage(tmp_path: Path) -> None:
    from tests.fuzz.libraries import history

    content = history()[0].replace(b"  5.0 0.0 0.0", b"  5.0 nan 0.0", 1)
    (tmp_path / "HISTORY").write_bytes(content)
    source = open_trajectory(tmp_path / "HISTORY")
    first, second = source.frame(0), source.frame(1)
    assert (first.complete, first.cell, second.complete) == (False, None, True)
    assert "the cell or its origin is not finite" in str(first.notes[-1])
    assert second.cell is not None


def test_that_memory_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resource")
    (tmp_path / "salt.cif").write_text(SALT)
    worker = foreign.AseWorker()
    monkeypatch.setattr(foreign, "_worker", worker)
    monkeypatch.setattr(foreign, "SMALLEST_MEMORY", 1 << 20)
    with pytest.raises(ReadProblem, match=r"salt\.cif"):
        open_trajectory(tmp_path / "salt.cif")
    worker.stop()


def test_that_ase_is_not_imported_here(tmp_path: Path) -> None:
    (tmp_path / "salt.cif").write_text(SALT)
    code = (
        "import sys; from mlipviewer.io.trajectories.opening import open_trajectory as o;"
        f"o({str(tmp_path / 'salt.cif')!r}).frame(0); sys.exit('ase' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
