"""What panels ask of the session: results and frames, never a stale one as a fresh one."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, table_changes, time_changes
from mlipviewer.session.panels import plot_panel
from mlipviewer.session.session import Session
from mlipviewer.session.state import Failure, JobState, Notice, Weight
from tests import made
from tests.session.conftest import Slow, give_run, give_table, open_panel, result, slow_panel

# --- results -----------------------------------------------------------------------------------


def test_that_only_what_a_panel_asks_for_is_computed(session: Session) -> None:
    give_table(session)
    session.settle()
    assert not session.store.state.moment.results
    open_panel(session, plot_panel("correlation", "Graph", "graph"))
    session.settle()
    assert result(session, "graph").summary["n_nodes"] == 6  # type: ignore[union-attr]


def test_that_two_panels_with_one_question_share_its_answer(session: Session, slow: Slow) -> None:
    give_table(session)
    open_panel(session, slow_panel())
    second = slow_panel()
    open_panel(session, type(second)("other", *_rest(second)))
    slow.wait()
    slow.go.set()
    session.settle()
    assert slow.runs == [0]
    assert result(session, "slow") is result(session, "other") is not None


def _rest(panel: object) -> tuple[object, ...]:
    return tuple(
        getattr(panel, name) for name in ("view", "title", "analysis", "plot", "params", "follows")
    )


def test_that_unwanted_work_is_stopped_and_its_answer_dropped(session: Session, slow: Slow) -> None:
    give_table(session)
    open_panel(session, slow_panel(1))
    slow.wait()
    open_panel(session, slow_panel(2))
    slow.wait()
    slow.go.set()
    session.settle()
    state = session.store.state
    assert slow.stopped == [1]
    assert [r.summary["number"] for r in state.moment.results.values()] == [2]  # type: ignore[union-attr]
    assert [job.state for job in state.moment.jobs] == [JobState.STOPPED, JobState.DONE]


def test_that_a_late_answer_has_nowhere_to_land(session: Session, slow: Slow) -> None:
    give_table(session)
    open_panel(session, slow_panel())
    slow.wait()
    session.store.commit(lambda s: changes.close_panel(s, "slow"), "Close")
    session.store.flush()
    slow.go.set()
    session.settle()
    assert not session.store.state.moment.results


def test_that_an_answer_on_old_data_never_lands(session: Session, slow: Slow) -> None:
    give_table(session, 24)
    open_panel(session, slow_panel())
    slow.wait()
    give_table(session, 30)  # the file is read anew while the analysis works on the old data
    assert result(session, "slow") is None
    slow.go.set()
    session.settle()
    assert result(session, "slow").summary["rows"] == 31  # type: ignore[union-attr]


def test_that_an_answer_ready_when_the_data_change_never_lands(
    session: Session, slow: Slow
) -> None:
    give_table(session, 24)
    open_panel(session, slow_panel())
    slow.wait()
    slow.go.set()
    thread = next(t for t in _threads() if t.name == "Slow")
    thread.join(10)  # its answer waits in the queue
    give_table(session, 30)
    session.drain()
    assert result(session, "slow") is None
    session.settle()
    assert result(session, "slow").summary["rows"] == 31  # type: ignore[union-attr]


def test_that_an_answer_ready_when_it_is_asked_anew_never_lands(
    session: Session, slow: Slow
) -> None:
    give_table(session, 24)
    open_panel(session, slow_panel())
    slow.wait()
    thread = next(t for t in _threads() if t.name == "Slow")
    slow.go.set()
    thread.join(10)  # its answer waits in the queue
    slow.go.clear()
    give_table(session, 30)
    session.store.flush()  # now it is asked again, of the new data
    slow.wait()
    session.drain()
    assert result(session, "slow") is None
    slow.go.set()
    session.settle()
    assert result(session, "slow").summary["rows"] == 31  # type: ignore[union-attr]


def _threads() -> list[object]:
    import threading

    return list(threading.enumerate())


def test_that_the_old_answer_is_void_when_its_table_is_read_anew(session: Session) -> None:
    give_table(session, 24)
    open_panel(session, plot_panel("pareto", panel_id="pareto"))
    session.settle()
    assert result(session, "pareto") is not None
    give_table(session, 30)
    assert result(session, "pareto") is None
    session.settle()
    assert result(session, "pareto").summary["n_models"] == 30  # type: ignore[union-attr]


def test_that_an_analysis_that_breaks_is_told_once_and_not_tried_again(
    session: Session, slow: Slow
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("no models")

    slow.fail = fail
    slow.go.set()
    give_table(session)
    open_panel(session, slow_panel())
    session.settle()
    session.store.commit(lambda s: changes.focus(s, 3), "Focus")
    session.settle()
    assert slow.runs == [0]
    assert result(session, "slow") == Failure("no models")
    (notice,) = session.store.state.moment.notices
    assert "ZeroDivisionError" in notice.details


def test_that_what_the_user_can_mend_is_told_in_the_panel(session: Session) -> None:
    give_table(session, 2)
    open_panel(session, plot_panel("correlation", "Graph", "graph"))
    session.settle()
    found = result(session, "graph")
    assert isinstance(found, Failure)
    assert "needs" in found.reason
    assert not session.store.state.moment.notices


# --- frames ------------------------------------------------------------------------------------


def test_that_the_old_frame_stays_until_the_new_one_is_read(session: Session) -> None:
    give_run(session)
    session.settle()
    session.store.commit(lambda s: changes.show_frame(s, 5), "Frame")
    assert session.store.state.moment.frames["made.xyz"].index == 0
    assert session.working
    session.settle()
    assert session.store.state.moment.frames["made.xyz"].index == 5


def test_that_a_frame_that_cannot_be_read_is_told_and_others_go_on(session: Session) -> None:
    give_run(session, damaged=(3,))
    session.store.commit(lambda s: changes.show_frame(s, 3), "Frame")
    session.settle()
    state = session.store.state
    assert state.moment.failed["made.xyz"].reason == "memory.xyz: frame 4: the atoms are cut"
    assert not session.working
    session.store.commit(lambda s: changes.show_frame(s, 4), "Frame")
    session.settle()
    state = session.store.state
    assert state.moment.frames["made.xyz"].index == 4
    assert not state.moment.failed


def test_that_frames_are_read_ahead_while_playing(session: Session) -> None:
    give_run(session)
    session.settle()
    run = session.store.state.trajectory
    assert run is not None
    session.store.commit(lambda s: changes.select(s, Space.FRAME, rows([0, 6])), "Select")
    session.store.commit(lambda s: time_changes.play(s, True), "Play")
    session.store.flush()
    session.store.commit(lambda s: changes.show_frame(s, 1), "Frame")
    session.settle()
    assert session.cache.get(run, 6) is not None
    assert session.cache.get(run, 4) is None


# --- the end -----------------------------------------------------------------------------------


def test_that_a_closed_session_begins_nothing(session: Session, slow: Slow) -> None:
    give_table(session)
    session.close()
    open_panel(session, slow_panel())
    session.drain()
    assert slow.runs == []
    assert not session.store.state.moment.jobs


def test_that_notices_stand_in_order_and_are_no_history(session: Session) -> None:
    session.notify("One")
    session.notify("Two", Weight.ERROR, "more")
    assert session.store.state.moment.notices == (
        Notice("One"),
        Notice("Two", Weight.ERROR, "more"),
    )
    assert session.store.n_steps == 0


@pytest.mark.parametrize("condition", ["nothing < 1", "e0 <"])
def test_that_a_condition_that_does_not_fit_is_told_in_the_panel(
    session: Session, condition: str
) -> None:
    give_table(session)
    open_panel(session, plot_panel("pareto", panel_id="pareto"))
    session.store.commit(lambda s: table_changes.set_condition(s, condition), "Filter")
    session.settle()
    found = result(session, "pareto")
    assert isinstance(found, Failure)
    assert "filter" in found.reason


def test_that_links_alone_wait_for_their_table(session: Session, tmp_path: Path) -> None:
    links = made.write_links(tmp_path / "links.csv", [("m2", "trajectory", "a.xyz")])
    session.open([str(links)])
    session.settle()
    assert changes.linked_runs(session.store.state) == ()
    give_table(session)
    assert [row for row, _ in changes.linked_runs(session.store.state)] == [2]


def test_that_a_table_that_cannot_be_read_as_decided_is_told_once(
    session: Session, tmp_path: Path
) -> None:
    path = made.write_table(tmp_path / "made.csv")
    session.open([str(path)])
    session.settle()
    before = session.store.state.table
    path.unlink()
    session.store.commit(lambda s: table_changes.decide(s, "made.csv", '{"scale": "log10"}'), "x")
    session.settle()
    session.store.commit(lambda s: changes.hover(s, Space.MODEL, 1), "Hover")
    session.settle()
    errors = [n for n in session.store.state.moment.notices if n.weight is Weight.ERROR]
    assert len(errors) == 1
    assert session.store.state.table is before


@pytest.mark.parametrize("links_first", [True, False])
def test_that_links_join_models_whichever_file_is_read_first(
    session: Session, tmp_path: Path, links_first: bool
) -> None:
    run = made.write_extxyz(tmp_path / "run.xyz", n_frames=2)
    table = made.write_table(tmp_path / "made.csv")
    links = made.write_links(tmp_path / "links.csv", [("m1", "trajectory", "run.xyz")])
    for path in (links, table) if links_first else (table, links):
        session.open([str(path)])
        session.settle()
    session.store.commit(lambda s: changes.focus(s, 1), "Focus")
    session.settle()
    trajectory = session.store.state.trajectory
    assert trajectory is not None
    assert trajectory.source.path == str(run)
