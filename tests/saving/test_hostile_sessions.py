"""Sessions that are small and ask for much: bounded, and each bad entry costs itself alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.session.saving import typed
from mlipviewer.session.saving.restoring import state_of
from mlipviewer.session.saving.session_file import DEEPEST, Saved, read_session, save_session
from mlipviewer.session.saving.trust import refused
from mlipviewer.session.saving.typed import Room, rows_from
from mlipviewer.session.state import Document

RUN = {"name": "run.xyz", "path": "run.xyz", "role": "trajectory"}


def read(tmp_path: Path, *inputs: Any, past: Any = (), **document: Any) -> Saved:
    path = tmp_path / "a.mlipview"
    whole = {"format": 1, "document": {"inputs": list(inputs), **document}, "past": list(past)}
    path.write_text(json.dumps(whole))
    return read_session(path)


def test_that_all_selections_share_the_room_there_is(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(typed.Room, "__init__", lambda self, rows=1000: setattr(self, "rows", rows))
    chosen = [[["atom", f"run{k}.xyz"], [[0, 399]]] for k in range(3)]
    runs = [{**RUN, "name": f"run{k}.xyz"} for k in range(3)]
    past = [{"label": "chosen", "before": {"selected": chosen[:1]}}]
    saved = read(tmp_path, *runs, selected=chosen, past=past)
    assert [len(rows) for rows in saved.document.selected.values()] == [400, 400]
    assert any("run2.xyz" in problem for problem in saved.problems)
    assert not saved.past[0].document.selected


def test_that_rows_that_are_read_take_of_the_room() -> None:
    room = Room(10)
    assert rows_from([[0, 5]], room).tolist() == [0, 1, 2, 3, 4, 5]
    assert room.rows == 4


def test_that_a_table_joined_of_itself_without_end_costs_itself_alone(tmp_path: Path) -> None:
    nested: dict[str, Any] = {"name": "t", "path": "t.csv", "role": "table"}
    for _ in range(300):
        nested = {**nested, "joined": {"first": nested, "second": {**nested, "joined": None}}}
    saved = read(tmp_path, RUN, nested)
    assert any(f"more than {DEEPEST} deep" in problem for problem in saved.problems)
    assert saved.document.inputs[0].name == "run.xyz"


@pytest.mark.parametrize("row", ["99999999999", "9" * 30, "\u00b2", "-1", "x"])
def test_that_names_of_rows_take_no_more_room_than_they_are_long(tmp_path: Path, row: str) -> None:
    path = tmp_path / "a.mlipview"
    keys = {"t": {"model": {row: "x", "3": "m3"}}}
    path.write_text(json.dumps({"format": 1, "document": {}, "keys": keys}))
    state = state_of(read_session(path), path, agreed=False)
    assert state.moment.expected["t"].keys[3] == "m3"
    assert len(state.moment.expected["t"].keys) <= 2


def test_that_numbers_that_are_none_are_kept_as_words_and_can_be_saved(tmp_path: Path) -> None:
    path = tmp_path / "a.mlipview"
    whole = (
        '{"format": 1, "document": {"looks": {"radius": %s}, "playback": {"speed": NaN}},'
        ' "note": [NaN, 1e999, -Infinity]}'
    )
    path.write_text(whole % f"1{'0' * 400}")
    saved = read_session(path)
    assert any("radius" in problem for problem in saved.problems)
    assert saved.document.playback.speed == Document().playback.speed
    assert saved.unknown["note",] == ["nan", "inf", "-inf"]
    save_session(path, saved)
    assert read_session(path).unknown["note",] == ["nan", "inf", "-inf"]


@pytest.mark.parametrize("bad", [[], {}, [["a"]], 7, None, "gone"])
def test_that_panels_of_no_kind_cost_themselves_alone(tmp_path: Path, bad: Any) -> None:
    good = {"id": "table", "view": "table", "title": "Models"}
    panels = [
        good,
        {**good, "id": "a", "view": bad},
        {**good, "id": "b", "view": "plot", "analysis": bad},
    ]
    saved = read(tmp_path, panels=panels)
    assert [one.view for one in saved.document.panels] == ["table"]
    assert len(saved.problems) == 2


def test_that_choices_that_cannot_be_read_leave_the_input(tmp_path: Path) -> None:
    bad = ("[" * 100_000, "[1]", "17", "{", '"a"')
    runs = [{**RUN, "name": f"run{k}", "choices": one} for k, one in enumerate(bad)]
    saved = read(tmp_path, *runs, {**RUN, "choices": '{"interval": 2}'})
    assert [one.choices for one in saved.document.inputs] == [*[""] * len(bad), '{"interval": 2}']
    assert len(saved.problems) == len(bad)


def test_that_the_file_that_lies_outside_is_the_one_that_is_named(tmp_path: Path) -> None:
    saved = read(tmp_path, {**RUN, "more": ["/elsewhere/on.xyz"]})
    assert refused(saved.document, tmp_path, False)["run.xyz"].startswith("/elsewhere/on.xyz lies")
