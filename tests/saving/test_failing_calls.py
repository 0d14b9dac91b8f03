"""Whatever call to the system fails while a file is written, the file is the old or the new one."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from mlipviewer.io.files import write_text
from tests.nightly.failing_calls import WAYS, failing, tried


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("way", WAYS)
def test_that_whatever_call_fails_a_file_is_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, lasting: bool
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    n, faults = tried(way, tmp_path, errno.ENOSPC, lasting)
    assert faults == []
    least = 1 if way == "movie" else 6  # ffmpeg writes it: the renaming alone is ours
    assert n >= least, "making, writing, flushing, syncing, its mode and the renaming can fail"


def test_that_a_file_written_in_place_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(path: Path, n: int) -> None:
        write_text(path.with_name(".mlipviewer-stray"), "words")
        path.write_bytes(b"x" * n)
        write_text(path.with_name("other"), "words")

    monkeypatch.setitem(WAYS, "text", ("a.txt", careless))
    _, faults = tried("text", tmp_path, errno.EIO, lasting=False)
    assert any("stray" in one for one in faults)


def test_that_calls_fail_as_they_are_told(tmp_path: Path) -> None:
    with failing(1, errno.EIO, lasting=False) as calls, pytest.raises(OSError, match="Input"):
        write_text(tmp_path / "a", "words")
    assert calls.met
    write_text(tmp_path / "a", "words")
