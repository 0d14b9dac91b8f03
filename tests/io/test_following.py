"""A file that grows while it is open: what is appended is read, once, as if it had been there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.io import write
from hypothesis import given, settings
from hypothesis import strategies as st
from trajectory_samples import dump, extxyz, frames, opened, same, xdatcar

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io.trajectories.ase_traj import AseTraj
from mlipviewer.io.trajectories.bytestore import Change, FileBytes, Identity
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.io.trajectories.sequence import SequenceSource
from mlipviewer.io.trajectories.text_source import TextSource

FORMAT = {
    "extxyz": "extxyz",
    "extxyz with %g": "extxyz",
    "lammps-dump": "lammps-dump",
    "xdatcar": "xdatcar",
    "xdatcar of changing cell": "xdatcar",
}
MAKE: dict[str, Callable[[], bytes]] = {
    "extxyz": lambda: extxyz(6),
    "extxyz with %g": lambda: extxyz(6, form="%g"),
    "lammps-dump": lambda: dump(6),
    "xdatcar": lambda: xdatcar(6),
    "xdatcar of changing cell": lambda: xdatcar(6, repeated=True),
}


def damaged(content: bytes, at: int, length: int) -> bytes:
    return content[:at] + b"#" * (length // 2) + content[at + length :]


def followed(path: Path, content: bytes, cuts: list[int]) -> FrameSource | None:
    """Write the content in pieces that end at `cuts`, reading after each."""
    source: FrameSource | None = None
    before = 0
    for cut in [*cuts, len(content)]:
        with path.open("ab") as file:
            file.write(content[before:cut])
        before = cut
        if isinstance(source, TextSource):
            assert source.refresh() is not Change.REPLACED
            continue
        try:
            source = open_trajectory(path, "xdatcar" if path.suffix == ".xdatcar" else None)
        except ReadProblem:
            source = None
    return source


@pytest.mark.parametrize("sample", MAKE)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_that_p3_random_pieces_give_the_whole(
    sample: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = MAKE[sample]()
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(content) - 1))
        content = damaged(content, at, data.draw(st.integers(0, 400)))
    cuts = sorted(data.draw(st.lists(st.integers(1, len(content) - 1), max_size=6, unique=True)))
    folder = tmp_path_factory.mktemp("grows")
    name = f"run.{FORMAT[sample]}"
    source = followed(folder / name, content, cuts)
    try:
        whole = opened(folder, content, f"whole.{name}", format=FORMAT[sample])
    except ReadProblem:
        assert source is None
        return
    if source is None:
        source = open_trajectory(folder / name, FORMAT[sample])
    assert source.n_frames == whole.n_frames
    assert all(same(a, b) for a, b in zip(frames(source), frames(whole), strict=True))
    spoken = [[(n.text, n.place.frame, n.place.line) for n in s.notes] for s in (source, whole)]
    assert spoken[0] == spoken[1]


def test_that_only_the_new_bytes_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = dump(400, 30)
    source = opened(tmp_path, content[:-5000], "run.dump")
    assert isinstance(source, TextSource)
    read = list[int]()
    piece = type(source._store)._piece

    def counted(store: object, offset: int, size: int) -> bytes:
        found = piece(store, offset, size)  # type: ignore[arg-type]
        read.append(len(found))
        return found

    monkeypatch.setattr("mlipviewer.io.trajectories.bytestore.FileBytes._piece", counted)
    with (tmp_path / "run.dump").open("ab") as file:
        file.write(content[-5000:])
    assert source.refresh() is Change.GROWN
    assert source.n_frames == 400
    assert sum(read) < 60_000 < len(content) / 5


def test_that_a_partial_last_frame_is_told_apart_from_damage(tmp_path: Path) -> None:
    content = extxyz(5)
    source = opened(tmp_path, content[:-40])
    assert isinstance(source, TextSource)
    assert source.n_frames == 4
    assert len(source.tail_notes) == 1
    damaged_first = content.replace(b"4\nLattice", b"4 atoms\nLattice", 1)
    settled = opened(tmp_path, damaged_first + extxyz(400), "long.xyz")
    assert isinstance(settled, TextSource)
    assert any(note.loss for note in settled.notes)
    assert settled.tail_notes == ()


@pytest.mark.parametrize("how", ["shorter", "another", "other bytes", "gone", "touched"])
def test_that_a_replaced_file_is_noticed(tmp_path: Path, how: str) -> None:
    source = opened(tmp_path, extxyz(5))
    assert isinstance(source, TextSource)
    path = tmp_path / "sample"
    assert source.refresh() is Change.SAME
    if how == "shorter":
        path.write_bytes(extxyz(2))
    elif how == "another":
        (tmp_path / "new").write_bytes(extxyz(9))
        (tmp_path / "new").replace(path)
    elif how == "other bytes":
        path.write_bytes(extxyz(9, seed=2))
    elif how == "gone":
        path.unlink()
    else:
        os.utime(path)
    expected = Change.SAME if how in ("gone", "touched") else Change.REPLACED
    assert source.refresh() is expected
    assert source.n_frames == 5


def test_that_a_source_can_be_used_while_it_is_still_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlipviewer.io.trajectories.text_source.PUBLISHED_EVERY", 0)
    seen = list[tuple[int, float]]()

    def told(source: FrameSource) -> None:
        seen.append((source.n_frames, float(source.frame(source.n_frames - 1).positions.sum())))

    content = extxyz(50, 20)
    (tmp_path / "run.xyz").write_bytes(content)
    whole = open_trajectory(tmp_path / "run.xyz", told=told)
    assert [n for n, _ in seen] == list(range(1, 51))
    assert [total for _, total in seen] == [float(f.positions.sum()) for f in frames(whole)]


def test_that_a_growing_ase_trajectory_is_followed(tmp_path: Path) -> None:
    from ase import Atoms
    from ase.io.trajectory import Trajectory

    path = tmp_path / "run.traj"
    atoms = Atoms("Li2", [[0, 0, 0], [1, 0, 0]], cell=[5, 5, 5], pbc=True)
    with Trajectory(path, "w") as writer:
        writer.write(atoms)
        writer.write(atoms)
    source = open_trajectory(path)
    refresh = source.refresh  # type: ignore[attr-defined]
    assert refresh() is Change.SAME
    with Trajectory(path, "a") as writer:
        for k in range(60):
            atoms.positions[1, 0] = k
            writer.write(atoms)
            if k % 20 == 0:
                assert refresh() is Change.GROWN
                assert source.frame(source.n_frames - 1).positions[1, 0] == k
    assert refresh() is Change.GROWN
    assert source.n_frames == 62
    assert source.frame(0).positions[1, 0] == 1
    with Trajectory(path, "w") as writer:
        for _ in range(90):
            writer.write(Atoms("H"))
    assert refresh() is Change.REPLACED


def test_that_the_last_file_of_a_sequence_is_followed(tmp_path: Path) -> None:
    (tmp_path / "run.1.xyz").write_bytes(extxyz(3))
    content = extxyz(6, seed=2)
    (tmp_path / "run.2.xyz").write_bytes(content[:1000])
    source = open_trajectory(tmp_path)
    before = source.n_frames
    (tmp_path / "run.2.xyz").write_bytes(content)
    assert source.refresh() is Change.GROWN  # type: ignore[attr-defined]
    assert source.n_frames == 9 > before
    assert source.info(8)["step"] == 5


def test_that_what_is_written_while_a_file_is_opened_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two looks at its size."""
    path, content, inner = tmp_path / "run.xyz", extxyz(6), FileBytes._known_by
    path.write_bytes(content[: len(content) // 2])
    rest = [content[len(content) // 2 :]]

    def late(store: FileBytes) -> Identity:
        if rest:
            with path.open("ab") as file:
                file.write(rest.pop())
        return inner(store)

    monkeypatch.setattr(FileBytes, "_known_by", late)
    source = open_trajectory(path)
    assert isinstance(source, TextSource)
    source.refresh()
    assert source.n_frames == 6


def test_that_a_disk_that_fails_once_costs_no_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, content = tmp_path / "run.xyz", extxyz(6)
    path.write_bytes(content[: len(content) // 2])
    source = open_trajectory(path)
    assert isinstance(source, TextSource)
    with path.open("ab") as file:
        file.write(content[len(content) // 2 :])

    def stale(*_asked: object) -> bytes:
        raise ReadProblem("cannot be read: stale file handle", path)

    with monkeypatch.context() as patch:
        patch.setattr(FileBytes, "read", stale)
        with pytest.raises(ReadProblem):
            source.refresh()
    assert source.refresh() is Change.GROWN
    assert source.n_frames == 6
    assert source.refresh() is Change.SAME


def test_that_a_frame_of_ase_whose_table_is_written_last_is_found(tmp_path: Path) -> None:
    path, longer = tmp_path / "run.traj", tmp_path / "longer.traj"
    atoms = [Atoms("Li2", positions=np.full((2, 3), k)) for k in range(4)]
    write(path, atoms[:3])
    write(longer, atoms)
    old, new = path.read_bytes(), longer.read_bytes()
    source = open_trajectory(path)
    assert isinstance(source, AseTraj)
    for content in (old + new[len(old) :], new):
        before = path.stat().st_mtime_ns
        with path.open("r+b") as file:
            file.write(content)
        os.utime(path, ns=(before, before + 1_000_000))
        source.refresh()
    assert source.n_frames == 4
    assert source.frame(3).positions[0, 0] == 3


def test_that_the_last_of_many_files_is_followed_whatever_was_read_since(tmp_path: Path) -> None:
    for k in range(12):
        (tmp_path / f"run_{k}.xyz").write_bytes(extxyz(2))
    source = open_trajectory(tmp_path)
    assert isinstance(source, SequenceSource)
    for index in range(20):
        source.frame(index)
    last = tmp_path / "run_11.xyz"
    last.write_bytes(extxyz(3))
    assert source.refresh() is Change.GROWN
    assert source.n_frames == 25
    assert source.refresh() is Change.SAME
