"""Session files: what is saved comes back; what is damaged is told and costs only itself."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import new_panel, start_panels
from mlipviewer.session.saving.history import Past
from mlipviewer.session.saving.locating import first_lost, relocated
from mlipviewer.session.saving.restoring import fingerprints, saved_of, state_of
from mlipviewer.session.saving.session_file import (
    FORMAT,
    Saved,
    backup_of,
    read_session,
    save_session,
    session_text,
)
from mlipviewer.session.session import Session
from mlipviewer.session.state import Document, State
from mlipviewer.session.store import Store
from tests import made
from tests.windows import opened


def begun() -> tuple[Store, Session]:
    store = Store(State(Document(panels=start_panels())))
    return store, Session(store)


@pytest.fixture
def worked(tmp_path: Path) -> Any:
    """A session on a table and a run of a folder, with something selected in each."""
    made.write_table(tmp_path / "errors.csv")
    made.write_extxyz(tmp_path / "run.extxyz")
    store, session = begun()
    session.open([str(tmp_path / "errors.csv")])
    session.settle()
    session.open([str(tmp_path / "run.extxyz")])
    session.settle()
    store.commit(lambda s: changes.choose(s, Space.MODEL, rows([3, 4, 5, 9])), "Select models")
    store.commit(lambda s: changes.choose(s, Space.ATOM, rows([1, 2])), "Select atoms")
    store.commit(lambda s: changes.show_frame(s, 1), "Frame 2")
    panel = new_panel(store.state, "correlation", "Graph")
    store.commit(lambda s: changes.open_panel(s, panel), "Open graph")
    session.settle()
    yield store, session, tmp_path
    session.close()


def saved_from(store: Store) -> Saved:
    past = [Past(step.document, step.label) for step in store.past]
    return saved_of(
        store.state, past, {"size": [900, 600]}, fingerprints(store.state.document.inputs)
    )


def restored(path: Path) -> tuple[Store, Session]:
    store, session = begun()
    saved = read_session(path)
    assert not saved.problems
    session.begin(state_of(saved, path), [(one.document, one.label) for one in saved.past])
    session.settle()
    return store, session


def without_time(text: str) -> str:
    return re.sub(r'"saved": "[^"]*"', "", text)


def test_that_a_session_comes_back_and_is_saved_the_same(worked: Any) -> None:
    store, _session, folder = worked
    path = folder / "work.mlipview"
    save_session(path, saved_from(store))
    other, again = restored(path)
    state = other.state
    assert state.table is not None
    assert state.trajectory is not None
    assert state.frame == 1
    assert state.selected(Space.MODEL).tolist() == [3, 4, 5, 9]
    assert state.selected(Space.ATOM).tolist() == [1, 2]
    assert state.document.panels == store.state.document.panels
    text = session_text(saved_from(other), folder)
    again.close()
    assert without_time(text) == without_time(path.read_text())


def test_that_undo_goes_all_the_way_back_in_a_restored_session(worked: Any) -> None:
    store, _session, folder = worked
    save_session(folder / "work.mlipview", saved_from(store))
    other, again = restored(folder / "work.mlipview")
    assert [step.label for step in other.past] == [step.label for step in store.past]
    for _ in range(len(store.past)):
        assert other.undo_label == store.undo_label
        other.undo()
        store.undo()
        one, two = (session_text(Saved(s.state.document), folder) for s in (store, other))
        assert without_time(one) == without_time(two)
    assert other.state.document.inputs == ()
    again.close()


def test_that_the_folder_can_be_moved(worked: Any, tmp_path: Path) -> None:
    store, session, folder = worked
    save_session(folder / "work.mlipview", saved_from(store))
    session.close()
    assert str(folder) not in (folder / "work.mlipview").read_text()
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    other, again = restored(elsewhere / "work.mlipview")
    assert other.state.table is not None
    assert other.state.document.inputs[0].path == str(elsewhere / "errors.csv")
    again.close()
    elsewhere.rename(folder)


def test_that_selected_models_stay_those_of_the_same_names(worked: Any) -> None:
    store, _session, folder = worked
    save_session(folder / "work.mlipview", saved_from(store))
    table = store.state.table
    assert table is not None
    names = {table.keys[row] for row in store.state.selected(Space.MODEL)}
    head, *others = (folder / "errors.csv").read_text().splitlines()
    (folder / "errors.csv").write_text("\n".join([head, *reversed(others)]) + "\n")
    other, again = restored(folder / "work.mlipview")
    now = other.state.table
    assert now is not None
    assert now.keys != table.keys
    assert {now.keys[row] for row in other.state.selected(Space.MODEL)} == names
    again.drain()
    assert any("changed since" in one.text for one in other.state.moment.notices)
    while other.undo_label != "Select models":
        other.undo()
    assert {now.keys[row] for row in other.state.selected(Space.MODEL)} == names
    again.close()


def test_that_a_missing_file_is_located_with_its_neighbours(worked: Any) -> None:
    store, session, folder = worked
    save_session(folder / "work.mlipview", saved_from(store))
    session.close()
    new = folder / "new"
    new.mkdir()
    for name in ("errors.csv", "run.extxyz"):
        (folder / name).rename(new / name)
    other, again = restored(folder / "work.mlipview")
    state = other.state
    assert "is not there" in state.moment.failed["errors.csv"].reason
    assert state.moment.notices[0].offer is not None
    old = first_lost(state)
    assert old == str(folder / "errors.csv")
    other.commit(lambda s: relocated(s, old, str(new / "errors.csv")), "Locate")
    again.settle()
    assert other.state.table is not None
    assert other.state.trajectory is not None
    assert first_lost(other.state) == ""
    again.close()


def test_that_a_folder_that_was_moved_is_found_by_one_file(tmp_path: Path) -> None:
    paths = ("a/errors.csv", "a/runs/x.extxyz", "a/runs/y.extxyz")
    inputs = tuple(
        Input(Path(path).name, str(tmp_path / "old" / path), Kind.TRAJECTORY) for path in paths
    )
    for path in paths:
        (tmp_path / "new" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "new" / path).touch()
    state = State(Document(inputs=inputs))
    moved = relocated(state, inputs[1].path, str(tmp_path / "new" / paths[1]))
    assert [one.path for one in moved.document.inputs] == [str(tmp_path / "new" / p) for p in paths]


def test_that_the_session_before_is_kept_beside(worked: Any) -> None:
    store, _session, folder = worked
    path = folder / "work.mlipview"
    save_session(path, saved_from(store))
    first = path.read_text()
    store.commit(lambda s: changes.show_frame(s, 0), "Frame 1")
    save_session(path, saved_from(store))
    assert backup_of(path).read_text() == first


def test_that_what_a_newer_program_wrote_stays(worked: Any) -> None:
    store, _session, folder = worked
    found = json.loads(session_text(saved_from(store), folder))
    found["format"] = 99
    found["newstuff"] = {"x": 1}
    found["document"]["depth"] = 3
    found["document"]["looks"]["glow"] = [1, 2]
    path = folder / "future.mlipview"
    path.write_text(json.dumps(found))
    saved = read_session(path)
    assert saved.newer
    assert "99" in saved.problems[0]
    state = state_of(saved, path)
    assert "99" in state.moment.notices[0].text
    text = session_text(saved_of(state, saved.past, saved.window, {}, saved), folder)
    again = json.loads(text)
    assert again["newstuff"] == {"x": 1}
    assert again["document"]["depth"] == 3
    assert again["document"]["looks"]["glow"] == [1, 2]


@pytest.mark.parametrize("part", ["document", "past", "keys", "window", "format"])
@pytest.mark.parametrize("junk", [None, 7, "x", [], {}, [[[]]], {"inputs": 5, "frame": "NaN"}])
def test_that_junk_costs_only_itself(worked: Any, part: str, junk: Any) -> None:
    store, _session, folder = worked
    found = json.loads(session_text(saved_from(store), folder))
    found[part] = junk
    path = folder / "junk.mlipview"
    path.write_text(json.dumps(found))
    saved = read_session(path)
    assert saved.document.panels
    if part != "document":
        assert len(saved.document.inputs) == 2


def test_that_each_bad_entry_is_named_and_the_others_hold(worked: Any) -> None:
    store, _session, folder = worked
    found = json.loads(session_text(saved_from(store), folder))
    document = found["document"]
    document["frame"] = "NaN"
    document["looks"]["images"] = [10**9, 1, 1]
    document["looks"]["style"] = "fur"
    document["panels"][1]["params"]["metrics"] = 5
    document["panels"].append({"id": "z", "view": "plot", "title": "z", "analysis": "magic"})
    document["selected"].append([["planet", "errors.csv"], [1]])
    document["sets"] = [{"name": "a"}]
    document["condition"] = "e0 < 1"
    path = folder / "bad.mlipview"
    path.write_text(json.dumps(found))
    saved = read_session(path)
    said = "\n".join(saved.problems)
    for word in ("frame", "style", "metrics", "magic", "planet", "sets", "bounds"):
        assert word in said
    assert saved.document.condition == "e0 < 1"
    assert max(saved.document.looks.images) <= 9
    assert len(saved.document.panels) == len(store.state.document.panels)


def test_that_every_cut_of_a_session_file_is_an_error_in_words(worked: Any) -> None:
    store, _session, folder = worked
    text = session_text(replace(saved_from(store), past=()), folder)
    path = folder / "cut.mlipview"
    for size in np.linspace(0, len(text) - 3, 60).astype(int):
        path.write_text(text[:size])
        with pytest.raises(ReadProblem) as problem:
            read_session(path)
        assert "cut.mlipview" in str(problem.value)
        assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"\x80\x04cbuiltins", b"7", b"[" * 100_000, b'{"app": 1}', b"\xff\xfe"],
)
def test_that_what_is_no_session_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.mlipview").write_bytes(data)
    with pytest.raises(ReadProblem) as problem:
        read_session(tmp_path / "x.mlipview")
    assert "x.mlipview" in str(problem.value)


def test_that_the_sample_of_each_format_opens() -> None:
    """One session a released format: all of them must open for ever."""
    samples = sorted((Path(__file__).parent / "samples").glob("*.mlipview"))
    assert [path.stem for path in samples] == [f"format-{n}" for n in range(1, FORMAT + 1)]
    for path in samples:
        saved = read_session(path)
        assert not saved.problems
        assert saved.document.selected
        assert len(saved.past) >= 3


def test_that_saving_many_selected_rows_costs_the_window_nothing() -> None:
    store = Store(State(Document()))
    table = made.error_table(n_models=40_000)
    store.commit(lambda s: opened(s, table), "Open")
    random = np.random.default_rng(3)
    halves = [np.sort(random.choice(40_000, 20_000, replace=False)) for _ in range(60)]
    for half in halves:
        store.commit(lambda s, h=half: changes.select(s, Space.MODEL, rows(h)), "Select")
        store.flush()
    past = [Past(step.document, step.label) for step in store.past]
    before = time.process_time()
    saved = saved_of(store.state, past, {}, {})
    assert time.process_time() - before < 0.02  # s; the names are looked up by who writes them
    named = saved.keys[table.name][Space.MODEL.value]
    spoken = np.unique(np.concatenate(halves))
    assert named == {row: table.keys[row] for row in spoken.tolist()}
