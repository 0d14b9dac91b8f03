"""Files that were opened last, and those that stay on top of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.session.saving import folders, recents


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_that_pinned_files_stay_on_top_whatever_is_opened() -> None:
    recents.add_recent("/data/kept.csv")
    recents.add_recent("/data/kept.mlipview")
    recents.pin("/data/kept.csv", True)
    recents.pin("/data/kept.mlipview", True)
    for n in range(30):
        recents.add_recent(f"/data/{n}.csv")
    assert recents.pinned() == ["/data/kept.csv", "/data/kept.mlipview"]
    found = recents.recent()
    assert found[:3] == ["/data/kept.csv", "/data/kept.mlipview", "/data/29.csv"]
    assert len(found) == 2 + 15
    recents.add_recent("/data/kept.csv")
    assert recents.recent() == found


def test_that_forgetting_leaves_the_pinned_ones() -> None:
    for name in ("a", "b"):
        recents.add_recent(f"/data/{name}.csv")
    recents.pin("/data/a.csv", True)
    recents.forget_recent()
    assert recents.recent() == ["/data/a.csv"]
    recents.pin("/data/a.csv", False)
    assert recents.pinned() == []
    assert recents.recent() == ["/data/a.csv"]
    recents.forget_recent()
    assert recents.recent() == []


@pytest.mark.parametrize("text", ["", "[", "7", '{"recent": {}}'])
def test_that_a_list_that_cannot_be_read_is_empty(text: str) -> None:
    recents.add_recent("/x.csv")
    recents.pin("/y.csv", True)
    recents._place().write_text(text)
    assert recents.recent() == ["/y.csv"]
    recents._place(recents.PINNED).write_text(text)
    assert recents.recent() == recents.pinned() == []
    recents.pin("/x.csv", True)
    assert recents.recent() == ["/x.csv"]


def test_that_what_is_no_path_is_left_out() -> None:
    recents.add_recent("/x.csv")
    recents._place().write_text('["/a.csv", 3, null, "/b.mlipview"]')
    assert recents.recent() == ["/b.mlipview", "/a.csv"]


def test_that_each_kind_of_dialog_has_its_folder(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    folders.keep_folder("open", str(one))
    folders.keep_folder("figure", str(other))
    assert folders.folder_of("open") == str(one)
    assert folders.folder_of("figure") == str(other)
    assert folders.folder_of("movie") == ""
    other.rmdir()
    assert folders.folder_of("figure") == ""
    folders._place().write_text("{")
    assert folders.folder_of("open") == ""
