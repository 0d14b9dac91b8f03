"""Extended XYZ: what is written is what is read, and nothing is guessed silently."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trajectory_samples import CELL, extxyz, frames, opened, same, values

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame, FrameSource
from mlipviewer.io.trajectories.opening import open_trajectory

LATTICE = 'Lattice="3 0 0 0 4 0 0 0 5"'


def one(folder: Path, comment: str, rows: str, n_atoms: int | None = None) -> Frame:
    n_atoms = len(rows.splitlines()) if n_atoms is None else n_atoms
    return opened(folder, f"{n_atoms}\n{comment}\n{rows}".encode(), "one.xyz").frame(0)


def texts(frame: Frame) -> str:
    return " ".join(note.text for note in frame.notes)


def test_that_frames_hold_what_was_written(tmp_path: Path) -> None:
    source = opened(tmp_path, extxyz(3, 4))
    assert isinstance(source, FrameSource)
    assert (source.format, source.n_frames, source.notes) == ("extxyz", 3, ())
    for index, (frame, rows) in enumerate(zip(frames(source), values(3, 4), strict=True)):
        np.testing.assert_array_equal(frame.positions, rows[:, :3])
        np.testing.assert_array_equal(frame.columns["forces"], rows[:, 3:])
        np.testing.assert_array_equal(frame.cell, CELL)
        assert frame.numbers.tolist() == [3, 6, 3, 6]
        assert frame.pbc == (True, True, True)
        assert (frame.index, frame.ids, frame.species) == (index, None, None)
        assert (
            dict(frame.info) == dict(source.info(index)) == {"energy": -10.5 - index, "step": index}
        )
        assert not frame.positions.flags.writeable


def test_that_frames_can_be_read_in_any_order_and_by_many_threads(tmp_path: Path) -> None:
    source = opened(tmp_path, extxyz(40, 30))
    one_by_one = frames(source)
    order = np.random.default_rng(2).integers(0, 40, 200).tolist()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(source.frame, order))
    assert all(same(frame, one_by_one[index]) for frame, index in zip(found, order, strict=True))
    with pytest.raises(IndexError):
        source.frame(40)
    with pytest.raises(IndexError):
        source.frame(-1)


def test_that_frames_of_all_sizes_are_found_by_jumping(tmp_path: Path) -> None:
    parts = [extxyz(5, 400, 1), extxyz(2, 3, 2), extxyz(4, 400, 3, "%g"), extxyz(6, 401, 4)]
    source = opened(tmp_path, b"".join(parts))
    expected = [f for part in parts for f in frames(opened(tmp_path, part, "part"))]
    assert source.n_frames == 17
    assert [f.n_atoms for f in frames(source)] == [f.n_atoms for f in expected]
    assert all(
        np.array_equal(a.positions, b.positions)
        for a, b in zip(frames(source), expected, strict=True)
    )


def test_that_frames_without_atoms_and_blank_lines_between_frames_are_read(tmp_path: Path) -> None:
    content = b'0\nLattice="1 0 0 0 1 0 0 0 1"\n1\n\nH 0 0 0\n\n \n1\nx=1\nHe 1 1 1\n\n'
    source = opened(tmp_path, content, "some.xyz")
    assert [frame.n_atoms for frame in frames(source)] == [0, 1, 1]
    assert "some.xyz: frame 3, line 6: blank lines before this frame" in map(str, source.notes)


def test_that_labels_stay_as_written(tmp_path: Path) -> None:
    words = {"run": "1_000", "sample": "007", "hash": "12e4567", "site": "F", "tag": "nan"}
    words |= {"date": "2024_01_05", "struct": "1e5", "big": "123456789012345678901", "t": "T"}
    comment = " ".join(f"{key}={word}" for key, word in words.items())
    assert dict(one(tmp_path, comment, "H 0 0 0\n").info) == words


def test_that_numbers_and_arrays_are_typed(tmp_path: Path) -> None:
    comment = (
        r'a=1 b=-2.5 c=1e-05 d="1 2 3" e="1.5 2" f=[[1,2],[3,4]] g="x \"y\" z" h=True k energy=nan'
    )
    info = one(tmp_path, comment, "H 0 0 0\n").info
    assert (info["a"], info["b"], info["c"], info["h"], info["k"]) == (1, -2.5, 1e-5, True, True)
    assert info["d"].tolist() == [1, 2, 3]
    assert info["d"].dtype == np.int64
    assert info["e"].tolist() == [1.5, 2.0]
    assert info["f"].tolist() == [[1, 2], [3, 4]]
    assert info["g"] == 'x "y" z'
    assert np.isnan(info["energy"])


def test_that_a_plain_comment_is_kept(tmp_path: Path) -> None:
    assert dict(one(tmp_path, "cyclohexane, C6H12", "H 0 0 0\n").info) == {
        "comment": "cyclohexane, C6H12"
    }
    info = one(tmp_path, " i =        1, time =        0.500, E =    -12.5", "H 0 0 0\n").info
    assert dict(info) == {"i": 1, "time": 0.5, "E": -12.5}


def test_that_cell_origin_and_periodicity_are_read(tmp_path: Path) -> None:
    frame = one(tmp_path, 'Lattice="1 2 3 4 5 6 7 8 10" Origin="1 0 -1" pbc="T F T"', "H 0 0 0\n")
    assert frame.cell is not None
    assert frame.cell.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 10]]
    assert frame.origin.tolist() == [1, 0, -1]
    assert frame.pbc == (True, False, True)
    frame = one(tmp_path, "no cell", "H 0 0 0\n")
    assert (frame.cell, frame.pbc) == (None, (False, False, False))


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ('Lattice="1 0 0 0 1 0 0 0"', "Lattice: 8 numbers, expected 9"),
        ('Lattice="1 0 0 0 1 0 0 0 nan"', "not finite"),
        ('Lattice="1D0 0 0 0 1 0 0 0 1"', "'1D0' is not a number"),
        ("Properties=species:S:1:pos:R:2000000000", "not possible"),
        ("Properties=species:S:1:pos:R:3:x:Q:1", "not possible"),
        ("Properties=species:S:1:pos:R", "triples"),
        ("Properties=species:S:1:x:R:3", "no pos:R:3"),
    ],
)
def test_that_an_impossible_comment_is_named(tmp_path: Path, comment: str, reason: str) -> None:
    with pytest.raises(ReadProblem, match=f"one.xyz: frame 1, line 2: .*{reason}"):
        one(tmp_path, comment, "H 0.00 0.00 0.00\n")


def test_that_columns_keep_names_and_kinds(tmp_path: Path) -> None:
    properties = "Properties=id:I:1:pos:R:3:species:S:1:q:R:1:fixed:L:1:name:S:2:t:R:4"
    rows = "7 0 0 1 Si 0.5 T a b 1 2 3 4\n3 0 0 2 O -0.5 F c d 5 6 7 8\n"
    frame = one(tmp_path, f"{LATTICE} {properties}", rows)
    assert frame.ids is not None
    assert frame.ids.tolist() == [7, 3]
    assert list(frame.columns) == ["q", "fixed", "name", "t"]
    assert frame.columns["fixed"].tolist() == [True, False]
    assert frame.columns["name"].tolist() == [["a", "b"], ["c", "d"]]
    assert frame.columns["t"].shape == (2, 4)
    assert frame.numbers.tolist() == [14, 8]


def test_that_equal_ids_are_no_identities(tmp_path: Path) -> None:
    frame = one(tmp_path, "Properties=id:I:1:pos:R:3:Z:I:1", "7 0 0 1 14\n7 0 0 2 8\n")
    assert frame.ids is None
    assert frame.columns["id"].tolist() == [7, 7]
    assert frame.numbers.tolist() == [14, 8]
    assert "not unique" in texts(frame)


def test_that_odd_species_are_guessed_aloud(tmp_path: Path) -> None:
    rows = "".join(
        f"{label} 0 0 {k}\n" for k, label in enumerate(["Si1", "D", "HW", "bulk", "CL", "6"])
    )
    frame = one(tmp_path, "odd", rows)
    assert frame.numbers.tolist() == [14, 1, 1, 0, 17, 6]
    assert frame.species is not None
    assert frame.species.tolist() == ["Si1", "D", "HW", "bulk", "CL", "6"]
    assert "'Si1' as Si" in texts(frame)


def test_that_columns_without_names_are_kept(tmp_path: Path) -> None:
    frame = one(tmp_path, "extra", "C 0 0 1 1 3.5 up\nC 0 0 2 2 4.5 down\n")
    assert frame.columns["column_5"].tolist() == [1.0, 2.0]
    assert frame.columns["column_7"].tolist() == ["up", "down"]
    assert "columns 5 to 7 have no names" in texts(frame)


def test_that_what_is_said_twice_is_noted(tmp_path: Path) -> None:
    assert "energy is given twice (-43.1, -99.0)" in texts(
        one(tmp_path, "energy=-43.1 energy=-99.0", "H 0 0 0\n")
    )
    frame = one(tmp_path, "Properties=species:S:1:pos:R:3:q:R:1:q:R:1", "H 0 0 0 1 2\n")
    assert (frame.columns["q"].tolist(), frame.columns["q_2"].tolist()) == ([1.0], [2.0])
    said = texts(one(tmp_path, "energy=-1.0 energy-unit=hartree", "H 0 0 0\n"))
    assert "energy-unit is 'hartree': nothing was converted" in said
    assert "stress has 6 numbers" in texts(one(tmp_path, 'stress="1 2 3 4 5 6"', "H 0 0 0\n"))


@pytest.mark.parametrize(
    ("encoding", "newline"),
    [("utf-8", "\r\n"), ("utf-8-sig", "\n"), ("utf-16", "\n"), ("latin-1", "\n"), ("utf-8", "\r")],
)
def test_that_encodings_and_line_ends_do_not_matter(
    tmp_path: Path, encoding: str, newline: str
) -> None:
    text = extxyz(3).decode().replace("step", "größe").replace("\n", newline)
    source = opened(tmp_path, text.encode(encoding))
    assert source.n_frames == 3
    np.testing.assert_array_equal(source.frame(2).positions, values(3, 4)[2, :, :3])
    assert source.info(1)["größe"] == 1
    assert ("Latin-1" in str(source.notes)) == (encoding == "latin-1")


def test_that_a_lone_frame_without_last_newline_is_shown_but_not_counted_complete(
    tmp_path: Path,
) -> None:
    source = opened(tmp_path, b"2\nx=1\nH 0 0 0\nH 0 0 1.25")
    assert source.n_frames == 1
    assert not source.frame(0).complete
    assert "may be cut" in str(source.notes[-1])
    fixed = opened(tmp_path, b"2\nx=1\nH 0 0 0.500\nH 0 0 1.250")
    assert fixed.frame(0).complete


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_that_what_ase_writes_is_read_bit_for_bit(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from ase import Atoms
    from ase.io import write

    n = data.draw(st.integers(1, 6))
    numbers = st.floats(-1e4, 1e4).map(lambda x: round(x, 8))
    rows = st.lists(numbers, min_size=3 * n, max_size=3 * n)
    positions = np.array(data.draw(rows)).reshape(n, 3)
    atoms = Atoms(data.draw(st.lists(st.integers(1, 118), min_size=n, max_size=n)), positions)
    atoms.arrays["dft_forces"] = np.array(data.draw(rows)).reshape(n, 3)
    atoms.info["REF_energy"] = data.draw(numbers)
    if data.draw(st.booleans()):
        atoms.set_cell(np.eye(3) * 7.25 + 0.125, scale_atoms=False)
        atoms.pbc = data.draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
    text = StringIO()
    write(text, atoms, format="extxyz")
    path = tmp_path_factory.mktemp("ase") / "one.xyz"
    path.write_text(text.getvalue())
    frame = open_trajectory(path).frame(0)
    np.testing.assert_array_equal(frame.positions, positions)
    np.testing.assert_array_equal(frame.columns["dft_forces"], atoms.arrays["dft_forces"])
    assert frame.numbers.tolist() == atoms.numbers.tolist()
    assert frame.pbc == tuple(atoms.pbc)
    assert float(frame.info["REF_energy"]) == atoms.info["REF_energy"]


def test_that_properties_given_twice_are_told_and_not_chosen(tmp_path: Path) -> None:
    one, other = "Properties=species:S:1:pos:R:3", "Properties=pos:R:3:species:S:1"
    assert opened(tmp_path, f"1\n{one} {one}\nLi 0 0 0\n".encode()).n_frames == 1
    with pytest.raises(ReadProblem, match="Properties is given twice"):
        opened(tmp_path, f"1\n{one} {other}\nLi 0 0 0\n".encode())
