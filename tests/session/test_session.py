"""The session opens files: good and bad ones, linked ones, and those it has read before."""

from __future__ import annotations

import os
from pathlib import Path

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, table_changes
from mlipviewer.session.panels import plot_panel
from mlipviewer.session.session import Session
from mlipviewer.session.state import JobState, Weight
from tests import made
from tests.session.conftest import give_table, open_panel, result

# --- files -------------------------------------------------------------------------------------


def test_that_files_of_all_kinds_are_opened_together(session: Session, tmp_path: Path) -> None:
    table = made.write_table(tmp_path / "errors.csv")
    run = made.write_extxyz(tmp_path / "run.xyz")
    own = made.write_dump(tmp_path / "own.dump")
    links = made.write_links(tmp_path / "links.csv", [("m2", "trajectory", "own.dump")])
    session.open([str(links), str(run), str(table)])
    session.settle()
    state = session.store.state
    assert (state.document.table, state.document.trajectory) == ("errors.csv", "run.xyz")
    assert state.moment.frames["run.xyz"].index == 0
    assert [job.state for job in state.moment.jobs] == [JobState.DONE] * 3
    session.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([2])), "Select")
    session.settle()
    state = session.store.state
    assert state.trajectory is not None
    assert (state.trajectory.name, state.trajectory.source.path) == ("own.dump", str(own))
    assert state.moment.frames["own.dump"].n_atoms == 27


def test_that_linked_files_of_one_name_are_each_read(session: Session, tmp_path: Path) -> None:
    for folder, n_frames in (("x", 3), ("y", 5)):
        (tmp_path / folder).mkdir()
        made.write_extxyz(tmp_path / folder / "run.xyz", n_frames=n_frames)
    links = [("m1", "trajectory", "x/run.xyz"), ("m2", "trajectory", "y/run.xyz")]
    give_table(session)
    session.open([str(made.write_links(tmp_path / "links.csv", links))])
    session.settle()
    session.store.commit(lambda s: changes.select_models(s, rows([1, 2])), "Select")
    session.settle()
    state = session.store.state
    shown = [state.loaded_trajectory(one.name) for one in changes.shown_trajectories(state)]
    assert [run.n_frames for run in shown if run is not None] == [3, 5]


def test_that_a_bad_file_is_one_sentence_and_the_others_open(
    session: Session, tmp_path: Path
) -> None:
    table = made.write_table(tmp_path / "errors.csv")
    bad = tmp_path / "bad.xyz"
    bad.write_text("three\nno atoms here\n")
    session.open([str(bad), str(table), str(tmp_path / "nothing.xyz")])
    session.settle()
    state = session.store.state
    assert state.table is not None
    errors = [notice for notice in state.moment.notices if notice.weight is Weight.ERROR]
    assert sorted(notice.text.split(":")[0] for notice in errors) == ["bad.xyz", "nothing.xyz"]
    told = next(notice.text for notice in errors if notice.text.startswith("bad.xyz"))
    assert "\n" not in told
    assert "line 1" in told
    failed = [job for job in state.moment.jobs if job.state is JobState.FAILED]
    assert {job.message for job in failed} == {notice.text for notice in errors}
    assert not session.working


def test_that_a_file_opened_again_is_read_anew(session: Session, tmp_path: Path) -> None:
    table = made.write_table(tmp_path / "errors.csv", made.error_table(24))
    open_panel(session, plot_panel("pareto", panel_id="pareto"))
    session.open([str(table)])
    session.settle()
    assert result(session, "pareto").summary["n_models"] == 24  # type: ignore[union-attr]
    made.write_table(table, made.error_table(30))
    session.open([str(table)])
    session.settle()
    assert len(session.store.state.document.inputs) == 1
    assert result(session, "pareto").summary["n_models"] == 30  # type: ignore[union-attr]


