"""Several files that were given together: numbered, restarts, a topology and its dump, a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from trajectory_samples import dump, extxyz

from mlipviewer.core.bonds import listed_bonds
from mlipviewer.core.file_names import Siblings, fits, pattern_of
from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.io.trajectories.together import contents_of, grouped_files, siblings_of

DATA = """LAMMPS data file

4 atoms
2 atom types
2 bonds
1 bond types

0 5 xlo xhi
0 5 ylo yhi
0 5 zlo zhi

Masses

1 15.999
2 1.008

Atoms # full

3 1 2 0.41 4.5 1 1
1 1 1 -0.82 1 1 1
2 1 2 0.41 1 1.5 1
4 2 1 -0.82 3 3 3

Bonds

1 1 1 2
2 1 1 3
"""


def water(order: list[int]) -> str:
    places = {1: "1 1 1", 2: "1 1.5 1", 3: "4.5 1 1", 4: "3 3 3"}
    rows = "".join(f"{k} {1 if k in (1, 4) else 2} {places[k]}\n" for k in order)
    box = "ITEM: BOX BOUNDS pp pp pp\n0 5\n0 5\n0 5\n"
    return f"ITEM: TIMESTEP\n{order[0]}\nITEM: NUMBER OF ATOMS\n{len(order)}\n{box}" + (
        f"ITEM: ATOMS id type x y z\n{rows}"
    )


def names(folder: Path) -> list[tuple[list[str], str]]:
    groups = grouped_files(sorted(folder.iterdir(), reverse=True))
    shown = [([p.name for p in g.paths], Path(g.topology).name) for g in groups]
    return sorted(shown)


def test_that_patterns_put_a_star_where_numbers_differ() -> None:
    assert pattern_of(["T300_run_1.xyz", "T300_run_12.xyz"]) == "T300_run_*.xyz"
    assert fits("a[1]_3.xyz", "a[1]_*.xyz")
    assert not fits("a1_3.xyz", "a[1]_*.xyz")


def test_that_numbered_files_are_one_in_natural_order(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        (tmp_path / f"step_{number}.xyz").write_bytes(extxyz(1, 3))
    (tmp_path / "other.xyz").write_bytes(extxyz(1, 4))
    assert names(tmp_path) == [
        (["other.xyz"], ""),
        (["step_1.xyz", "step_9.xyz", "step_10.xyz"], ""),
    ]


def test_that_what_cannot_be_read_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "a_1.bin").write_bytes(b"\0\1")
    (tmp_path / "a_2.bin").write_bytes(b"\0\1")
    assert [paths for paths, _ in names(tmp_path)] == [["a_1.bin"], ["a_2.bin"]]


def test_that_a_data_file_names_the_atoms_of_a_dump_by_their_ids(tmp_path: Path) -> None:
    from mlipviewer.session.opening import open_group

    (tmp_path / "water.data").write_text(DATA)
    run = tmp_path / "run.dump"
    run.write_text(water([4, 2, 1, 3]) + water([1, 2, 3, 4]) + water([3, 1]))
    assert names(tmp_path) == [(["run.dump"], "water.data")]
    thing = open_group([str(run)], str(tmp_path / "water.data")).thing
    first, second, third = (thing.frame(k) for k in range(3))  # type: ignore[union-attr]
    assert first.numbers.tolist() == [8, 1, 8, 1]
    assert second.numbers.tolist() == [8, 1, 1, 8]
    assert third.numbers.tolist() == [1, 8]
    assert first.columns["q"].tolist() == [-0.82, 0.41, -0.82, 0.41]
    assert second.columns["mol"].tolist() == [1, 1, 1, 2]
    assert sorted(map(sorted, first.bonds.tolist())) == [[1, 2], [2, 3]]
    assert third.bonds.tolist() == [[1, 0]]
    found = listed_bonds(second)  # through the wall of the cell: 1.5 A, not 3.5
    assert sorted(np.linalg.norm(found.vectors, axis=1)) == [0.5, 0.5, 1.5, 1.5]


def test_that_a_data_file_of_other_atoms_is_said_and_not_used(tmp_path: Path) -> None:
    from mlipviewer.session.opening import open_group

    (tmp_path / "water.data").write_text(DATA)
    run = tmp_path / "run.dump"
    run.write_text(water([1, 2, 3, 4]).replace("\n4 1 3 3 3", "\n9 1 3 3 3"))
    thing = open_group([str(run)], str(tmp_path / "water.data")).thing
    assert "q" not in thing.frame(0).columns  # type: ignore[union-attr]
    assert "other atoms" in str(thing.source.notes)  # type: ignore[union-attr]


def test_that_a_name_with_a_star_is_the_files_that_fit(tmp_path: Path) -> None:
    for number in (2, 10):
        (tmp_path / f"a_{number}.xyz").write_bytes(extxyz(1, number))
    (tmp_path / "b_1.xyz").write_bytes(extxyz(1, 3))
    source = open_trajectory(tmp_path / "a_*.xyz")
    assert [source.frame(k).n_atoms for k in range(source.n_frames)] == [
        open_trajectory(tmp_path / f"a_{n}.xyz").frame(0).n_atoms for n in (2, 10)
    ]
    with pytest.raises(ReadProblem, match="no file fits"):
        open_trajectory(tmp_path / "c_*.xyz")


def test_that_a_numbered_file_knows_its_siblings(tmp_path: Path) -> None:
    for number in (1, 2, 10):
        (tmp_path / f"step_{number}.vasp").write_text("x")
    (tmp_path / "alone.vasp").write_text("x")
    found = siblings_of(tmp_path / "step_2.vasp")
    assert isinstance(found, Siblings)
    assert found.pattern == "step_*.vasp"
    assert found.fitting() == ["step_1.vasp", "step_2.vasp", "step_10.vasp"]
    assert found.fitting("step_1*.vasp") == ["step_1.vasp", "step_10.vasp"]
    assert siblings_of(tmp_path / "alone.vasp") is None


def test_that_a_folder_is_scanned_for_what_opens(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / ".hidden.xyz").write_bytes(extxyz(1, 2))
    (tmp_path / "errors.csv").write_text("a,b\n1,2\n")
    (tmp_path / "notes.txt").write_text("nothing")
    for number in (1, 2):
        (tmp_path / f"a_{number}.xyz").write_bytes(extxyz(1, 2))
    (tmp_path / "inner" / "run.dump").write_bytes(dump(1, 3))
    contents = contents_of(tmp_path, lambda name: name.endswith(".csv"))
    shown = [(Path(f.path).relative_to(tmp_path).as_posix(), f.n) for f in contents.found]
    assert shown == [("a_*.xyz", 2), ("errors.csv", 1), ("inner/run.dump", 1)]
    assert contents.whole


def test_that_a_large_folder_is_looked_at_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlipviewer.io.trajectories.together.MOST_ENTRIES", 3)
    for number in range(6):
        (tmp_path / f"a_{number}.xyz").write_bytes(extxyz(1, 2))
    contents = contents_of(tmp_path, lambda _name: False)
    assert not contents.whole
    assert [one.n for one in contents.found] == [3]
