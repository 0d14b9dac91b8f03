"""The compiled loops are those of the sources, or they are not used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mlipviewer import native
from mlipviewer.native import NativeMissing, digest_of_sources, function, library

FOLDER = Path(native.__file__).parent


def test_that_the_library_is_made_of_the_sources() -> None:
    assert native._made_of(library()) == digest_of_sources(FOLDER)


def test_that_loops_of_other_sources_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "digest_of_sources", lambda _folder: "other")
    library.cache_clear()
    try:
        with pytest.raises(NativeMissing, match="older or newer than the program"):
            library()
    finally:
        monkeypatch.undo()
        library.cache_clear()
        library()


def test_that_each_change_of_a_source_shows(tmp_path: Path) -> None:
    for one in FOLDER.iterdir():
        if one.suffix in (".c", ".h", ".cpp"):
            shutil.copy(one, tmp_path)
    before = digest_of_sources(tmp_path)
    assert before == digest_of_sources(FOLDER)
    scan = tmp_path / "scan.c"
    scan.write_bytes(scan.read_bytes().replace(b"\n", b"\r\n"))
    assert digest_of_sources(tmp_path) == before, "how lines end is nothing"
    scan.write_bytes(scan.read_bytes() + b"/* */\n")
    assert digest_of_sources(tmp_path) != before


def test_that_a_function_that_is_not_there_is_told() -> None:
    with pytest.raises(NativeMissing, match="lack `no_such_loop`"):
        function("no_such_loop")