def test_that_undo_after_reading_anew_selects_the_same_models(
    session: Session, tmp_path: Path
) -> None:
    table = made.write_table(tmp_path / "errors.csv")
    session.open([str(table)])
    session.settle()
    session.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([7])), "Select")
    session.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([3, 9])), "Select")
    head, *lines = table.read_text().splitlines()
    table.write_text("\n".join([head, *reversed(lines[5:])]))  # m5 ... m24 in another order
    session.open([str(table)])
    session.settle()

    def names() -> list[str]:
        state = session.store.state
        assert state.table is not None
        return [state.table.keys[row] for row in state.selected(Space.MODEL)]

    assert names() == ["m9"]
    session.store.undo()
    assert names() == ["m9"]
    session.store.undo()
    assert names() == ["m7"]
    focus = session.store.state.focus
    assert session.store.state.table.keys[focus] == "m7"  # type: ignore[union-attr,index]


def test_that_another_slice_of_a_file_is_another_trajectory(
    session: Session, tmp_path: Path
) -> None:
    run = made.write_extxyz(tmp_path / "run.xyz")
    session.open([str(run)])
    session.settle()
    session.open([f"{run}@::4"])
    session.settle()
    state = session.store.state
    assert [(one.name, one.frames) for one in state.document.inputs] == [
        ("run.xyz", ""),
        ("run.xyz (2)", "::4"),
    ]
    assert state.trajectory is not None
    assert (state.trajectory.name, state.trajectory.n_frames) == ("run.xyz (2)", 2)


def test_that_a_file_dropped_on_a_row_is_linked_and_shown(session: Session, tmp_path: Path) -> None:
    give_table(session)
    run = made.write_dump(tmp_path / "run.dump")
    session.open([str(run)], row=5)
    session.settle()
    state = session.store.state
    assert [(link.model, link.path) for link in state.document.links] == [("m5", str(run))]
    assert (state.document.focus, state.document.trajectory) == (5, "run.dump")
    session.store.undo()
    assert not session.store.state.document.links


def test_that_a_linked_file_that_is_missing_is_told_once(session: Session, tmp_path: Path) -> None:
    give_table(session)
    links = made.write_links(tmp_path / "links.csv", [("m2", "trajectory", "gone.xyz")])
    session.open([str(links)])
    session.settle()
    session.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([2])), "Select")
    session.settle()
    session.store.commit(lambda s: table_changes.set_condition(s, "e0 > 0"), "Filter")
    session.settle()
    state = session.store.state
    reason = state.moment.failed["gone.xyz"].reason
    assert reason == "gone.xyz: there is no such file"
    assert [notice.text for notice in state.moment.notices] == [reason]
    made.write_extxyz(tmp_path / "gone.xyz")
    session.open([str(tmp_path / "gone.xyz")])
    session.settle()
    state = session.store.state
    assert state.trajectory is not None
    assert not state.moment.failed


def test_that_notes_of_a_reader_are_one_notice(session: Session, tmp_path: Path) -> None:
    path = made.write_extxyz(tmp_path / "cut.xyz")
    os.truncate(path, path.stat().st_size - 200)
    session.open([str(path)])
    session.settle()
    state = session.store.state
    assert state.trajectory is not None
    (notice,) = state.moment.notices
    assert "cut.xyz: frame 8" in notice.details


def test_that_the_file_named_last_is_shown_whichever_is_read_first(
    session: Session, tmp_path: Path
) -> None:
    """The first file is large, so that the second one lands before it."""
    first = made.write_extxyz(tmp_path / "first.xyz", n_atoms=400, n_frames=60)
    last = made.write_extxyz(tmp_path / "last.xyz", n_atoms=4, n_frames=2)
    session.open([str(first), str(last)])
    session.settle()
    assert session.store.state.document.trajectory == "last.xyz"
    names = [one.name for one in session.store.state.document.inputs]
    assert names == ["first.xyz", "last.xyz"]
