"""What damage does to a text trajectory: good frames stay, the rest is named, nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trajectory_samples import dump, extxyz, frames, opened, same, xdatcar

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import MemoryBytes
from mlipviewer.io.trajectories.opening import FORMATS

SAMPLES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "extxyz": ("extxyz", extxyz),
    "extxyz with %g": ("extxyz", lambda: extxyz(form="%g")),
    "lammps-dump": ("lammps-dump", dump),
    "lammps-dump with %g": ("lammps-dump", lambda: dump(form="%g")),
    "xdatcar": ("xdatcar", xdatcar),
    "xdatcar of changing cell": ("xdatcar", lambda: xdatcar(repeated=True)),
}


def good_frames(content: bytes, format: str) -> list[Frame]:
    try:
        source = FORMATS[format].open(MemoryBytes("sample", content), None)
    except ReadProblem:
        return []
    return [frame for frame in frames(source) if frame.complete]


@pytest.mark.parametrize("sample", SAMPLES)
def test_that_p2_a_file_cut_anywhere_gives_its_first_frames(sample: str) -> None:
    format, make = SAMPLES[sample]
    content = make()
    whole = good_frames(content, format)
    assert len(whole) == 3
    last = 0
    for cut in range(len(content) + 1):
        good = good_frames(content[:cut], format)
        assert len(good) <= len(whole)
        assert all(same(a, b) for a, b in zip(good, whole, strict=False)), cut
        assert len(good) >= last, cut
        last = len(good)
    assert last == 3


@pytest.mark.parametrize("sample", SAMPLES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_that_p6_damage_inside_one_frame_spares_the_others(
    sample: str, data: st.DataObject
) -> None:
    format, make = SAMPLES[sample]
    content = make()
    marks = {"extxyz": b"4\nLattice", "lammps-dump": b"ITEM: TIMESTEP", "xdatcar": b"Direct"}
    mark = b"Li C\n 1.0" if sample.endswith("cell") else marks[format]
    start = content.index(mark, content.index(mark) + 1)
    end = content.index(mark, start + 1)
    at = data.draw(st.integers(start, end - 1))
    length = data.draw(st.integers(0, end - at))
    rubbish = data.draw(st.binary(max_size=12).filter(lambda b: b"\n" not in b))
    broken = content[:at] + rubbish + content[at + length :]
    if length and at + length == end:
        broken = content[:at] + rubbish + b"\n" + content[end:]
    whole = good_frames(content, format)
    good = good_frames(broken, format)
    assert same(good[0], whole[0])
    assert any(same(frame, whole[2]) for frame in good[1:])


@settings(max_examples=300, deadline=None)
@given(
    content=st.binary(max_size=300),
    format=st.sampled_from(sorted({f for f, _ in SAMPLES.values()})),
)
def test_that_p9_rubbish_raises_nothing_but_read_problems(content: bytes, format: str) -> None:
    good_frames(content, format)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), sample=st.sampled_from(sorted(SAMPLES)))
def test_that_p9_changed_bytes_raise_nothing_but_read_problems(
    data: st.DataObject, sample: str
) -> None:
    format, make = SAMPLES[sample]
    content = bytearray(make())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    for frame in good_frames(bytes(content), format):
        assert np.isfinite(frame.positions).all()


def test_that_a_missing_row_is_named_by_frame_and_line(tmp_path: Path) -> None:
    lines = extxyz(4).splitlines(keepends=True)
    del lines[6 + 4]
    source = opened(tmp_path, b"".join(lines))
    assert source.n_frames == 3
    assert [source.info(k)["step"] for k in range(3)] == [0, 2, 3]
    assert "sample: frame 2, line 7: 3 of 4 atoms" in str(source.notes[0])


def test_that_a_surplus_row_is_named_by_frame_and_line(tmp_path: Path) -> None:
    lines = extxyz(3).splitlines(keepends=True)
    lines.insert(10, lines[10])
    source = opened(tmp_path, b"".join(lines))
    assert [source.info(k)["step"] for k in range(source.n_frames)] == [0, 1, 2]
    assert "line 13: expected the number of atoms" in str(source.notes[0])


@pytest.mark.parametrize(("count", "words"), [(b"-4", "-4"), (b"1000000000000", "1000000000000")])
def test_that_an_impossible_count_is_refused_before_memory_is_taken(
    tmp_path: Path, count: bytes, words: str
) -> None:
    content = extxyz(3).replace(b"4\nLattice", count + b"\nLattice")
    with pytest.raises(ReadProblem, match=words):
        opened(tmp_path, content, format="extxyz")


def test_that_a_file_that_becomes_shorter_is_a_read_problem(tmp_path: Path) -> None:
    source = opened(tmp_path, extxyz(3))
    (tmp_path / "sample").write_bytes(b"")
    with pytest.raises(ReadProblem, match="shortened"):
        source.frame(2)


def test_that_damage_behind_the_first_check_is_found_when_the_frame_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlipviewer.io.trajectories.text_source.CHECKED_AT_ONCE", 10)
    content = extxyz(3).replace(b"C ", b"C x", 4)
    source = opened(tmp_path, content)
    assert source.n_frames == 3
    frame = source.frame(0)
    assert not frame.complete
    assert frame.n_atoms == 1
    assert "line 4: column 2: 'x" in str(frame.notes[-1])


def test_that_a_last_frame_of_the_right_size_still_needs_all_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = dump(3, 1000, form="%11.8f")
    assert opened(tmp_path, content).n_frames == 3
    start = content.rindex(b"ITEM: TIMESTEP")
    end = content.rindex(b"\n", 0, -1)
    row = len(content) - end - 1
    short = content[: end + 1].replace(b"x y z fx fy fz\n1 ", b"x y z fx fy fz\n1 " + b" " * row)
    lost = content[:start] + short[short.rindex(b"ITEM: TIMESTEP") :]
    assert len(lost) == len(content)
    source = opened(tmp_path, lost, "lost.dump")
    assert source.n_frames == 2
    assert "999 of 1000 atoms" in str(source.notes[-1])
    monkeypatch.setattr("mlipviewer.io.trajectories.text_source.CHECKED_AT_ONCE", 10)
    late = opened(tmp_path, lost, "late.dump")
    assert [late.frame(k).complete for k in range(late.n_frames)] == [True, True, False]


@pytest.mark.parametrize("make", ["fifo", "folder", "missing"])
def test_that_only_regular_files_are_opened(tmp_path: Path, make: str) -> None:
    import os

    path = tmp_path / "thing"
    if make == "fifo":
        os.mkfifo(path)
    elif make == "folder":
        path.mkdir()
    from mlipviewer.io.trajectories.opening import open_trajectory

    with pytest.raises(ReadProblem, match=r"regular file|folder|no such file"):
        open_trajectory(path)
