"""Frames written and read again: the same bits in extended XYZ, the same numbers in a dump."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mlipviewer.cli import main
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.io.trajectories.writing import as_dump, as_extxyz
from tests import made

reals = st.floats(allow_nan=False, allow_infinity=False, width=64)


@st.composite
def frames(draw) -> Frame:
    n = draw(st.integers(1, 6))
    wide = st.floats(-1e6, 1e6)
    cell = draw(
        st.sampled_from([None, np.diag([4.0, 5, 6]), np.array([[3.0, 0, 1], [0, 4, 0], [1, 1, 5]])])
    )
    columns = {
        "forces": draw(arrays.arrays(float, (n, 3), elements=reals)),
        "c_q": draw(arrays.arrays(float, n, elements=reals)),
        "mol": draw(arrays.arrays(np.int64, n, elements=st.integers(-(2**53), 2**53))),
        "fixed": draw(arrays.arrays(bool, n)),
    }
    info = {
        "energy": draw(reals),
        "step": draw(st.integers(0, 10**15)),
        "name": "a b=c",
        "ok": True,
    }
    return Frame(
        index=0,
        positions=draw(arrays.arrays(float, (n, 3), elements=wide)),
        numbers=np.array(draw(st.lists(st.integers(1, 94), min_size=n, max_size=n)), np.int32),
        cell=None if cell is None else cell.copy(),
        pbc=(cell is not None, False, cell is not None),
        ids=np.random.default_rng(n).permutation(n) + 1,
        columns=MappingProxyType(columns),
        info=MappingProxyType(info),
    )


@given(frames())
def test_that_extxyz_gives_the_same_bits(tmp_path_factory, frame: Frame) -> None:
    path = tmp_path_factory.mktemp("w") / "one.extxyz"
    path.write_bytes(as_extxyz(frame) * 2)
    read = open_trajectory(path).frame(1)
    assert read.positions.tobytes() == frame.positions.tobytes()
    assert read.numbers.tolist() == frame.numbers.tolist()
    assert read.ids.tolist() == frame.ids.tolist()
    assert read.pbc == frame.pbc
    assert (read.cell is None) == (frame.cell is None)
    if frame.cell is not None:
        assert read.cell.tobytes() == frame.cell.tobytes()
    assert set(read.columns) == set(frame.columns)
    for name, values in frame.columns.items():
        assert read.columns[name].tobytes() == values.tobytes(), name
    assert dict(read.info) == dict(frame.info)


@given(frames())
def test_that_a_dump_gives_the_same_numbers(tmp_path_factory, frame: Frame) -> None:
    path = tmp_path_factory.mktemp("w") / "one.dump"
    path.write_bytes(as_dump(frame))
    read = open_trajectory(path).frame(0)
    assert read.positions.tobytes() == frame.positions.tobytes()
    assert read.atom_ids.tolist() == frame.ids.tolist()
    assert read.numbers.tolist() == frame.numbers.tolist()
    assert read.columns["forces"].tobytes() == frame.columns["forces"].tobytes()
    assert read.columns["mol"].tolist() == frame.columns["mol"].tolist()
    if frame.cell is not None:
        np.testing.assert_allclose(read.cell, frame.cell, atol=1e-9)
        assert read.pbc == frame.pbc


def test_that_chosen_frames_and_atoms_are_converted(tmp_path: Path, capsys) -> None:
    source = made.write_extxyz(tmp_path / "run.xyz")
    before = open_trajectory(source)
    out = tmp_path / "some.extxyz"
    words = ["convert", str(source), str(out), "--frames", "1::2", "--where", "frame >= 1"]
    assert main([*words, "--atoms", "id <= 2"]) == 0
    assert "of 4 frames" in capsys.readouterr().out
    after = open_trajectory(out)
    assert after.n_frames == 3
    for k, index in enumerate((3, 5, 7)):
        one, old = after.frame(k), before.frame(index)
        assert one.n_atoms == 2
        assert one.positions.tobytes() == old.positions[old.atom_ids <= 2].tobytes()


def test_that_frames_and_atoms_are_chosen_by_how_far_they_have_come(tmp_path: Path, capsys) -> None:
    """Every atom goes 0.05 A along x, y and z a frame; one goes further, through a wall."""
    source = made.write_extxyz(tmp_path / "run.xyz")
    whole = [open_trajectory(source).frame(k) for k in range(8)]
    side, length = whole[0].cell[0, 0], 0.05 * 3**0.5
    moved = []
    for k, frame in enumerate(whole):
        places = frame.positions.copy()
        places[frame.atom_ids == 5, 0] = (places[frame.atom_ids == 5, 0] + 0.4 * k) % side
        moved.append(as_extxyz(replace(frame, positions=places)))
    source.write_bytes(b"".join(moved))

    def read(*words: str) -> list[Frame]:
        out = tmp_path / "out.extxyz"
        assert main(["convert", str(source), str(out), *words]) == 0
        found = open_trajectory(out)
        return [found.frame(k) for k in range(found.n_frames)]

    far = read("--atoms", "id == 1 or displacement > 1 and displacement.x > 0.9")
    assert [sorted(frame.atom_ids) for frame in far] == [[1]] * 3 + [[1, 5]] * 5
    back = read("--atoms", "id == 1 or displacement > 1", "--since", "7")
    assert [sorted(frame.atom_ids) for frame in back] == [[1, 5]] * 5 + [[1]] * 3
    assert len(read("--where", "largest_displacement > 1")) == 5
    some = read("--where", f"rms_displacement < {4.5 * length}", "--since", "0")
    rms = [
        np.sqrt((26 * (length * k) ** 2 + k**2 * (0.45**2 + 2 * 0.05**2)) / 27) for k in range(8)
    ]
    assert len(some) == sum(one < 4.5 * length for one in rms) > 1
    wrong = ["--where", "largest_displacement > 1", "--since", "8"]
    assert main(["convert", str(source), str(tmp_path / "o.xyz"), *wrong]) == 1
    assert "has frames 0 to 7" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["gone.xyz", "out.extxyz"], 1, "gone.xyz"),
        (["run.xyz", "out.doc"], 1, "frames are written as"),
        (["run.xyz", "out.data"], 1, "holds one frame"),
        (["run.xyz", "run.xyz"], 1, "choose another name"),
    ],
)
def test_that_bad_arguments_of_convert_are_one_line(
    tmp_path: Path, monkeypatch, capsys, words: list[str], code: int, said: str
) -> None:
    made.write_extxyz(tmp_path / "run.xyz")
    monkeypatch.chdir(tmp_path)
    assert main(["convert", *words]) == code
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_that_a_wrong_condition_ends_with_two(tmp_path: Path) -> None:
    made.write_extxyz(tmp_path / "run.xyz")
    with pytest.raises(SystemExit) as ended:
        main(["convert", str(tmp_path / "run.xyz"), str(tmp_path / "o.xyz"), "--where", "1 +"])
    assert ended.value.code == 2
    assert not (tmp_path / "o.xyz").exists()


def test_that_info_says_all_about_a_trajectory(tmp_path: Path, capsys) -> None:
    from tests.io.test_timing import LOG, dump

    (tmp_path / "run.dump").write_text(dump([0, 100, 200]) + "ITEM: TIMESTEP\n300\n")
    (tmp_path / "log.lammps").write_text(LOG)
    assert main(["info", str(tmp_path / "run.dump"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["format"] == "lammps-dump"
    assert (found["n_frames"], found["n_atoms_first"]) == (3, 2)
    assert found["time"]["frame_interval_ps"] == pytest.approx(0.2)
    assert found["time"]["source"] == "file"
    assert found["columns"]["forces"] == {"kind": "real 3", "unit": "eV/Å", "unit_source": "file"}
    assert found["values"]["PotEng"]["unit"] == "eV"
    assert found["roles"]["forces"] == "forces"
    assert [problem["frame"] for problem in found["problems"]] == [4]
    assert found["problems"][0]["line"] > 1
    assert len(found["fingerprint"]) == 64


def test_that_info_takes_the_word_of_the_user(tmp_path: Path, capsys) -> None:
    from tests.io.test_timing import dump

    (tmp_path / "run.dump").write_text(dump([0, 100, 200]))
    words = ["--frame-interval", "0.5", "--temperature", "300", "--elements", "1=Si,2=O"]
    assert main(["info", f"{tmp_path / 'run.dump'}@::2", "--json", *words]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["time"] == {
        "source": "user",
        "said": "0.5 ps between frames, as you said",
        "first_ps": 0.0,
        "last_ps": 1.0,
        "frame_interval_ps": 1.0,
        "why_no_interval": "",
    }
    assert (found["n_frames"], found["n_frames_of_file"]) == (2, 3)
    assert found["temperature"]["K"] == 300
