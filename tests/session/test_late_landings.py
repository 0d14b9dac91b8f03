"""What comes late lands where it belongs: on the file, model and table that it was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.core.analysis import Inputs, Request, Result
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, opening, table_changes
from mlipviewer.session.closing import close_input
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import plot_panel
from mlipviewer.session.reread import without_results_of
from mlipviewer.session.saving.locating import relocated
from mlipviewer.session.session import Session
from mlipviewer.session.state import Document, JobState, State, frozen
from tests import made
from tests.session.conftest import give_run, held_run, held_table, until
from tests.session.test_growing import Gate, shown, write


def two_tables(folder: Path) -> tuple[Path, Path]:
    """Two files of one name: 25 and 31 rows."""
    for name, n_models in (("x", 24), ("y", 30)):
        (folder / name).mkdir()
        made.write_table(folder / name / "errors.csv", made.error_table(n_models))
    return folder / "x" / "errors.csv", folder / "y" / "errors.csv"


def input_of(path: Path) -> Input:
    return Input(path.name, str(path), Kind.TABLE)


def begin_with(session: Session, path: Path) -> None:
    """As a session file is opened: the table is still to be read."""
    one = input_of(path)
    session.begin(State(Document(inputs=(one,), table=one.name)))
    session.store.flush()


def n_rows(session: Session) -> int:
    table = session.store.state.table
    return table.n_rows if table is not None else 0


def test_that_a_file_read_late_is_not_taken_for_another_of_its_name(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_tables(tmp_path)
    held = held_table(monkeypatch, first)
    begin_with(session, first)
    held.wait()
    session.store.commit(lambda s: close_input(s, "errors.csv"), "Close")
    session.open([str(second)])
    until(session, lambda: n_rows(session) == 31)
    held.go.set()
    session.settle()
    assert [one.path for one in session.store.state.document.inputs] == [str(second)]
    assert n_rows(session) == 31


def test_that_a_file_that_fails_late_does_not_fail_another_of_its_name(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_tables(tmp_path)
    held = held_table(monkeypatch, first)
    begin_with(session, first)
    held.wait()
    first.unlink()
    session.store.commit(lambda s: close_input(s, "errors.csv"), "Close")
    both = lambda s: changes.show_table(changes.add_inputs(s, (input_of(second),)), "errors.csv")  # noqa: E731
    session.store.commit(both, "Open")
    session.store.flush()
    held.go.set()
    session.settle()
    assert n_rows(session) == 31
    assert not session.store.state.moment.failed


def test_that_undo_brings_back_a_file_whose_name_another_one_had(
    session: Session, tmp_path: Path
) -> None:
    first, second = two_tables(tmp_path)
    session.open([str(first)])
    session.settle()
    session.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([20])), "Select")
    session.store.commit(lambda s: close_input(s, "errors.csv"), "Close")
    session.open([str(second)])
    session.settle()
    head, *lines = second.read_text().splitlines()
    second.write_text("\n".join([head, *reversed(lines)]))
    session.open([str(second)])
    session.settle()
    assert n_rows(session) == 31
    while not any(one.path == str(first) for one in session.store.state.document.inputs):
        session.store.undo()
    session.settle()
    state = session.store.state
    assert state.table is not None
    assert n_rows(session) == 25
    assert [state.table.keys[row] for row in state.selected(Space.MODEL)] == ["m20"]
    while session.store.future:
        session.store.redo()
    session.settle()
    assert n_rows(session) == 31


def test_that_a_file_that_was_moved_is_not_read_again(session: Session, tmp_path: Path) -> None:
    first, _ = two_tables(tmp_path)
    session.open([str(first)])
    session.settle()
    table = session.store.state.table
    new = tmp_path / "z" / "errors.csv"
    new.parent.mkdir()
    first.replace(new)
    session.store.commit(lambda s: relocated(s, str(first), str(new)), "Locate")
    session.settle()
    assert session.store.state.table is table
    assert [one.path for one in session.store.state.document.inputs] == [str(new)]


def test_that_reading_that_was_stopped_does_not_begin_again(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = two_tables(tmp_path)
    held = held_table(monkeypatch, path)
    begin_with(session, path)
    held.wait()
    session.drain()
    (job,) = session.store.state.moment.jobs
    session.jobs.stop(job.number)
    held.go.set()
    session.settle()
    state = session.store.state
    assert [one.state for one in state.moment.jobs] == [JobState.STOPPED]
    assert state.table is None
    assert "was stopped" in state.moment.failed["errors.csv"].reason
    session.growth.reload(state.moment.notices[-1].reload)
    session.settle()
    assert n_rows(session) == 25


def test_that_what_cannot_be_understood_otherwise_is_tried_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_run(session, "run.xyz")
    session.settle()
    before = shown(session)

    def refused(one: Input, *_more: object) -> None:
        raise ReadProblem("its log is not there", one.path)

    monkeypatch.setattr(opening, "_open_trajectory", refused)
    session.store.commit(lambda s: table_changes.decide(s, "run.xyz", '{"a": 1}'), "Decide")
    for atom in range(3):
        session.settle()
        session.store.commit(lambda s, atom=atom: changes.hover(s, Space.ATOM, atom), "Hover")
    session.settle()
    assert [job.state for job in session.store.state.moment.jobs] == [JobState.FAILED]
    assert shown(session) is before


def test_that_a_run_closed_while_it_is_indexed_stays_closed(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    session.open([str(write(tmp_path / "run.xyz", range(6)))])
    gate.steps.release(2)
    until(session, lambda: "run.xyz" in session.store.state.moment.frames)
    session.store.commit(lambda s: close_input(s, "run.xyz"), "Close")
    gate.steps.release(9)
    session.settle()
    assert not session.store.state.document.inputs
    assert not session.store.state.moment.loaded
    session.store.undo()
    gate.steps.release(9)
    session.settle()
    assert shown(session).n_frames == 6


def test_that_a_run_opened_on_a_model_is_linked_to_it_wherever_its_row_is_by_then(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = made.write_table(tmp_path / "errors.csv")
    run = made.write_extxyz(tmp_path / "run.xyz")
    session.open([str(table)])
    session.settle()
    held = held_run(monkeypatch, run)
    session.open([str(run)], row=5)
    held.wait()
    head, *lines = table.read_text().splitlines()
    table.write_text("\n".join([head, *reversed(lines)]))
    session.open([str(table)])
    until(session, lambda: session.store.state.table.keys[5] != "m5")  # type: ignore[union-attr]
    held.go.set()
    session.settle()
    state = session.store.state
    assert [link.model for link in state.document.links] == ["m5"]
    assert state.table is not None
    assert state.focus == state.table.row("m5")


def test_that_what_was_found_of_runs_beside_goes_when_one_is_read_anew() -> None:
    panel = plot_panel("rdf")
    assert panel.params is not None
    asked = Request("rdf", panel.params, trajectory="a", beside=("b",))
    other = Request("rdf", panel.params, trajectory="a", beside=("c",))
    state = State().with_moment(results=frozen({asked: Result(), other: Result()}))
    assert list(without_results_of(state, "b").moment.results) == [other]


def test_that_an_answer_of_a_run_beside_that_has_grown_is_asked_anew(session: Session) -> None:
    short, long = made.trajectory("b", n_frames=2), made.trajectory("b", n_frames=3)
    panel = plot_panel("rdf")
    assert panel.params is not None
    asked = Request("rdf", panel.params, trajectory="a", beside=("b",))
    state = State().with_moment(results=frozen({asked: Result()}))
    session.growth.landed(asked, Inputs(beside={"b": short}), Inputs(beside={"b": short}))
    assert session.growth.knows(state, asked)
    session.growth.landed(asked, Inputs(beside={"b": short}), Inputs(beside={"b": long}))
    assert not session.growth.knows(state, asked)
