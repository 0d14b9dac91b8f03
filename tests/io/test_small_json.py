"""What the program keeps in small files is read whatever became of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.io.small_json import read_small_json, strings_of, texts_of


@pytest.mark.parametrize("damaged", ["", "{", "[" * 100_000, "\ud800".join("[]"), "nul"])
def test_that_a_damaged_file_holds_nothing(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "kept.json"
    path.write_bytes(damaged.encode(errors="surrogatepass"))
    assert (read_small_json(path), strings_of(path), texts_of(path)) == (None, [], {})


def test_that_what_is_not_there_or_too_large_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    assert (strings_of(path), texts_of(tmp_path)) == ([], {})
    path.write_text('{"a": "b"}' + " " * 100)
    assert texts_of(path) == {"a": "b"}
    assert texts_of(path, 50) == {}


def test_that_only_what_is_meant_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    path.write_text('["a", 1, null, "b", ["c"]]')
    assert (strings_of(path), texts_of(path)) == (["a", "b"], {})
    path.write_text('{"a": 1, "b": "c", "d": null}')
    assert (strings_of(path), texts_of(path)) == ([], {"b": "c"})
