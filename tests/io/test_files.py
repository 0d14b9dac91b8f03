"""Only regular files are opened; a write is whole or has not happened; text is decoded as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io import files


def test_that_a_regular_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    with files.open_regular(path) as file:
        assert file.read() == b"abc"


def test_that_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "zero").symlink_to("/dev/zero")
    sentences = {
        "pipe": "pipe: is a named pipe, not a regular file",
        "zero": "zero: is a device, not a regular file",
        "absent": "absent: there is no such file",
        "": f"{tmp_path.name}: is a folder, not a regular file",
    }
    for name, sentence in sentences.items():
        with pytest.raises(ReadProblem) as found:
            files.open_regular(tmp_path / name)
        assert str(found.value) == sentence
    with pytest.raises(ReadProblem, match="cannot be opened"):
        files.open_regular(tmp_path / "loop")
    with pytest.raises(ReadProblem, match="cannot be opened"):
        files.open_regular("a\0b")


def test_that_a_small_file_is_known_by_all_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc" * 1000)
    assert files.fingerprint(path) == sha256(b"abc" * 1000).hexdigest()


def test_that_a_large_file_is_known_by_size_head_and_tail(tmp_path: Path) -> None:
    path = tmp_path / "large"
    size = files.WHOLE_FILE_LIMIT + 5
    with path.open("wb") as file:
        file.truncate(size)
    head = bytes(files.MEGABYTE)
    expected = sha256(str(size).encode() + head + head).hexdigest()
    assert files.fingerprint(path) == f"head-tail:{expected}"
    with path.open("r+b") as file:
        file.seek(size - 1)
        file.write(b"x")
    assert files.fingerprint(path) != f"head-tail:{expected}"


def test_that_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a"
    files.write_text(path, "old")

    def fail(file: object) -> None:
        file.write(b"half")  # type: ignore[attr-defined]
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        files.write_atomically(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="a mask of new files is of POSIX")
def test_that_a_new_file_is_denied_whom_the_user_denies_new_files(tmp_path: Path) -> None:
    code = "import sys; from mlipviewer.io.files import write_text; write_text(sys.argv[1], '')"
    for mask, mode in (("077", 0o600), ("022", 0o644), ("002", 0o664)):
        path = tmp_path / mask
        words = [sys.executable, "-c", code, str(path)]
        subprocess.run(words, check=True, umask=int(mask, 8))
        assert path.stat().st_mode & 0o777 == mode


def test_that_a_write_in_place_of_a_link_does_not_write_through_it(tmp_path: Path) -> None:
    """A folder of a stranger may hold links to files of the user."""
    (tmp_path / "own").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "own")
    files.write_text(tmp_path / "link", "new")
    assert (tmp_path / "own").read_text() == "old"
    assert (tmp_path / "link").read_text() == "new"


def test_that_a_write_keeps_the_mode_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    files.write_text(path, "old")
    path.chmod(0o640)
    files.write_text(path, "Å")
    assert path.read_bytes() == b"\xc3\x85"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("data", "text", "n_notes"),
    [
        ("Å".encode(), "Å", 0),
        ("Å".encode("utf-8-sig"), "Å", 0),
        ("Å".encode("utf-16"), "Å", 0),
        ("Å".encode("utf-16-be"), "\0Å", 1),
        (b"\xfe\xff" + "Å".encode("utf-16-be"), "Å", 0),
        ("Å".encode("latin-1"), "Å", 1),
        (b"", "", 0),
    ],
)
def test_that_text_is_decoded_by_its_mark_else_utf8_else_latin1(
    data: bytes, text: str, n_notes: int
) -> None:
    found, notes = files.decode(data, "f.csv")
    assert len(notes) == n_notes
    if data != "Å".encode("utf-16-be"):
        assert found == text
    assert all(str(note) == "f.csv: is not UTF-8; read as Latin-1" for note in notes)


def test_that_too_large_a_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(11))
    with pytest.raises(ReadProblem, match="at most"):
        files.read_bytes(path, 10)
    assert files.read_bytes(path, 11) == bytes(11)
