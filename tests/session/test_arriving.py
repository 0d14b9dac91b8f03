"""How opened files join what is shown, and what files that are held over the window are."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.io.files import write_text
from mlipviewer.session import changes
from mlipviewer.session.arriving import Way
from mlipviewer.session.dropping import (
    Looked,
    carried_words,
    look_at_files,
    refusal_words,
    targets_for,
    usual_words,
)
from mlipviewer.session.session import Session
from mlipviewer.session.state import Document, State
from tests import made
from tests.session.conftest import Held, until


@pytest.fixture
def opened(session: Session, tmp_path: Path) -> Session:
    """With `old.xyz` and `errors.csv`."""
    made.write_extxyz(tmp_path / "old.xyz")
    made.write_table(tmp_path / "errors.csv")
    session.open([str(tmp_path / "errors.csv"), str(tmp_path / "old.xyz")])
    session.settle()
    return session


def names(session: Session) -> list[str]:
    return [one.name for one in session.store.state.document.inputs]


def fall(session: Session, way: Way, *paths: Path) -> Document:
    session.open([str(path) for path in paths], way=way)
    session.settle()
    return session.store.state.document


def test_that_a_file_of_the_same_name_takes_the_name_with_the_place(
    opened: Session, tmp_path: Path
) -> None:
    (tmp_path / "b").mkdir()
    new = made.write_extxyz(tmp_path / "b" / "old.xyz", n_frames=3)
    document = fall(opened, Way.REPLACE, new)
    assert sorted(names(opened)) == ["errors.csv", "old.xyz"]
    assert document.trajectory == "old.xyz"
    (one,) = [one for one in document.inputs if one.name == "old.xyz"]
    assert one.path == str(new)
    assert opened.store.state.trajectory is not None
    assert opened.store.state.trajectory.n_frames == 3


def test_that_of_two_files_both_stay_where_one_place_is_taken(
    opened: Session, tmp_path: Path
) -> None:
    run = made.write_extxyz(tmp_path / "new.xyz", n_frames=3)
    table = made.write_table(tmp_path / "other.csv")
    dump = made.write_dump(tmp_path / "more.dump")
    fall(opened, Way.REPLACE, run, table, dump)
    assert sorted(names(opened)) == ["more.dump", "new.xyz", "other.csv"]
    document = opened.store.state.document
    assert (document.table, document.trajectory) == ("other.csv", "more.dump")


@pytest.mark.parametrize(
    ("reader", "late"), [("_table_of_file", "errors.csv"), ("_open_trajectory", "old.xyz")]
)
def test_that_files_stand_in_the_order_of_naming_whichever_is_read_first(
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    reader: str,
    late: str,
) -> None:
    made.write_extxyz(tmp_path / "old.xyz")
    made.write_table(tmp_path / "errors.csv")
    held = Held(monkeypatch, tmp_path / late, reader)
    session.open([str(tmp_path / "errors.csv"), str(tmp_path / "old.xyz")])
    until(session, lambda: len(names(session)) == 1)
    held.go.set()
    session.settle()
    assert names(session) == ["errors.csv", "old.xyz"]


def test_that_a_file_in_place_of_itself_and_one_that_is_broken_take_nothing_away(
    opened: Session, tmp_path: Path
) -> None:
    fall(opened, Way.REPLACE, tmp_path / "old.xyz")
    assert names(opened) == ["errors.csv", "old.xyz"]
    write_text(tmp_path / "bad.xyz", "many\nwords\n")
    document = fall(opened, Way.REPLACE, tmp_path / "bad.xyz")
    assert names(opened) == ["errors.csv", "old.xyz"]
    assert document.trajectory == "old.xyz"


def test_that_compared_runs_stand_beside_the_shown_one_as_far_as_there_is_room(
    opened: Session, tmp_path: Path
) -> None:
    runs = [made.write_dump(tmp_path / f"run_{name}.dump", seed=k) for k, name in enumerate("abcd")]
    document = fall(opened, Way.COMPARE, runs[0])
    assert document.comparison.names == ("old.xyz", "run_a.dump")
    assert document.trajectory == "old.xyz"
    for run in runs[1:]:
        document = fall(opened, Way.COMPARE, run)
    assert document.comparison.names == ("old.xyz", "run_a.dump", "run_b.dump", "run_c.dump")
    assert "run_d.dump" in names(opened)


def test_that_a_first_run_is_shown_though_there_is_nothing_to_compare_with(
    session: Session, tmp_path: Path
) -> None:
    document = fall(session, Way.COMPARE, made.write_dump(tmp_path / "new.dump"))
    assert (document.trajectory, document.comparison.names) == ("new.dump", ())


def test_that_a_replaced_table_is_put_back_by_undo(opened: Session, tmp_path: Path) -> None:
    opened.store.commit(lambda s: changes.set_axes(s, ("e1", "e2")), "Axes")
    fall(opened, Way.REPLACE, made.write_table(tmp_path / "other.csv"))
    assert opened.store.state.document.table == "other.csv"
    opened.store.undo()
    opened.settle()
    document = opened.store.state.document
    assert (document.table, document.axes) == ("errors.csv", ("e1", "e2"))
    assert opened.store.state.table is not None


# --- what is held -------------------------------------------------------------------------------


def test_that_files_are_told_by_their_beginnings(tmp_path: Path) -> None:
    table = made.write_table(tmp_path / "errors.csv")
    run = made.write_extxyz(tmp_path / "strange.name")  # by its content
    links = made.write_links(tmp_path / "links.csv", [("m2", "trajectory", "a.xyz")])
    other = tmp_path / "a.bin"
    other.write_bytes(bytes(100))
    gone = str(tmp_path / "gone.xyz")
    paths = [*map(str, (table, run, links, other, tmp_path)), gone]
    looked = look_at_files(paths, ["https://example.org/a.xyz"])
    assert looked.tables == (str(table),)
    assert looked.runs == (str(run), str(tmp_path))
    assert looked.joining == (str(links),)
    assert [path for path, _ in looked.refused] == ["https://example.org/a.xyz", str(other), gone]
    assert not looked.hopeless
    assert refusal_words(looked) == "a.xyz: is not on this computer (and 2 more)"
    assert look_at_files([gone]).hopeless


def test_that_sessions_and_figures_of_the_program_have_one_place(
    opened: Session, tmp_path: Path
) -> None:
    state = opened.store.state
    looked = look_at_files([str(tmp_path / "work.mlipview")])
    assert looked.sessions
    assert targets_for(state, looked) == ()
    assert usual_words(looked, (), False).startswith("Opens the session in place of")


def test_that_places_depend_on_what_is_open(opened: Session) -> None:
    state, run, table = opened.store.state, Looked(runs=("a.xyz",)), Looked(tables=("a.csv",))
    assert [one.way for one in targets_for(state, run)] == [Way.REPLACE, Way.ADD, Way.COMPARE]
    assert [one.way for one in targets_for(state, table)] == [Way.REPLACE, Way.ADD]
    both = targets_for(state, Looked(runs=("a.xyz",), tables=("a.csv",)))
    assert both[0].about == "in place of errors.csv and old.xyz"
    assert targets_for(State(Document()), run) == ()
    assert "Let fall anywhere" in usual_words(run, (), False)
    several = usual_words(Looked(runs=("a.xyz", "b.xyz")), (), True)
    assert several.endswith("each on its own")


def test_that_what_is_held_is_named() -> None:
    assert carried_words(["/some/folder/run.xyz"]) == "run.xyz"
    assert carried_words(["C:\\a\\b.xyz"]) == "b.xyz"
    assert carried_words(["a", "b"]) == "2 files"
