"""What a stranger's session must not do unasked, by undo, by links or as another kind of file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlipviewer.api.hands import Alone
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.saving.restoring import questions_of, saved_of, state_of, undo_of
from mlipviewer.session.saving.session_file import Saved, read_session, session_text
from mlipviewer.session.saving.trust import questions, refused
from mlipviewer.session.session import Session
from mlipviewer.session.state import Document
from mlipviewer.session.store import Store

TABLE = {"name": "t", "path": "../secret.csv", "role": "table"}


def theirs(folder: Path, document: Any, *before: Any) -> Saved:
    """A session of a stranger; what its history holds, the oldest first."""
    path = folder / "got" / "theirs.mlipview"
    path.parent.mkdir(exist_ok=True)
    past = [{"label": "Sort", "before": one} for one in before]
    path.write_text(json.dumps({"format": 1, "document": document, "past": past}))
    return read_session(path)


def test_that_what_was_refused_is_not_in_what_is_saved_then(tmp_path: Path) -> None:
    inside = {"name": "mine", "path": "mine.csv", "role": "table"}
    (tmp_path / "secret.csv").touch()
    chosen = [[["model", "t"], [0, 1]], [["model", "mine"], [2]]]
    links = [{"model": "m", "role": "log", "path": "../secret.log"}]
    document = {"inputs": [TABLE, inside], "table": "t", "selected": chosen, "links": links}
    saved = theirs(tmp_path, document)
    path = saved.path
    state = state_of(saved, path, agreed=False)
    assert "outside" in state.moment.notices[-1].details
    assert state.document.table is None
    assert [key[1] for key in state.document.selected] == ["mine"]
    text = session_text(saved_of(state, [], {}, {}, saved), path.parent)
    assert "secret" not in text
    assert [one.name for one in state.document.inputs] == ["mine"]
    whole = state_of(saved, path, agreed=True).document
    assert [one.name for one in whole.inputs] == ["t", "mine"]


def test_that_files_that_undo_brings_are_asked_about(tmp_path: Path) -> None:
    saved = theirs(tmp_path, {}, {"inputs": [TABLE], "table": "t"})
    assert questions_of(saved, saved.path.parent) == (f"opens {tmp_path / 'secret.csv'}",)
    assert undo_of(saved, agreed=False) == []
    assert len(undo_of(saved, agreed=True)) == 1


def test_that_a_session_that_is_opened_by_python_brings_no_such_history(tmp_path: Path) -> None:
    path = theirs(tmp_path, {}, {"inputs": [TABLE], "table": "t"}).path
    store = Store()
    session = Session(store)
    hands = Alone(store, session)
    hands.open_session(path, trust=False)
    assert store.past == ()
    hands.open_session(path, trust=True)
    assert len(store.past) == 1
    session.close()


def test_that_programs_that_undo_brings_are_asked_about(tmp_path: Path) -> None:
    params = {"calculator": "evil:Evil"}
    of_plot = {
        "view": "plot",
        "analysis": "energetics",
        "plot": "Energy by class",
        "params": params,
    }
    panel = {"id": "p9", "title": "x", **of_plot}
    campaign = {"text": "[reference]\ncalculator = 'evil:Evil'\n", "scheduler": "tcp://evil:1"}
    saved = theirs(tmp_path, {}, {"panels": [panel]}, {"campaign": campaign})
    asked = questions_of(saved, saved.path.parent)
    assert "runs the calculator evil:Evil" in asked
    assert any("campaign" in one for one in asked)
    assert any("tcp://evil:1" in one for one in asked)


def test_that_undo_ends_before_an_address(tmp_path: Path) -> None:
    foreign = {**TABLE, "path": "//host/share/x.csv"}
    campaign = {"text": "text", "file": "//host/share/a.toml"}
    saved = theirs(tmp_path, {}, {"frame": 7}, {"inputs": [foreign]}, {"inputs": []}, {"frame": 3})
    assert [one.frame for one, _ in undo_of(saved, agreed=True)] == [3, 3]
    saved = theirs(tmp_path, {}, {"campaign": campaign})
    ((document, _),) = undo_of(saved, agreed=True)
    assert document.campaign.file == ""


def test_that_only_tables_are_joined(tmp_path: Path) -> None:
    (tmp_path / "got").mkdir()
    (tmp_path / "got" / "a.csv").touch()
    one = {"name": "a", "path": "a.csv", "role": "table"}
    joined = {"first": one, "second": one}
    run = {**TABLE, "path": "../secret.xyz", "role": "trajectory", "joined": joined}
    saved = theirs(tmp_path, {"inputs": [run]})
    assert saved.document.inputs == ()
    assert "only tables are joined" in saved.problems[0]
    saved = theirs(tmp_path, {"inputs": [{**TABLE, "joined": joined}]})
    assert questions_of(saved, saved.path.parent) == (f"opens {tmp_path / 'secret.csv'}",)


def runs(*paths: Path) -> Document:
    inputs = (Input(f"{n}", str(path), Kind.TRAJECTORY) for n, path in enumerate(paths))
    return Document(inputs=tuple(inputs))


def test_that_links_behind_a_pattern_are_asked_about(tmp_path: Path) -> None:
    folder = tmp_path / "session"
    folder.mkdir()
    (tmp_path / "secret.xyz").touch()
    (folder / "link1.xyz").symlink_to(tmp_path / "secret.xyz")
    (folder / "run1.xyz").touch()
    (folder / "run2.xyz").symlink_to(folder / "run1.xyz")
    one = runs(folder / "link*.xyz", folder / "run*.xyz")
    assert questions(one, folder) == (f"opens {folder / 'link1.xyz'}",)
    assert set(refused(one, folder, agreed=False)) == {"0"}


def test_that_links_in_a_folder_are_asked_about(tmp_path: Path) -> None:
    folder = tmp_path / "session"
    for name in ("many/deep", "other", "good"):
        (folder / name).mkdir(parents=True)
    (tmp_path / "secret.xyz").touch()
    (folder / "many" / "1.xyz").symlink_to(tmp_path / "secret.xyz")
    (folder / "many" / "deep" / "all").symlink_to(tmp_path)
    (folder / "many" / "round").symlink_to(folder / "many")
    (folder / "other" / "2.xyz").symlink_to(tmp_path / "secret.xyz")
    (folder / "many" / "by").symlink_to(folder / "other")
    (folder / "good" / "1.xyz").symlink_to(folder / "run.xyz")
    one = runs(folder / "many", folder / "good")
    ways = ("1.xyz", "deep/all", "by/2.xyz")
    asked = questions(one, folder)
    assert set(asked) == {f"opens {folder / 'many' / way}" for way in ways}
    assert set(refused(one, folder, agreed=False)) == {"0"}
