"""MTP and AtomEye .cfg files, and structures that pymatgen wrote as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.session.inputs import Kind
from mlipviewer.session.opening import open_path, sniff_kind

CFG = """BEGIN_CFG
 Size
  2
 Supercell
  4.0 0.0 0.0
  0.0 4.0 0.0
  0.0 0.0 {height}
 AtomData:  id type cartes_x cartes_y cartes_z fx fy fz
   2 1  1.0 1.5 2.0  0.1 0.2 0.3
   1 0  0.0 0.5 1.0  -0.1 -0.2 -0.3
 Energy
   -12.5
 PlusStress:  xx yy zz yz xz xy
   1 2 3 4 5 6
 Feature   EFS_by   vasp
END_CFG

"""


def test_that_configurations_of_mtp_are_frames(tmp_path: Path) -> None:
    (tmp_path / "train.cfg").write_text(CFG.format(height="5.0") + CFG.format(height="6.0"))
    source = open_trajectory(tmp_path / "train.cfg")
    assert (source.format, source.n_frames) == ("mtp-cfg", 2)
    one = source.frame(1)
    assert one.positions.tolist() == [[1, 1.5, 2], [0, 0.5, 1]]
    assert one.columns["forces"].tolist() == [[0.1, 0.2, 0.3], [-0.1, -0.2, -0.3]]
    assert one.cell is not None
    assert one.cell[2, 2] == 6
    assert one.atom_ids.tolist() == [2, 1]
    assert one.species is not None
    assert one.species.tolist() == ["1", "0"]
    assert one.info["energy"] == -12.5
    assert one.info["EFS_by"] == "vasp"
    assert one.info["PlusStress"].tolist() == [1, 2, 3, 4, 5, 6]
    assert source.info(0)["energy"] == -12.5
    assert one.units["forces"] == "eV/Å"


def test_that_every_cut_of_mtp_gives_exactly_the_first_frames(tmp_path: Path) -> None:
    whole = CFG.format(height="5.0") + CFG.format(height="6.0")
    ends = [whole.index("END_CFG") + 7, whole.rindex("END_CFG") + 7]
    for cut in range(1, len(whole), 5):
        (tmp_path / "cut.cfgs").write_text(whole[:cut])
        good = sum(cut >= end for end in ends)
        if not good:
            with pytest.raises(ReadProblem):
                open_trajectory(tmp_path / "cut.cfgs")
        else:
            assert open_trajectory(tmp_path / "cut.cfgs").n_frames == good


def test_that_a_damaged_configuration_is_left_out_and_named(tmp_path: Path) -> None:
    bad = CFG.format(height="5.0").replace("1.5 2.0", "1.5 xx")
    (tmp_path / "train.cfg").write_text(bad + CFG.format(height="6.0"))
    source = open_trajectory(tmp_path / "train.cfg")
    assert source.n_frames == 1
    assert source.frame(0).cell is not None
    losses = [str(note) for note in source.notes if note.loss]
    assert losses == ["train.cfg: frame 1: 0 of 2 atoms; this frame is left out"]


EXTENDED = """Number of particles = 3
A = 2 Angstrom
H0(1,1) = 2 A
H0(1,2) = 0 A
H0(1,3) = 0 A
H0(2,1) = 0 A
H0(2,2) = 3 A
H0(2,3) = 0 A
H0(3,1) = 1 A
H0(3,2) = 0 A
H0(3,3) = 4 A
.NO_VELOCITY.
entry_count = 5
auxiliary[0] = pe [eV]
auxiliary[1] = cn
6.94
Li
0.5 0.5 0.5 -1.5 12
0.0 0.0 0.0 -1.6 14
28.1
Si
0.25 0.25 0.25 -4.5 4
"""


def test_that_an_extended_cfg_of_atomeye_is_read(tmp_path: Path) -> None:
    (tmp_path / "one.cfg").write_text(EXTENDED)
    one = open_trajectory(tmp_path / "one.cfg").frame(0)
    assert one.numbers.tolist() == [3, 3, 14]
    np.testing.assert_allclose(one.positions[0], [3, 3, 4])
    assert one.columns["pe"].tolist() == [-1.5, -1.6, -4.5]
    assert one.columns["cn"].tolist() == [12, 14, 4]
    assert one.columns["masses"].tolist() == [6.94, 6.94, 28.1]
    assert one.units["pe"] == "eV"


def test_that_atomeye_with_too_few_atoms_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.cfg").write_text(EXTENDED.replace("particles = 3", "particles = 4"))
    with pytest.raises(ReadProblem, match="3 of 4 atoms"):
        open_trajectory(tmp_path / "one.cfg")


def record(k: int) -> dict[str, object]:
    site = {"species": [{"element": "Li", "occu": 1}], "xyz": [0.1 * k, 0.5, 1.0], "label": "Li"}
    lattice = {"matrix": [[4.0, 0, 0], [0, 4.0, 0], [0, 0, 4.0]]}
    structure = {"@module": "pymatgen.core.structure", "@class": "Structure", "lattice": lattice}
    outputs = {"energy": -1.9 * k, "forces": [[0.0, 0.0, 0.1 * k]], "virial_stress": [1] * 6}
    return {"structure": structure | {"sites": [site]}, "outputs": outputs, "group": "AIMD"}


def test_that_records_with_structures_are_frames_not_a_table(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_text(json.dumps([record(1), record(2), {"structure": {"sites": 3}}]))
    assert sniff_kind(path) is Kind.TRAJECTORY
    opened = open_path(str(path))
    assert opened.input is not None
    assert opened.input.kind is Kind.TRAJECTORY
    source = open_trajectory(path)
    assert source.n_frames == 2
    one = source.frame(1)
    assert one.positions.tolist() == [[0.2, 0.5, 1.0]]
    assert one.columns["forces"].tolist() == [[0, 0, 0.2]]
    assert (one.info["energy"], one.info["group"]) == (-3.8, "AIMD")
    assert "left out" in str(source.notes[0])


def test_that_json_of_numbers_stays_a_table(tmp_path: Path) -> None:
    (tmp_path / "errors.json").write_text(json.dumps([{"model": "a", "mae": 1.0}]))
    assert sniff_kind(tmp_path / "errors.json") is Kind.TABLE
