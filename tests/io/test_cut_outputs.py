"""Outputs of other programs whose run was killed: what was not written is told, never shown."""

from __future__ import annotations

import gzip
from pathlib import Path

import h5py
import numpy as np
import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.opening import open_trajectory
from tests.fuzz.libraries import outcar, vasprun
from tests.fuzz.outputs import relaxed
from tests.fuzz.readers import zstd


def test_that_forces_of_some_atoms_make_no_frame(tmp_path: Path) -> None:
    whole = relaxed()
    (tmp_path / "relax.pwo").write_text(whole[: whole.rindex("     atom    2 type")])
    source = open_trajectory(tmp_path / "relax.pwo")
    frames = [source.frame(k) for k in range(source.n_frames)]
    assert [frame.complete for frame in frames] == [True, False]
    assert "forces of 1 of 2 atoms" in frames[1].notes[-1].text


@pytest.mark.parametrize(
    ("name", "whole", "at"),
    [("OUTCAR", outcar, b"        -0.500000"), ("vasprun.xml", vasprun, b'<varray name="stress"')],
)
def test_that_a_step_that_was_cut_is_told(
    tmp_path: Path, name: str, whole: object, at: bytes
) -> None:
    (content,) = whole()  # type: ignore[operator]
    (tmp_path / name).write_bytes(content)
    assert not any(note.loss for note in open_trajectory(tmp_path / name).notes)
    (tmp_path / name).write_bytes(content[: content.rindex(at)])
    source = open_trajectory(tmp_path / name)
    assert source.n_frames == 1
    assert [note.text for note in source.notes if note.loss] == [
        "of 2 steps 1 are whole: the others are left out"
    ]


def test_that_the_end_of_a_pdb_is_no_frame(tmp_path: Path) -> None:
    atom = "ATOM      1  O   HOH A   1       1.000   1.000   2.000  1.00  0.00           O\n"
    (tmp_path / "two.pdb").write_text(f"MODEL 1\n{atom}ENDMDL\nMODEL 2\n{atom}ENDMDL\nEND\n")
    source = open_trajectory(tmp_path / "two.pdb")
    assert [source.frame(k).n_atoms for k in range(source.n_frames)] == [1, 1]


def test_that_frames_of_zstd_that_are_skipped_are_zstd(tmp_path: Path) -> None:
    frame = b"2\na run\nNe 0 0 0\nNe 2 0 0\n"
    skipped = b"\x5a\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"
    packed = b"".join(skipped + zstd().compress(frame) for _ in range(3))
    (tmp_path / "run.xyz.zst").write_bytes(packed)
    assert open_trajectory(tmp_path / "run.xyz.zst").n_frames == 3


def test_that_boundaries_that_are_not_three_are_told(tmp_path: Path) -> None:
    (tmp_path / "run.xyz").write_text('1\nLattice="5 0 0 0 5 0 0 0 5" pbc="T F"\nNe 0 0 0\n')
    frame = open_trajectory(tmp_path / "run.xyz").frame(0)
    assert any("pbc" in note.text for note in frame.notes)
    assert frame.pbc == (True, True, True)


def write_h5md(path: Path, **how: object) -> None:
    with h5py.File(path, "w") as file:
        place = file.create_group("particles/all/position")
        place["step"] = np.arange(2)
        data = place.create_dataset("value", dtype="f4", **how)
        if how.get("chunks"):
            data[0], data[1] = np.ones(data.shape[1:]), np.ones(data.shape[1:])


@pytest.mark.parametrize(
    ("how", "said"),
    [({"shape": (10**9, 10**6, 3)}, "none is stored"),
     ({"shape": (10**9, 50, 3), "chunks": (4, 20, 3)}, "at most 4 are stored")],
)  # fmt: skip
def test_that_frames_nobody_wrote_are_not_read(
    tmp_path: Path, how: dict[str, object], said: str
) -> None:
    write_h5md(tmp_path / "run.h5md", **how)
    with pytest.raises(ReadProblem, match=said):
        open_trajectory(tmp_path / "run.h5md")


def test_that_positions_in_other_files_are_not_opened(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["value"] = np.ones((2, 4, 3))
    layout = h5py.VirtualLayout((2, 4, 3), "f8")
    layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "value", (2, 4, 3))
    with h5py.File(tmp_path / "run.h5md", "w") as file:
        file.create_group("particles/all/position").create_virtual_dataset("value", layout)
    with pytest.raises(ReadProblem, match="other files, which are not opened"):
        open_trajectory(tmp_path / "run.h5md")


def test_that_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    write_h5md(tmp_path / "other.h5", shape=(2, 4, 3), chunks=(1, 4, 3))
    with h5py.File(tmp_path / "run.h5md", "w") as file:
        group = file.create_group("particles/all")
        group["position"] = h5py.ExternalLink("other.h5", "/particles/all/position")
    with pytest.raises(ReadProblem, match="other files, which are not opened"):
        open_trajectory(tmp_path / "run.h5md")


def test_that_a_packed_output_that_was_cut_is_told_too(tmp_path: Path) -> None:
    (content,) = outcar()
    (tmp_path / "OUTCAR.gz").write_bytes(gzip.compress(content[: content.rindex(b"      2.50")]))
    assert any(note.loss for note in open_trajectory(tmp_path / "OUTCAR.gz").notes)


CELL = " 4 0 0\n 0 4 0\n 0 0 5\n"


def test_that_numbers_of_configurations_may_overflow(tmp_path: Path) -> None:
    rows = " 0.1 0.2 0.3\n"
    frames = "".join(f"Direct configuration={n}\n{rows}" for n in (" 99999", "******", "******"))
    (tmp_path / "XDATCAR").write_text(f"long run\n 1.0\n{CELL} Ti\n 1\n{frames}")
    source = open_trajectory(tmp_path / "XDATCAR")
    assert [source.frame(k).info.get("configuration") for k in range(source.n_frames)] == [
        99999, None, None]  # fmt: skip


def test_that_a_poscar_of_no_atoms_is_refused(tmp_path: Path) -> None:
    (tmp_path / "POSCAR").write_text(f"empty\n 1.0\n{CELL} Ti O\n 0 0\nDirect\n")
    with pytest.raises(ReadProblem, match="declares no atoms"):
        open_trajectory(tmp_path / "POSCAR")
