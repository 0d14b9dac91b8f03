"""Published trajectories and structures, compared with what other programs made of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame, FrameSource
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.io.trajectories.species import SYMBOLS

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
DATA = Path(os.environ.get("MLIPVIEWER_DATA", BESIDE))
INDEX = DATA / "EXPECTED.json"
SUFFIXES = (".xyz", ".extxyz", ".dump", ".lammpstrj", ".cif", ".traj", ".poscar", ".gsd", ".h5md")
SUFFIXES += (".nc", ".ncdf", ".dcd", ".xtc", ".trr", ".tng", ".gro", ".db", ".cfgs", ".castep")
SUFFIXES += (".data", ".lmp", ".pdb", ".xml", ".con", "outcar_example_1", ".cfg", ".bin", ".in")
SUFFIXES += (".axsf", ".h5", "cp2k_output", "dpdata/output", "out_md", ".really", ".tpr", ".zip")
SUFFIXES += ("history", "md.out", "_test.json", "_training.json")

REFUSED = {
    "trajectories/pyscal/conf.triclinic.dump": "382 of 384 atoms",
    "structures/matterviz/scientific-notation.poscar": "'2.71828D-3' is not a number",
    "edge_cases/matterviz/C2HO-scientific-notation.xyz": "'3.45123456789D-01' is not a number",
    "lithium/li-al_mlip_datasets/Irregular/poscars.zip": "a zip archive; unpack it first",
    "lithium/li-al_mlip_datasets/Train/poscars.zip": "a zip archive; unpack it first",
    "trajectories/dpdata/cp2k_output": "the log of CP2K; open its -pos-1.xyz",
    "trajectories/dpdata/out_md": "did not complete",
    "trajectories/dpdata/output": "the log of SIESTA",
    "trajectories/ovito/Si.in": "not supported: an input file of Quantum ESPRESSO",
    "trajectories/ovito/ZnS_variable-cell.axsf": "not as its reader expects",
    "trajectories/ovito/shear_new_format.dump.bin": "a binary LAMMPS dump",
    "trajectories/ovito/system.hybrid_style.data": 'Style "hybrid',
    "trajectories/tests-data/triclinic-1.lmp": "not as its reader expects",
}
"""Files that are refused: the first is truncated (its only frame lacks two atoms), in the second
the numbers are written 2.71828D-3 and 3.141*^-3, which VASP itself does not read. The others no
program of the index reads either."""

UNFINISHED = {
    "trajectories/mdanalysistests/albite_triclinic.dump",
    "trajectories/mdanalysistests/mass_q_elem.lammpstrj",
}
"""The last line has no newline, so that the last value may be cut: shown, but not as complete."""

EXCEPTIONS = {
    "trajectories/ovito/XDATCAR_ISIF3.txt": {"cell_vectors_first"},
    "trajectories/mdanalysistests/bala.ncdf": {"elements"},
}
"""Facts of the index that do not hold, by file. Two headers stand before the first frame of the
XDATCAR: the index names the cell of the first, but the last one before a configuration is its own.
The NetCDF file names no elements; its reader in the index made all atoms hydrogen."""


def _is_meant(path: str) -> bool:
    parts = path.split("/")
    if parts[0] in ("malformed", "tables", "potentials", "mlip_datasets"):
        return False
    name = parts[-1].removesuffix(".gz").removesuffix(".bz2").removesuffix(".xz")
    vasp = any(word in name for word in ("XDATCAR", "POSCAR", "CONTCAR"))
    return vasp or path.lower().endswith(SUFFIXES) or name.lower().endswith(SUFFIXES)


def _facts() -> dict[str, dict[str, Any]]:
    if not INDEX.is_file():
        return {}
    files = json.loads(INDEX.read_text())["files"]
    return {path: entry.get("facts") or {} for path, entry in files.items() if _is_meant(path)}


FACTS = _facts()

pytestmark = pytest.mark.skipif(not FACTS, reason=f"no published data at {DATA}")

ONE_OF_MANY = "md_LLZO001_Li100_T300"
"""Of the 201 CIFs of this run every twentieth is read here."""


def _chosen() -> list[str]:
    many = sorted(path for path in FACTS if ONE_OF_MANY in path)
    return sorted(set(FACTS) - set(many)) + many[::20]


@pytest.mark.parametrize("path", _chosen())
def test_that_a_published_file_is_read_as_others_read_it(path: str) -> None:
    if path in REFUSED:
        with pytest.raises(ReadProblem, match=REFUSED[path]):
            open_trajectory(DATA / path)
        return
    source = open_trajectory(DATA / path)
    facts = {k: v for k, v in FACTS[path].items() if k not in EXCEPTIONS.get(path, ())}
    first, last = source.frame(0), source.frame(source.n_frames - 1)
    assert first.complete == (path not in UNFINISHED)
    _compare_counts(source, first, last, facts)
    _compare_cell(first, facts)
    _compare_positions(first, last, facts)
    _compare_energies(source, facts)
    _compare_dump(source, first, facts)
    _compare_vasp(first, last, facts)


def _compare_counts(source: FrameSource, first: Frame, last: Frame, facts: dict[str, Any]) -> None:
    frames = (facts[name] for name in ("frames", "dump_frames", "structures") if name in facts)
    n_read = source.n_frames if "unread" in facts or "datasets" in facts else 1
    assert source.n_frames == next(frames, n_read)
    if "atoms_total" in facts and "structures" in facts:
        sizes = [source.frame(k).n_atoms for k in range(source.n_frames)]
        assert [min(sizes), max(sizes)] == [facts["atoms_min"], facts["atoms_max"]]
        assert sum(sizes) == facts["atoms_total"]
    assert first.n_atoms == facts.get("atoms_first", first.n_atoms)
    assert last.n_atoms == facts.get("atoms_last", last.n_atoms)
    if "elements" in facts and "note_elements" not in facts:
        found = {
            SYMBOLS[number]
            for k in range(source.n_frames)
            for number in set(source.frame(k).numbers.tolist())
        }
        if found != {"X"}:  # without masses, the types of a data file were taken for elements there
            assert found == set(facts["elements"])
        else:
            assert facts["reader"] == "ase lammps-data"
    if "pbc_first" in facts and facts.get("reader", "").startswith("ase"):
        assert list(first.pbc) == facts["pbc_first"]


def _cell_parameters(cell: Any) -> list[float]:
    lengths = np.linalg.norm(cell, axis=1)
    angles = [
        np.degrees(np.arccos(cell[i] @ cell[j] / lengths[i] / lengths[j]))
        for i, j in ((1, 2), (0, 2), (0, 1))
    ]
    return [*lengths, *angles]


def _compare_cell(frame: Frame, facts: dict[str, Any]) -> None:
    expected = facts.get("cell_first")
    if isinstance(expected, list) and any(expected[:3]):
        assert frame.cell is not None
        np.testing.assert_allclose(_cell_parameters(frame.cell), expected, rtol=1e-5, atol=1e-4)
    elif expected == "none":
        assert frame.cell is None
    if "volume_first" in facts and frame.cell is not None:
        assert abs(np.linalg.det(frame.cell)) == pytest.approx(facts["volume_first"], rel=1e-5)


def _compare_positions(first: Frame, last: Frame, facts: dict[str, Any]) -> None:
    """CIF without symmetry keeps its coordinates, ASE wraps them: compared up to the lattice.

    ASE sorts the atoms of a dump by their ids, where we keep the order of the file, and forgets the
    corner of the box where coordinates are scaled (the same atom as x and as xs would jump).
    """
    wrapped = facts.get("reader") == "ase cif"
    scaled = "xs" in (facts.get("dump_columns") or ())
    one = first.positions - (first.origin if scaled else 0)
    two = last.positions - (last.origin if scaled else 0)
    seen = {
        "pos_first_atom": one[np.argmin(first.atom_ids)],
        "pos_mean_first": one.mean(axis=0),
        "pos_mean_last": two.mean(axis=0),
        "pos_min_first": one.min(axis=0),
        "pos_max_first": one.max(axis=0),
    }
    for name, found in seen.items():
        if name not in facts or (wrapped and name != "pos_first_atom"):
            continue
        difference = found - np.array(facts[name])
        if wrapped and first.cell is not None:
            steps = difference @ np.linalg.inv(first.cell)
            difference = (steps - np.round(steps)) @ first.cell
        np.testing.assert_allclose(difference, 0, atol=2e-4, err_msg=name)


def _energy(info: Any) -> float | None:
    names = ("energy", "free_energy")
    return next((float(info[name]) for name in names if name in info), None)


def _compare_energies(source: FrameSource, facts: dict[str, Any]) -> None:
    if facts.get("energy_first") is None or "note_elements" in facts:
        return
    energies = [_energy(source.info(k)) for k in range(source.n_frames)]
    known = [energy for energy in energies if energy is not None]
    assert energies[0] == pytest.approx(facts["energy_first"], rel=1e-6)
    assert energies[-1] == pytest.approx(facts.get("energy_last", energies[-1]), rel=1e-6)
    assert min(known) == pytest.approx(facts.get("energy_min", min(known)), rel=1e-6)
    assert len(known) == facts.get("frames_with_energy", len(known))
    if "max_abs_force_component" in facts:
        forces = [source.frame(k).columns.get("forces") for k in range(source.n_frames)]
        largest = max(float(np.abs(f).max()) for f in forces if f is not None)
        assert largest == pytest.approx(facts["max_abs_force_component"], rel=1e-5)


_PARTS = {"f": "forces", "v": "velocities", "i": "image"}


def _dump_column(frame: Frame, name: str) -> Any:
    if name in frame.columns:
        return frame.columns[name]
    if name == "id":
        return frame.atom_ids
    if name[:1] in _PARTS and name[1:] in ("x", "y", "z") and _PARTS[name[0]] in frame.columns:
        values = frame.columns[_PARTS[name[0]]][:, "xyz".index(name[1])]
        return values * 1000 if name[0] == "v" else values
    if name in ("x", "y", "z", "xu", "yu", "zu"):
        return frame.positions[:, "xyz".index(name[0])]
    if name in ("xs", "ys", "zs", "xsu", "ysu", "zsu") and frame.cell is not None:
        scaled = (frame.positions - frame.origin) @ np.linalg.inv(frame.cell)
        return scaled[:, "xyz".index(name[0])]
    return None


def _compare_dump(source: FrameSource, first: Frame, facts: dict[str, Any]) -> None:
    """Every column of the first frame by minimum, maximum and mean."""
    if "dump_frames" not in facts:
        return
    assert source.info(0)["Timestep"] == facts["timestep_first"]
    assert source.info(source.n_frames - 1)["Timestep"] == facts["timestep_last"]
    compared = 0
    for name, expected in (facts.get("first_frame_min_max_mean") or {}).items():
        found = _dump_column(first, name)
        if isinstance(expected, list) and found is not None and found.dtype.kind in "if":
            shown = [found.min(), found.max(), found.mean()]
            np.testing.assert_allclose(shown, expected, rtol=1e-5, atol=1e-5, err_msg=name)
            compared += 1
    assert compared >= 3


def _compare_vasp(first: Frame, last: Frame, facts: dict[str, Any]) -> None:
    if "frac_first_atom" in facts:
        assert first.cell is not None
        assert last.cell is not None
        if "cell_vectors_first" in facts:
            np.testing.assert_allclose(first.cell.ravel(), facts["cell_vectors_first"], atol=1e-6)
        scaled = first.positions @ np.linalg.inv(first.cell)
        np.testing.assert_allclose(scaled[0], facts["frac_first_atom"], atol=1e-7)
        mean = facts.get("frac_mean_first", facts.get("frac_mean"))
        np.testing.assert_allclose(scaled.mean(axis=0), mean, atol=1e-6)
        scaled = last.positions @ np.linalg.inv(last.cell)
        np.testing.assert_allclose(
            scaled.mean(axis=0), facts.get("frac_mean_last", mean), atol=1e-6
        )
    if "counts" in facts:
        labels = first.species
        assert labels is not None
        assert sorted(np.unique(labels, return_counts=True)[1].tolist()) == sorted(facts["counts"])


def test_that_a_folder_of_numbered_cifs_is_one_trajectory() -> None:
    folder = DATA / "lithium" / "summer" / ONE_OF_MANY
    source = open_trajectory(folder)
    assert source.n_frames == 201
    for index in (200, 0, 100):
        frame = source.frame(index)
        assert (frame.n_atoms, frame.index) == (648, index)
        assert source.info(index)["file"].endswith(f"_{index:04d}.cif")
