"""The index kept from one opening to the next: the same as a new one, or not used at all."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trajectory_samples import dump, extxyz, frames, opened, same, xdatcar

from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io import cache
from mlipviewer.io.trajectories.opening import open_trajectory

MAKE: dict[str, Callable[[int], bytes]] = {
    "run.xyz": extxyz,
    "run.dump": dump,
    "XDATCAR": xdatcar,
    "XDATCAR.cells": lambda n: xdatcar(n, repeated=True),
    "run.xyz.gz": lambda n: gzip.compress(extxyz(n)),
}


@pytest.fixture(autouse=True)
def walks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[int]]:
    """A cache of its own for small files too; at which frame each walk through a file began."""
    from mlipviewer.io.trajectories import text_source

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("mlipviewer.io.trajectories.side_index.SMALLEST", 1)
    begun = list[int]()

    class Counted(text_source.Indexer):
        def __init__(self, store: object, layout: object, start: object, accepts: object) -> None:
            begun.append(start.n_frames)  # type: ignore[attr-defined]
            super().__init__(store, layout, start, accepts)  # type: ignore[arg-type]

    monkeypatch.setattr(text_source, "Indexer", Counted)
    return begun


def said(source: FrameSource) -> list[object]:
    return [source.n_frames, source.format, [(n.text, n.place, n.loss) for n in source.notes]]


def side_car(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "cache" / "mlipviewer" / "frames").iterdir()
    return path


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("lost", [0, 100])
def test_that_p4_a_kept_index_is_the_index(
    tmp_path: Path, walks: list[int], name: str, lost: int
) -> None:
    content = MAKE[name](40)
    first = opened(tmp_path, content[: len(content) - lost], name)
    second = open_trajectory(tmp_path / name)
    assert walks == [0]
    assert said(first) == said(second)
    assert all(same(a, b) for a, b in zip(frames(first), frames(second), strict=True))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the fixture stays as it is
)
@given(data=st.data())
def test_that_p4_a_damaged_cache_is_no_cache(
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
    walks: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    first = opened(folder, extxyz(10), "run.xyz")
    path = side_car(folder)
    content = bytearray(path.read_bytes())
    how = data.draw(st.sampled_from(("cut", "flip", "rubbish")))
    if how == "cut":
        del content[data.draw(st.integers(0, 10_000)) % len(content) :]
    elif how == "flip":
        at = data.draw(st.integers(0, 10_000)) % len(content)
        content[at] ^= data.draw(st.integers(1, 255))
    else:
        content = bytearray(data.draw(st.binary(max_size=200)))
    path.write_bytes(content)
    walks.clear()
    second = open_trajectory(folder / "run.xyz")
    assert walks == [0]
    assert said(first) == said(second)


def test_that_a_changed_file_is_indexed_anew(tmp_path: Path, walks: list[int]) -> None:
    opened(tmp_path, extxyz(20), "run.xyz")
    assert opened(tmp_path, extxyz(20, seed=2), "run.xyz").n_frames == 20
    assert opened(tmp_path, extxyz(7), "run.xyz").n_frames == 7
    assert walks == [0, 0, 0]


def test_that_a_grown_file_is_indexed_from_where_it_ended(tmp_path: Path, walks: list[int]) -> None:
    content = dump(200)
    opened(tmp_path, content[:-3000], "run.dump")
    with (tmp_path / "run.dump").open("ab") as file:
        file.write(content[-3000:])
    grown = open_trajectory(tmp_path / "run.dump")
    assert grown.n_frames == 200
    assert len(walks) == 2
    assert 150 < walks[1] < 200
    assert all(
        same(a, b)
        for a, b in zip(frames(grown), frames(opened(tmp_path, content, "b.dump")), strict=True)
    )


def test_that_the_cache_has_an_end_and_the_oldest_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "LARGEST_FOLDER", 3000)
    for number in range(5):
        assert cache.save_parts("some", f"key {number}", {"a": bytes(800)})
        folder = tmp_path / "cache" / "mlipviewer" / "some"
        for path in folder.iterdir():
            os.utime(path, (path.stat().st_mtime - 10,) * 2)
        cache.load_parts("some", "key 0")
    kept = [cache.load_parts("some", f"key {number}") is not None for number in range(5)]
    assert kept == [True, False, False, False, True] or sum(kept) == 3
    assert kept[0]
    assert kept[4]
    assert not cache.save_parts("some", "large", {"a": bytes(cache.LARGEST_FILE)})


def test_that_a_cache_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert not cache.save_parts("some", "key", {"a": b"1"})
    assert cache.load_parts("some", "key") is None
    assert opened(tmp_path, extxyz(3), "run.xyz").n_frames == 3
