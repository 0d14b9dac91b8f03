"""Forces of several calculations as JSON, with numbered POSCARs in an archive beside it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.session.inputs import Kind
from mlipviewer.session.opening import open_path, sniff_kind

N = 12  # so that the lexical order of the numbers is another


def sizes() -> list[int]:
    return [3 + k % 2 for k in range(N)]


def made(seed: int = 4) -> dict[str, Any]:
    """A set of 12 structures: K4 forces, K1 forces 0.1 larger along x, atom k rare in frame k."""
    rng = np.random.default_rng(seed)
    reference = [rng.normal(size=(n, 3)) for n in sizes()]
    coarse = [one + np.array([0.1, 0.0, 0.0]) for one in reference]
    r = [[0.0 if i == k % n else 5.5 for i in range(n)] for k, n in enumerate(sizes())]
    return {
        "Energies": {"DFT_K4": [float(-k) for k in range(N)]},
        "Forces": {
            "DFT_K4": [one.tolist() for one in reference],
            "DFT_K1": [one.tolist() for one in coarse],
        },
        "r": r,
    }


def poscar(k: int, n: int) -> str:
    lines = [f"Si{n}", "1.0", "9 0 0", "0 9 0", "0 0 9", "Si", str(n), "direct"]
    return "\n".join([*lines, *(f"{k / 100} {i / 10} 0.5 Si" for i in range(n))]) + "\n"


def write_set(folder: Path, data: dict[str, Any] | None = None, first: int = 0) -> Path:
    with zipfile.ZipFile(folder / "structure_poscars.zip", "w") as archive:
        for k in sorted(range(N), key=str):
            archive.writestr(f"{k + first}.POSCAR.vasp", poscar(k, sizes()[k]))
    with zipfile.ZipFile(folder / "a_vacancies.zip", "w") as archive:
        for k in range(N):
            archive.writestr(f"{k}_vacancies.POSCAR.vasp", poscar(k, 1))
    (folder / "DATA.json").write_text(json.dumps(data or made()))
    return folder / "DATA.json"


def opened(path: Path) -> Trajectory:
    found = open_path(str(path)).thing
    assert isinstance(found, Trajectory)
    return found


@pytest.mark.parametrize("first", [0, 1])
def test_that_structures_are_joined_by_number_not_by_name(tmp_path: Path, first: int) -> None:
    path = write_set(tmp_path, first=first)
    run = opened(path)
    assert sniff_kind(path) is Kind.TRAJECTORY
    assert run.n_frames == N
    for k in range(N):
        frame = run.frame(k)
        assert frame.n_atoms == sizes()[k]
        assert frame.positions[0, 0] == pytest.approx(0.09 * k)
        assert frame.info["DFT_K4_energy"] == -k


def test_that_columns_roles_and_units_are_named(tmp_path: Path) -> None:
    run = opened(write_set(tmp_path))
    frame, data = run.frame(11), made()
    assert np.array_equal(frame.columns["DFT_K4_forces"], data["Forces"]["DFT_K4"][11])
    assert run.roles["reference forces"] == "DFT_K4_forces"
    assert run.roles["forces"] == "DFT_K1_forces"
    assert run.roles["energy"] == "DFT_K4_energy"
    assert frame.units["DFT_K1_forces"] == "eV/Å"
    assert any("without energies" in note.text and "K1" in note.text for note in run.source.notes)


def test_that_no_migrating_atom_near_is_no_distance(tmp_path: Path) -> None:
    r = opened(write_set(tmp_path)).frame(2).columns["r"]
    assert r[2] == 0
    assert np.isnan(r[:2]).all()


def test_that_a_folder_of_poscars_serves_as_well(tmp_path: Path) -> None:
    path = write_set(tmp_path)
    (tmp_path / "structures").mkdir()
    with zipfile.ZipFile(tmp_path / "structure_poscars.zip") as archive:
        for name in archive.namelist():
            (tmp_path / "structures" / name).write_bytes(archive.read(name))
    (tmp_path / "structure_poscars.zip").unlink()
    assert opened(path).frame(10).positions[0, 0] == pytest.approx(0.9)


def _without(data: dict[str, Any], *path: str) -> dict[str, Any]:
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = inner[path[-1]][:-1]
    return data


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: _without(d, "r"), "r has 11 structures, others 12"),
        (lambda d: d | {"Forces": {}}, "no forces"),
        (lambda d: d | {"Forces": {"K4": [[[1, 2, 3]] * 5] * N}}, "has 3 atoms, 5 forces"),
        (lambda d: d | {"Forces": [1]}, "no lists"),
        (lambda _: {"Forces": {"K4": []}}, "no structures"),
        (lambda d: d | {"r": [[10**400] * n for n in sizes()]}, "r of structure 0 are not 3"),
    ],
)
def test_that_what_does_not_fit_is_refused_in_words(tmp_path: Path, spoil: Any, said: str) -> None:
    path = write_set(tmp_path, spoil(made()))
    with pytest.raises(ReadProblem, match=said):
        open_trajectory(path)


def test_that_a_missing_archive_is_named(tmp_path: Path) -> None:
    path = write_set(tmp_path)
    (tmp_path / "structure_poscars.zip").unlink()
    with pytest.raises(ReadProblem, match="12 numbered POSCARs lies beside it"):
        open_trajectory(path)


def test_that_a_gap_in_the_numbers_and_a_broken_archive_are_told(tmp_path: Path) -> None:
    path = write_set(tmp_path)
    archive = tmp_path / "structure_poscars.zip"
    with zipfile.ZipFile(archive, "w") as writer:
        for k in range(N):
            writer.writestr(f"{k if k < 5 else k + 1}.POSCAR", poscar(k, sizes()[k]))
    with pytest.raises(ReadProblem, match="not numbered 0 to 11"):
        open_trajectory(path)
    archive.write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(ReadProblem, match="cannot be unpacked"):
        open_trajectory(path)


def test_that_a_file_without_a_name_in_the_archive_is_passed_over(tmp_path: Path) -> None:
    path = write_set(tmp_path)
    archive = tmp_path / "structure_poscars.zip"
    with zipfile.ZipFile(archive, "a") as writer:
        writer.writestr("NONAME", "hello")
    archive.write_bytes(archive.read_bytes().replace(b"NONAME", b"\0ONAME"))  # cut at a NUL
    assert opened(path).n_frames == N


def test_that_the_published_sets_open(shared_data: Path) -> None:
    sets = shared_data / "mlip_datasets" / "silicon_mlip_datasets"
    run = opened(sets / "Interstitial-RE_Testing_Set" / "DATA.json")
    r = np.concatenate([run.frame(k).columns["r"] for k in range(run.n_frames)])
    assert (len(r), (r == 0).sum(), np.isnan(r).sum()) == (6500, 177, 3314)
    assert {"DFT_K4_forces", "DFT_K2_forces", "DFT_K1_forces"} <= set(run.frame(0).columns)
    assert "DFT_K1_energy" not in run.frame(0).info
    assert run.frame(10).positions[0] == pytest.approx(_first_of_poscar_10(sets), abs=1e-4)
    validation = opened(sets / "Enhanced_Validation_Set" / "DATA.json")
    assert sorted({validation.frame(k).n_atoms for k in range(50)}) == [63, 64, 65]
    assert opened(sets / "Interstitial-enhanced_Training_Set" / "DATA.json").n_frames == 219


def _first_of_poscar_10(sets: Path) -> list[float]:
    place = sets / "Interstitial-RE_Testing_Set" / "structure_poscars.zip"
    with zipfile.ZipFile(place) as archive:
        lines = archive.read("10.POSCAR.vasp").decode().splitlines()
    cell = np.array([line.split() for line in lines[2:5]], float)
    return list(np.array(lines[8].split()[:3], float) @ cell)
