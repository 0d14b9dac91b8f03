"""Rules D2, D3 and D5: a full disk is told with what is needed and free; what a crash left goes."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from mlipviewer.io import files, room
from mlipviewer.io.files import write_atomically, write_bytes
from mlipviewer.io.movies import MovieProblem, guessed_bytes, need_room
from mlipviewer.io.room import NoRoom, check_room, free_bytes, size_words, sweep

DAYS = 86400.0


def fails_with(code: int) -> object:
    def full(_descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    return full


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "the disk is full: 5 MB are needed and 3 MB are free in "),
        (errno.EDQUOT, "5 MB are needed, and your share of the disk is used up"),
        (errno.EFBIG, "files here may not have 5 MB: a limit of the system"),
    ],
)
def test_that_d2_a_full_disk_tells_what_is_needed_and_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    monkeypatch.setattr(files.os, "fsync", fails_with(code))
    monkeypatch.setattr(room, "free_bytes", lambda _folder: 3_000_000)
    with pytest.raises(NoRoom) as found:
        write_bytes(path, bytes(5_000_000))
    assert str(found.value).startswith(said)
    assert found.value.errno == code
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.bin"]


def test_that_d2_where_the_size_is_not_known_it_says_more_than(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.os, "fsync", fails_with(errno.ENOSPC))
    with pytest.raises(NoRoom, match="more than 2 kB are needed and "):
        write_atomically(tmp_path / "a", lambda file: file.write(bytes(2000)))


def test_that_other_errors_stay_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.os, "fsync", fails_with(errno.EIO))
    with pytest.raises(OSError, match="Input/output") as found:
        write_bytes(tmp_path / "a", b"new")
    assert not isinstance(found.value, NoRoom)


def test_that_sizes_are_words() -> None:
    assert [size_words(n) for n in (0, 999, 1500, 12_300_000, 4_200_000_000)] == [
        "0 bytes", "999 bytes", "1.5 kB", "12.3 MB", "4.2 GB"
    ]  # fmt: skip


def test_that_d3_room_is_looked_at_before_a_movie_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "free_bytes", lambda _folder: 1_000_000)
    pixels = 1920 * 1080 * 500
    said = r"a\.mp4: the disk is full: 45.* MB are needed and 1 MB are free in "
    with pytest.raises(MovieProblem, match=said):
        need_room(tmp_path / "a.mp4", pixels, "high")
    need_room(tmp_path / "a.mp4", 1920 * 1080, "high")
    assert guessed_bytes(Path("a.gif"), pixels, "small") > guessed_bytes(
        Path("a.mp4"), pixels, "high"
    )


def test_that_d3_the_room_of_a_folder_to_be_is_that_of_the_one_it_will_lie_in(
    tmp_path: Path,
) -> None:
    free = free_bytes(tmp_path / "not" / "yet" / "there")
    assert free is not None
    assert free > 0
    check_room(tmp_path / "small", 1)
    with pytest.raises(NoRoom):
        check_room(tmp_path / "huge", 10**18)


def test_that_d5_only_own_old_files_are_swept(tmp_path: Path) -> None:
    old = [".mlipviewer-ab_3def9", ".mlipviewer-4711.mp4", ".mlipviewer-4711"]
    kept = [".mlipviewer-young123", ".mlipviewer-settings.toml", ".mlipviewer-", "a.mlipview",
            ".mlipviewer-ABCDEFGH", "x.mlipviewer-ab_3def9"]  # fmt: skip
    for name in (*old, *kept):
        (tmp_path / name).touch()
        if "young" not in name:
            os.utime(tmp_path / name, (0, 0))
    (tmp_path / ".mlipviewer-folder00").mkdir()
    os.utime(tmp_path / ".mlipviewer-folder00", (0, 0))
    (tmp_path / ".mlipviewer-linked00").symlink_to(tmp_path / "a.mlipview")
    sweep(tmp_path)
    left = {one.name for one in tmp_path.iterdir()}
    assert left == {*kept, ".mlipviewer-folder00", ".mlipviewer-linked00"}
    sweep(tmp_path / "not there")
