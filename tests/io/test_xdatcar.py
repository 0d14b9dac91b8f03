"""XDATCAR: one header or many, and the cell that belongs to each frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from trajectory_samples import frames, opened, values, xdatcar

from mlipviewer.core.problem import ReadProblem


def test_that_frames_hold_what_was_written(tmp_path: Path) -> None:
    source = opened(tmp_path, xdatcar(3, 4), "XDATCAR")
    assert (source.format, source.n_frames, source.notes) == ("xdatcar", 3, ())
    for index, (frame, rows) in enumerate(zip(frames(source), values(3, 4), strict=True)):
        scaled = np.round(rows[:, :3] / 5, 8)
        np.testing.assert_allclose(frame.positions, scaled @ np.diag([5, 6, 7]), atol=1e-12)
        assert frame.numbers.tolist() == [3, 3, 3, 6]
        assert frame.pbc == (True, True, True)
        assert dict(frame.info) == dict(source.info(index)) == {"configuration": index + 1}


def test_that_each_frame_has_the_cell_of_its_header_in_any_order(tmp_path: Path) -> None:
    source = opened(tmp_path, xdatcar(3, 4, repeated=True))
    for index in (2, 0, 1, 2):
        cell = source.frame(index).cell
        assert cell is not None
        assert cell[0, 0] == 5 + index
        assert source.info(index)["configuration"] == index + 1


def test_that_a_frame_whose_header_is_lost_is_left_out(tmp_path: Path) -> None:
    content = xdatcar(3, 4, repeated=True)
    at = content.index(b"6.0.0", 0) if b"6.0.0" in content else content.index(b" 6.0 0.0 0.0")
    source = opened(tmp_path, content[:at] + b" 6.0 what 0.0" + content[at + 12 :])
    assert [source.info(k)["configuration"] for k in range(source.n_frames)] == [1, 3]
    assert "frame 2" in str(source.notes[0])


def test_that_a_garbled_separator_costs_one_frame(tmp_path: Path) -> None:
    content = xdatcar(4, 4).replace(b"Direct configuration=     2", b"Dirxct configuration=     2")
    source = opened(tmp_path, content)
    assert [source.info(k)["configuration"] for k in range(3)] == [1, 3, 4]
    assert "sample: frame 2, line 13: expected 'Direct configuration='" in str(source.notes[0])


def test_that_a_negative_scale_is_the_volume(tmp_path: Path) -> None:
    frame = opened(tmp_path, xdatcar().replace(b"1.0", b"-1680.0", 1)).frame(0)
    assert frame.cell is not None
    assert np.linalg.det(frame.cell) == pytest.approx(1680)
    assert frame.cell[0, 0] == pytest.approx(10)


def test_that_symbols_behind_the_coordinates_and_missing_species_are_read(tmp_path: Path) -> None:
    lines = xdatcar().splitlines()
    named = [line + b" Li" if line.startswith(b"  0.") else line for line in lines]
    assert opened(tmp_path, b"\n".join(named) + b"\n").n_frames == 3
    old = [line for line in lines if b"Li  C" not in line]
    old[0] = b"an old file"
    frame = opened(tmp_path, b"\n".join(old) + b"\n").frame(0)
    assert frame.numbers.tolist() == [0, 0, 0, 0]
    assert frame.species is not None
    assert frame.species.tolist() == ["type 1", "type 1", "type 1", "type 2"]


def test_that_a_billion_atoms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadProblem, match="1000000001 atoms declared"):
        opened(tmp_path, xdatcar().replace(b"  3  1", b"  1000000000  1"))


def test_that_values_agree_with_ase(tmp_path: Path) -> None:
    from ase.io import read

    path = tmp_path / "XDATCAR"
    path.write_bytes(xdatcar(3, 20))
    expected = read(path, ":", format="vasp-xdatcar")
    for atoms, frame in zip(expected, frames(opened(tmp_path, xdatcar(3, 20))), strict=True):
        np.testing.assert_allclose(frame.positions, atoms.positions, atol=1e-12)
        assert frame.numbers.tolist() == atoms.numbers.tolist()


def test_that_a_header_may_have_no_title(tmp_path: Path) -> None:
    head = "{}\n 1.0\n 5.0 0.0 0.0\n 0.0 6.0 0.0\n 0.0 0.0 7.0\n Li\n 1\n"
    body = "Direct configuration= 1\n 0.1 0.2 0.3\n"
    for title, blank in (("", ""), ("  ", "\n"), ("words", "\n\n")):
        text = blank + (head.format(title) + body) * 3
        source = opened(tmp_path, text.encode(), "XDATCAR")
        assert [source.frame(k).complete for k in range(source.n_frames)] == [True] * 3
