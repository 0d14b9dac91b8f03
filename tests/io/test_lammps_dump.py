"""LAMMPS text dumps: boxes, coordinates, units, identity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from trajectory_samples import dump, frames, opened, same, values

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.lammps_units import STYLES

BOX = "ITEM: BOX BOUNDS pp pp pp\n0 4\n0 4\n0 4\n"


def one_text(columns: str, rows: str, box: str = BOX, before: str = "", step: str = "0") -> str:
    n_atoms = len(rows.splitlines())
    head = f"{before}ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{n_atoms}\n{box}"
    return f"{head}ITEM: ATOMS {columns}\n{rows}"


def one(folder: Path, *args: Any, **options: Any) -> Frame:
    return opened(folder, one_text(*args, **options).encode(), "one.dump").frame(0)


def texts(frame: Frame) -> str:
    return " ".join(note.text for note in frame.notes)


def test_that_frames_hold_what_was_written(tmp_path: Path) -> None:
    source = opened(tmp_path, dump(3, 4))
    assert (source.format, source.n_frames) == ("lammps-dump", 3)
    for index, (frame, rows) in enumerate(zip(frames(source), values(3, 4), strict=True)):
        np.testing.assert_array_equal(frame.positions, rows[:, :3])
        np.testing.assert_array_equal(frame.columns["forces"], rows[:, 3:])
        np.testing.assert_array_equal(frame.cell, np.diag([5, 6, 8]))
        assert frame.origin.tolist() == [0, 0, -1]
        assert frame.pbc == (True, True, False)
        assert frame.numbers.tolist() == [3, 6, 3, 6]
        assert frame.columns["type"].tolist() == [1, 2, 1, 2]
        assert frame.atom_ids.tolist() == [1, 2, 3, 4]
        assert source.info(index)["Timestep"] == 100 * index


def test_that_large_frames_are_found_by_jumping(tmp_path: Path) -> None:
    content = dump(6, 700, form="%g") + dump(2, 5) + dump(5, 700, 2)
    source = opened(tmp_path, content)
    assert [frame.n_atoms for frame in frames(source)] == [700] * 6 + [5] * 2 + [700] * 5
    assert "goes back to 0" in " ".join(map(str, source.notes))
    again = opened(tmp_path, dump(6, 700, form="%g"), "again")
    assert all(same(a, b) for a, b in zip(frames(again), frames(source), strict=False))


def test_that_x_and_xs_agree_in_a_box_with_origin(tmp_path: Path) -> None:
    box = "ITEM: BOX BOUNDS xy xz yz pp pp pp\n8 16.5 -2\n-1.5 5 1\n3 8 -0.5\n"
    plain = one(tmp_path, "id x y z", "1 10 0 4\n2 12 3 7\n", box)
    assert plain.cell is not None
    scaled_rows = (plain.positions - plain.origin) @ np.linalg.inv(plain.cell)
    rows = "".join(
        f"{k + 1} {x:.15f} {y:.15f} {z:.15f}\n" for k, (x, y, z) in enumerate(scaled_rows)
    )
    scaled = one(tmp_path, "id xs ys zs", rows, box)
    np.testing.assert_allclose(scaled.positions, plain.positions, atol=1e-12)
    assert "unwrapped" in texts(one(tmp_path, "id xsu ysu zsu", rows, box))


def test_that_bounds_of_a_tilted_box_are_those_of_its_bounding_box(tmp_path: Path) -> None:
    box = "ITEM: BOX BOUNDS xy xz yz pp pp pp\n-2 6.43 -2\n-0.5 5.43 1\n0 5.43 -0.5\n"
    frame = one(tmp_path, "id x y z", "1 0 0 0\n", box)
    np.testing.assert_allclose(frame.cell, [[5.43, 0, 0], [-2, 5.43, 0], [1, -0.5, 5.43]])
    np.testing.assert_allclose(frame.origin, 0, atol=1e-12)


def test_that_a_general_triclinic_box_is_taken_as_it_is(tmp_path: Path) -> None:
    box = "ITEM: BOX BOUNDS abc origin pp pp pp\n5 0.1 0 1\n0.2 5 0 2\n0 0.3 5 3\n"
    frame = one(tmp_path, "id xs ys zs", "1 0.5 0 0\n", box)
    np.testing.assert_array_equal(frame.cell, [[5, 0.1, 0], [0.2, 5, 0], [0, 0.3, 5]])
    assert frame.origin.tolist() == [1, 2, 3]
    np.testing.assert_allclose(frame.positions, [[3.5, 2.05, 3]])


def test_that_a_box_without_flags_says_that_periodicity_is_unknown(tmp_path: Path) -> None:
    frame = one(tmp_path, "id x y z", "1 0 0 0\n", "ITEM: BOX BOUNDS\n0 1\n0 1\n0 1\n")
    assert frame.pbc == (False, False, False)
    assert "which sides are periodic" in texts(frame)


@pytest.mark.parametrize(
    ("sides", "reason"),
    [
        ("0 4\n4 0\n0 4", "negative length"),
        ("0 4\n0 nan\n0 4", "not finite"),
        ("0 4\n0\n0 4", "1 numbers"),
    ],
)
def test_that_an_impossible_box_is_named(tmp_path: Path, sides: str, reason: str) -> None:
    with pytest.raises(ReadProblem, match=f"one.dump: frame 1, line .*{reason}"):
        one(tmp_path, "id x y z", "1 0 0 0\n", f"ITEM: BOX BOUNDS pp pp pp\n{sides}\n")


@pytest.mark.parametrize("style", STYLES)
def test_that_units_are_converted(tmp_path: Path, style: str) -> None:
    units = STYLES[style]
    content = one_text(
        "id x y z fx fy fz vx vy vz q", "1 1 2 3 1 1 1 1 1 1 9\n", before=f"ITEM: UNITS\n{style}\n"
    )
    content += one_text("id x y z", "1 1 2 3\n", step="1")
    first, second = frames(opened(tmp_path, content.encode()))
    np.testing.assert_allclose(first.positions, units.length * np.array([[1, 2, 3]]))
    np.testing.assert_allclose(second.positions, first.positions)
    np.testing.assert_allclose(first.columns["forces"], units.energy / units.length)
    np.testing.assert_allclose(first.columns["velocities"], units.length / units.time)
    assert first.columns["q"].tolist() == [9]
    assert first.cell is not None
    assert first.cell[0, 0] == pytest.approx(4 * units.length)
    assert first.info["units"] == second.info["units"] == style
    assert style in texts(first)


def test_that_known_conversions_come_out() -> None:
    assert STYLES["real"].force == pytest.approx(1 / 23.0605, rel=1e-4)
    assert STYLES["metal"].velocity == pytest.approx(1e-3)
    assert STYLES["electron"].force == pytest.approx(51.4221, rel=1e-5)
    assert STYLES["si"].length == 1e10


def test_that_reduced_and_unstated_units_are_said(tmp_path: Path) -> None:
    frame = one(tmp_path, "id x y z fx fy fz", "1 1 2 3 1 1 1\n", before="ITEM: UNITS\nlj\n")
    assert frame.columns["forces"].tolist() == [[1, 1, 1]]
    assert "'lj' are not converted" in texts(frame)
    assert "taken as metal" in texts(one(tmp_path, "id x y z", "1 1 2 3\n"))


def test_that_types_are_never_taken_for_elements(tmp_path: Path) -> None:
    frame = one(tmp_path, "id type x y z", "1 14 0 0 0\n2 1 1 1 1\n")
    assert frame.numbers.tolist() == [0, 0]
    assert frame.species is not None
    assert frame.species.tolist() == ["14", "1"]
    assert "no elements" in texts(frame)


@pytest.mark.parametrize(
    "types",
    [(7, 7), (1, 12, 3), (4095, 1), (4096, 2), (5000, 5003), (-1, 2), (-3, -3), (10**17, 3)],
)
def test_that_types_of_any_size_are_species(tmp_path: Path, types: tuple[int, ...]) -> None:
    rows = [f"{i} {kind} 0 0 0\n" for i, kind in enumerate(types)]
    species = one(tmp_path, "id type x y z", "".join(rows)).species
    assert species is not None
    assert species.tolist() == [str(kind) for kind in types]
    assert species.dtype.itemsize == 4 * max(len(str(kind)) for kind in types)


def test_that_type_labels_are_kept(tmp_path: Path) -> None:
    frame = one(tmp_path, "id type x y z", "1 Si-bulk 0 0 0\n2 Si-surf 1 1 1\n")
    assert frame.numbers.tolist() == [14, 14]
    assert frame.columns["type"].tolist() == ["Si-bulk", "Si-surf"]
    assert "Si-bulk" in texts(frame)


def test_that_atoms_are_known_by_their_ids(tmp_path: Path) -> None:
    rows = ["3 1 0 0 3\n", "1 1 0 0 1\n", "2 1 0 0 2\n"]
    first = one(tmp_path, "id type x y z", "".join(rows))
    second = one(tmp_path, "id type x y z", "".join(reversed(rows)))
    assert first.ids is not None
    assert second.ids is not None
    by_id = [f.positions[np.argsort(f.ids)] for f in (first, second) if f.ids is not None]
    np.testing.assert_array_equal(by_id[0], by_id[1])


@pytest.mark.parametrize(
    ("ids", "kept"),
    [((1, 2, 3), True), ((3, 1, 2), True), ((1, 2, 2), False), ((2, 1, 2), False),
     ((1, 10**12, 5), True), ((10**12, 1, 10**12), False)],
)  # fmt: skip
def test_that_ids_in_any_order_are_identities(
    tmp_path: Path, ids: tuple[int, ...], kept: bool
) -> None:
    rows = "".join(f"{i} 0 0 0\n" for i in ids)
    frame = one(tmp_path, "id x y z", rows)
    found = frame.ids
    assert (found is not None) == kept
    assert tuple(frame.columns["id"] if found is None else found) == ids


def test_that_equal_ids_are_no_identities(tmp_path: Path) -> None:
    frame = one(tmp_path, "id x y z", "1 0 0 0\n1 1 1 1\n")
    assert frame.ids is None
    assert frame.columns["id"].tolist() == [1, 1]
    assert "not unique" in texts(frame)


def test_that_columns_may_change_and_vectors_are_gathered(tmp_path: Path) -> None:
    content = one_text("id x y z ix iy iz c_pe", "1 0 0 0 1 -1 0 -3.25\n")
    content += one_text(
        "id xu yu zu vx vy vz mol", "1 5 0 0 1 2 3 9\n", before="ITEM: TIME\n0.5\n", step="10"
    )
    content += one_text("id x y z xu yu zu v_name", "1 0 0 0 4 4 4 abc\n", step="20")
    source = opened(tmp_path, content.encode())
    first, second, third = frames(source)
    assert first.columns["image"].tolist() == [[1, -1, 0]]
    assert first.columns["c_pe"].tolist() == [-3.25]
    np.testing.assert_allclose(second.columns["velocities"], [[1e-3, 2e-3, 3e-3]])
    assert second.columns["mol"].dtype == np.int64
    assert (third.columns["xu"].tolist(), third.columns["v_name"].tolist()) == ([4.0], ["abc"])
    assert (source.info(1)["Time"], second.info["Time"]) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("columns", "rows", "reason"),
    [
        ("id type", "1 1\n", "no coordinates"),
        ("id x y z", "1 0.0 0.0\n", "3 columns, expected 4"),
        ("id x y z", "1 0 0 0 0\n", "5 columns, expected 4"),
        ("id x y z", "1 0 0 inf\n", "not a finite number"),
        ("id x y z", "1.5 0 0 0\n", "'1.5' is not an integer"),
    ],
)
def test_that_impossible_rows_are_named(
    tmp_path: Path, columns: str, rows: str, reason: str
) -> None:
    with pytest.raises(ReadProblem, match=rf"one.dump: frame 1, line \d+: .*{reason}"):
        one(tmp_path, columns, rows)


def test_that_values_agree_with_ase(tmp_path: Path) -> None:
    from ase.io import read

    path = tmp_path / "three.dump"
    content = dump(3, 40)
    path.write_bytes(content)
    expected = read(path, ":", format="lammps-dump-text")
    for atoms, frame in zip(expected, frames(opened(tmp_path, content)), strict=True):
        np.testing.assert_allclose(frame.positions, atoms.positions, atol=1e-12)
        np.testing.assert_allclose(frame.cell, atoms.cell.array)
        np.testing.assert_allclose(frame.columns["forces"], atoms.get_forces())
        assert frame.numbers.tolist() == atoms.numbers.tolist()


def test_that_a_form_feed_is_a_type_and_no_blank(tmp_path: Path) -> None:
    """To the loops it is none, to `split` of Python it is."""
    content = one_text("id type x y z", "1 ? 0 0 0\n2 1 1 1 1\n").replace("?", "\f")
    frame = opened(tmp_path, content.encode(), "one.dump").frame(0)
    assert frame.positions.tolist() == [[0, 0, 0], [1, 1, 1]]
    assert len(frame.columns["type"]) == 2
