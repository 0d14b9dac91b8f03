"""GSD, HDF5, NetCDF, DCD, XTC, TRR, GRO and ASE databases, each written here by another program."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import Any

import chemfiles
import gsd.fl
import gsd.hoomd
import h5py
import numpy as np
import pytest
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.db import connect
from scipy.io import netcdf_file

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.dcd import cell_of_six, symmetric_cell
from mlipviewer.io.trajectories.indexed import by_chemfiles
from mlipviewer.io.trajectories.indexed.part import cell_of_lengths
from mlipviewer.io.trajectories.indexed.units import time_factor, unit_text
from mlipviewer.io.trajectories.opening import open_trajectory
from tests.fuzz.tng import tng

N_FRAMES, N_ATOMS = 4, 5


def positions(k: int) -> np.ndarray:
    return np.random.default_rng(k).uniform(0, 9, (N_ATOMS, 3)).astype(np.float32).astype(float)


def in_any_order(source: Any) -> list[Any]:
    """Last, first, then the others: random access is the same as one after the other."""
    frames = {k: source.frame(k) for k in (N_FRAMES - 1, 0, *range(1, N_FRAMES - 1))}
    return [frames[k] for k in range(N_FRAMES)]


def test_that_gsd_keeps_types_box_images_and_logged_values(tmp_path: Path) -> None:
    with gsd.hoomd.open(tmp_path / "run.gsd", "w") as file:
        for k in range(N_FRAMES):
            frame = gsd.hoomd.Frame()
            frame.configuration.step = 100 * k
            frame.configuration.box = [10, 11, 12, 0.1, 0.2, 0.3]
            frame.particles.N = N_ATOMS
            frame.particles.types = ["Li", "Cl"]
            frame.particles.typeid = [0, 1, 0, 1, 1]
            frame.particles.position = positions(k) - 5
            frame.particles.image = np.full((N_ATOMS, 3), k + 1, np.int32)
            frame.log["potential_energy"] = np.array([-1.5 * k])
            frame.log["particles/pe"] = np.arange(N_ATOMS) * 0.5
            file.append(frame)
    source = open_trajectory(tmp_path / "run.gsd")
    assert (source.format, source.n_frames) == ("gsd", N_FRAMES)
    for k, one in enumerate(in_any_order(source)):
        np.testing.assert_allclose(one.positions, positions(k) - 5, atol=1e-6)
        assert one.numbers.tolist() == [3, 17, 3, 17, 17]
        np.testing.assert_allclose(one.cell, [[10, 0, 0], [1.1, 11, 0], [2.4, 3.6, 12]], rtol=1e-6)
        np.testing.assert_allclose(one.origin, -one.cell.sum(axis=0) / 2)
        assert one.info["Timestep"] == 100 * k
        assert one.info["potential_energy"] == -1.5 * k
        assert one.columns["image"].tolist() == [[k + 1] * 3] * N_ATOMS
        assert one.columns["pe"].tolist() == [0, 0.5, 1, 1.5, 2]
    assert "no units" in str(source.notes[0])


def test_that_a_gsd_whose_arrays_have_other_lengths_is_refused(tmp_path: Path) -> None:
    made = {"application": "test", "schema": "hoomd", "schema_version": (1, 4)}
    with gsd.fl.open(tmp_path / "run.gsd", "x", **made) as file:
        file.write_chunk("particles/N", np.array([2], np.uint32))
        file.write_chunk("particles/position", np.zeros((5, 3), np.float32))
        file.end_frame()
    with pytest.raises(ReadProblem, match=r"2 atoms and positions of shape \(5, 3\)"):
        open_trajectory(tmp_path / "run.gsd").frame(0)


def test_that_a_gsd_that_declares_more_atoms_than_bytes_is_refused(tmp_path: Path) -> None:
    made = {"application": "a test", "schema": "hoomd", "schema_version": [1, 4]}
    with gsd.fl.open(tmp_path / "run.gsd", "x", **made) as file:
        file.write_chunk("particles/N", np.array([71_211_417], np.uint32))
        file.write_chunk("particles/position", np.zeros((2, 3), np.float32))
        file.end_frame()
    with pytest.raises(ReadProblem, match="71211417 particles declared, but the file has"):
        open_trajectory(tmp_path / "run.gsd")


@pytest.mark.parametrize("at", [8, 16, 24, 32])
def test_that_a_gsd_whose_index_lies_nowhere_is_refused(tmp_path: Path, at: int) -> None:
    """Its library ends the process."""
    path = tmp_path / "run.gsd"
    with gsd.fl.open(path, "w", application="a", schema="hoomd", schema_version=(1, 4)) as file:
        file.write_chunk("configuration/step", np.array([1], np.uint64))
        file.end_frame()
    content = path.read_bytes()
    path.write_bytes(content[:at] + struct.pack("<Q", 2**40) + content[at + 8 :])
    with pytest.raises(ReadProblem, match="its index lies behind its end"):
        open_trajectory(path)


def write_h5md(path: Path, unit: str = "nm") -> None:
    with h5py.File(path, "w") as file:
        group = file.create_group("particles/all")
        place = group.create_group("position")
        place["value"] = np.array([positions(k) / 10 for k in range(N_FRAMES)])
        place["value"].attrs["unit"] = unit
        place["step"] = np.arange(N_FRAMES) * 50
        place["time"] = np.arange(N_FRAMES) * 25.0
        place["time"].attrs["unit"] = "fs"
        force = group.create_group("force")
        force["value"] = np.ones((2, N_ATOMS, 3))
        force["value"].attrs["unit"] = "eV/Angstrom"
        force["step"] = np.array([0, 100])  # written every second frame
        group["species"] = np.array([14] * N_ATOMS)
        box = group.create_group("box")
        box.attrs["dimension"] = 3
        box.attrs["boundary"] = np.array([b"periodic", b"periodic", b"none"])
        box["edges"] = np.array([1.0, 1.1, 1.2])
        energy = file.create_group("observables/all/energy")
        energy["value"], energy["step"] = np.arange(N_FRAMES) * -2.0, place["step"][()]


def test_that_h5md_is_read_with_its_units_and_its_slower_columns(tmp_path: Path) -> None:
    write_h5md(tmp_path / "run.h5md")
    source = open_trajectory(tmp_path / "run.h5md")
    for k, one in enumerate(in_any_order(source)):
        np.testing.assert_allclose(one.positions, positions(k), rtol=1e-12)
        np.testing.assert_allclose(one.cell, np.diag([10, 11, 12]))
        assert one.pbc == (True, True, False)
        assert one.info["Time"] == pytest.approx(0.025 * k)
        assert (one.info["Time_unit"], one.info["Timestep"]) == ("ps", 50 * k)
        assert one.info["energy"] == -2.0 * k
        assert ("forces" in one.columns) == (k in (0, 2))
    assert source.frame(0).units["forces"] == "eV/Å"
    assert source.frame(0).numbers.tolist() == [14] * N_ATOMS


def test_that_another_file_at_the_same_place_is_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "run.h5md"
    write_h5md(path)
    before = open_trajectory(path).frame(0)
    write_h5md(tmp_path / "other.h5md", "Angstrom")
    (tmp_path / "other.h5md").replace(path)
    np.testing.assert_allclose(open_trajectory(path).frame(0).positions * 10, before.positions)


def test_that_h5md_in_an_unknown_unit_says_so(tmp_path: Path) -> None:
    write_h5md(tmp_path / "run.h5md", "furlong")
    assert "'furlong'" in str(open_trajectory(tmp_path / "run.h5md").notes[0])


def test_that_hdf5_of_another_kind_is_refused_with_the_reason(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["numbers"] = np.arange(3)
    with pytest.raises(ReadProblem, match="neither H5MD nor"):
        open_trajectory(tmp_path / "other.h5")


def write_netcdf(path: Path) -> None:
    with netcdf_file(path, "w", version=2) as file:
        file.Conventions = "AMBER"
        for name, size in (("frame", None), ("atom", N_ATOMS), ("spatial", 3)):
            file.createDimension(name, size)
        shapes = {
            "time": ("frame",),
            "coordinates": ("frame", "atom", "spatial"),
            "cell_lengths": ("frame", "spatial"),
            "cell_angles": ("frame", "spatial"),
            "c_pe": ("frame", "atom"),
        }
        made = {name: file.createVariable(name, "f8", shape) for name, shape in shapes.items()}
        kinds = file.createVariable("atom_types", "i4", ("atom",))
        kinds[:] = [1, 1, 2, 2, 2]
        made["time"].units, made["time"].scale_factor = "femtosecond", 2.0
        made["coordinates"].units = "angstrom"
        made["c_pe"].units = "eV"
        for k in range(N_FRAMES):
            made["time"][k] = 10.0 * k
            made["coordinates"][k] = positions(k)
            made["cell_lengths"][k], made["cell_angles"][k] = [9, 10, 11], [90, 90, 60]
            made["c_pe"][k] = np.arange(N_ATOMS) - k


def test_that_netcdf_keeps_columns_scales_and_times(tmp_path: Path) -> None:
    write_netcdf(tmp_path / "run.nc")
    source = open_trajectory(tmp_path / "run.nc")
    for k, one in enumerate(in_any_order(source)):
        np.testing.assert_array_equal(one.positions, positions(k))
        assert one.info["Time"] == pytest.approx(0.02 * k)
        assert one.columns["c_pe"].tolist() == [j - k for j in range(N_ATOMS)]
    cell = source.frame(0).cell
    np.testing.assert_allclose(np.linalg.norm(cell, axis=1), [9, 10, 11])
    assert cell[0] @ cell[1] == pytest.approx(45)
    assert source.frame(0).units["c_pe"] == "eV"
    assert source.frame(0).species.tolist() == ["1", "1", "2", "2", "2"]
    assert "no elements" in " ".join(map(str, source.notes))


def write_by_chemfiles(path: Path, format: str = "") -> None:
    with chemfiles.Trajectory(str(path), "w", format) as file:
        for k in range(N_FRAMES):
            frame = chemfiles.Frame()
            for row, symbol in zip(positions(k), ("O", "H", "H", "Na", "Cl"), strict=True):
                frame.add_atom(chemfiles.Atom(symbol), row)
            frame.cell = chemfiles.UnitCell([20, 21, 22], [90, 90, 75])
            frame.step, frame["time"] = 10 * k, 0.5 * k
            file.write(frame)


@pytest.mark.parametrize(("format", "close"), [("xtc", 6e-3), ("trr", 1e-5), ("gro", 6e-3)])
def test_that_files_of_gromacs_are_read(tmp_path: Path, format: str, close: float) -> None:
    write_by_chemfiles(tmp_path / f"run.{format}")
    source = open_trajectory(tmp_path / f"run.{format}")
    assert (source.format, source.n_frames) == (format, N_FRAMES)
    for k, one in enumerate(in_any_order(source)):
        np.testing.assert_allclose(one.positions, positions(k), atol=close)
        assert one.cell[0] @ one.cell[1] == pytest.approx(420 * np.cos(np.radians(75)), abs=0.05)
        if format != "gro":
            assert one.info["Time"] == pytest.approx(0.5 * k)
    known = source.frame(0).numbers.tolist()
    assert known == ([8, 1, 1, 11, 17] if format == "gro" else [0] * N_ATOMS)


def test_that_a_tng_by_hand_is_read(tmp_path: Path) -> None:
    path = tmp_path / "run.tng"
    for n_waters in (4, 1):  # the second is another file at the same place
        path.write_bytes(tng(n_waters))
        source = open_trajectory(path)
        assert (source.format, source.n_frames) == ("tng", 4)
        frame = source.frame(3)
        n = 3 * n_waters
        np.testing.assert_allclose(
            frame.positions.ravel(), 0.1 * (np.arange(3 * n) + 3 * n + 1), rtol=1e-6
        )
        np.testing.assert_allclose(frame.cell, np.diag([18, 19, 20]))
        assert frame.info["Time"] == pytest.approx(1.0)


def test_that_a_frame_without_atoms_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_by_chemfiles(tmp_path / "run.trr")
    reader = by_chemfiles.ChemfilesReader(str(tmp_path / "run.trr"), "TRR")
    empty = type("Empty", (), {"read_step": lambda _self, _index: chemfiles.Frame()})()
    monkeypatch.setattr(reader, "_file", empty)
    frame = reader.frame(0)
    assert (frame.positions.shape, frame.numbers.shape) == ((0, 3), (0,))


def test_that_a_missing_library_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "chemfiles", None)
    with pytest.raises(ReadProblem, match=r"pip install mlipviewer\[formats\]"):
        by_chemfiles.ChemfilesReader("run.xtc", "XTC")


def _record(order: str, content: bytes, code: str = "i") -> bytes:
    marker = struct.pack(order + code, len(content))
    return marker + content + marker


def write_dcd(path: Path, order: str = "<", code: str = "i", fixed: tuple[int, ...] = ()) -> None:
    """As CHARMM documents it: control, titles, atoms, free atoms, then the frames."""
    control = [N_FRAMES, 1000, 10, 0, 0, 0, 0, 0, len(fixed), 0, 1, *[0] * 8, 24]
    out = _record(order, b"CORD" + struct.pack(f"{order}20i", *control), code)
    out += _record(order, struct.pack(order + "i", 1) + b"made by a test".ljust(80), code)
    out += _record(order, struct.pack(order + "i", N_ATOMS), code)
    free = [k for k in range(N_ATOMS) if k not in fixed]
    if fixed:
        out += _record(order, struct.pack(f"{order}{len(free)}i", *[k + 1 for k in free]), code)
    for k in range(N_FRAMES):
        rows = positions(k)[free] if fixed and k else positions(k)
        out += _record(order, struct.pack(order + "6d", 20, 0.0, 21, 0.0, 0.5, 22), code)
        for axis in range(3):
            out += _record(order, rows[:, axis].astype(order + "f4").tobytes(), code)
    path.write_bytes(out)


def test_that_a_signalling_nan_of_a_dcd_is_a_nan(tmp_path: Path) -> None:
    write_dcd(tmp_path / "run.dcd")
    content = bytearray((tmp_path / "run.dcd").read_bytes())
    content[-8:-4] = b"\1\0\xa0\x7f"  # the last z of the last frame
    (tmp_path / "run.dcd").write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = open_trajectory(tmp_path / "run.dcd").frame(N_FRAMES - 1)
    assert np.isnan(frame.positions[-1, 2])
    assert any("not a finite number" in note.text for note in frame.notes)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("code", ["i", "q"])
def test_that_a_dcd_of_any_byte_order_is_read(tmp_path: Path, order: str, code: str) -> None:
    write_dcd(tmp_path / "run.dcd", order, code)
    source = open_trajectory(tmp_path / "run.dcd")
    for k, one in enumerate(in_any_order(source)):
        np.testing.assert_array_equal(one.positions, positions(k))
        assert one.info["Timestep"] == 1000 + 10 * k
        assert one.cell[1] @ one.cell[2] == pytest.approx(21 * 22 * 0.5)  # alpha as a cosine


def test_that_a_dcd_written_by_another_program_is_the_same(tmp_path: Path) -> None:
    write_by_chemfiles(tmp_path / "run.nc")
    chemfiles_file = tmp_path / "run.nc"
    for k, one in enumerate(in_any_order(open_trajectory(chemfiles_file))):
        np.testing.assert_allclose(one.positions, positions(k), atol=1e-5)


def test_that_fixed_atoms_of_a_dcd_stay_where_they_were(tmp_path: Path) -> None:
    write_dcd(tmp_path / "run.dcd", fixed=(1, 3))
    for k, one in enumerate(in_any_order(open_trajectory(tmp_path / "run.dcd"))):
        expected = positions(k)
        expected[[1, 3]] = positions(0)[[1, 3]]
        np.testing.assert_array_equal(one.positions, expected)


def test_that_every_cut_of_a_dcd_gives_exactly_its_first_frames(tmp_path: Path) -> None:
    write_dcd(tmp_path / "run.dcd")
    whole = (tmp_path / "run.dcd").read_bytes()
    frame_size = 56 + 3 * (4 * N_ATOMS + 8)
    header = len(whole) - N_FRAMES * frame_size
    for cut in range(1, len(whole), 3):
        (tmp_path / "cut.dcd").write_bytes(whole[:cut])
        expected = max(0, cut - header) // frame_size
        if expected == 0:
            with pytest.raises(ReadProblem):
                open_trajectory(tmp_path / "cut.dcd")
            continue
        source = open_trajectory(tmp_path / "cut.dcd")
        assert source.n_frames == expected
        np.testing.assert_array_equal(source.frame(expected - 1).positions, positions(expected - 1))


def test_that_the_cells_of_dcd_files_are_told_apart() -> None:
    degrees = cell_of_six(np.array([4.0, 60, 5, 90, 90, 6]))
    cosines = cell_of_six(np.array([4.0, 0.5, 5, 0, 0, 6]))
    assert degrees is not None
    np.testing.assert_allclose(cosines, degrees, atol=1e-12)
    np.testing.assert_array_equal(
        symmetric_cell(np.array([4.0, 1, 5, 0.5, 0.25, 6])),
        [[4, 1, 0.5], [1, 5, 0.25], [0.5, 0.25, 6]],
    )
    assert cell_of_lengths([0, 1, 1], [90, 90, 90]) is None


def test_that_an_ase_database_is_read_in_order_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "rows.db"
    base = connect(path)
    for k in range(N_FRAMES):
        atoms = Atoms("CuCoPtOH", positions(k), cell=[9, 9, 9 + k], pbc=(True, True, False))
        atoms.calc = SinglePointCalculator(atoms, energy=-1.0 * k, forces=positions(k + 9))
        base.write(atoms, kind="slab", step=k)
    base.delete([2])
    before = path.read_bytes()
    source = open_trajectory(path)
    assert (source.format, source.n_frames) == ("ase-db", N_FRAMES - 1)
    frames = [source.frame(k) for k in (2, 0, 1)]
    assert [one.info["id"] for one in frames] == [4, 1, 3]
    for k, one in zip((3, 0, 2), frames, strict=True):
        np.testing.assert_array_equal(one.positions, positions(k))
        np.testing.assert_array_equal(one.columns["forces"], positions(k + 9))
        assert (one.info["energy"], one.info["kind"], one.info["step"]) == (-1.0 * k, "slab", k)
        assert one.pbc == (True, True, False)
        assert one.numbers.tolist() == [29, 27, 78, 8, 1]
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rows.db"]


def test_that_units_are_shown_as_people_write_them() -> None:
    assert unit_text(b"angstroms/femtosecond") == "Å/fs"
    assert unit_text("N/A") == ""
    assert time_factor(b"picosecond") == 1.0
    assert time_factor("steps") is None


@pytest.mark.parametrize("name", ["run.gsd", "run.nc", "run.h5md", "run.xtc", "rows.db"])
def test_that_damage_is_a_sentence_and_the_next_file_opens(tmp_path: Path, name: str) -> None:
    """The library may end its process: ours goes on."""
    magic = {"gsd": b"\xdf\x65" * 4, "nc": b"CDF\x02", "h5md": b"\x89HDF\r\n\x1a\n"}
    magic |= {"xtc": b"\0\0\x07\xcb", "db": b"SQLite format 3\0"}
    noise = np.random.default_rng(3).bytes(3000)
    (tmp_path / name).write_bytes(magic[name.split(".")[1]] + noise)
    with pytest.raises(ReadProblem, match=name):
        open_trajectory(tmp_path / name)
    write_netcdf(tmp_path / "good.nc")
    assert open_trajectory(tmp_path / "good.nc").n_frames == N_FRAMES
