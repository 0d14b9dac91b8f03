"""Steps of tables and joined tables in a session: read as meant, undone, followed, closed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, table_changes
from mlipviewer.session.inputs import Input, Join, Kind
from mlipviewer.session.session import Session
from mlipviewer.session.state import State
from mlipviewer.session.table_steps import CombinedSeeds, ErrorsOfValues

VALUES = "model,seed,K [GPa],E [eV]\nDFT,,100,2\nA,1,90,1\nA,2,80,3\nB,1,110,\n"
OTHER = "model,cost\nB,7\nDFT,0\nZ,9\n"
CHOICES = '{"keys": ["model", "seed"]}'


@pytest.fixture
def opened(session: Session, tmp_path: Path) -> Session:
    """values.csv (shown) and other.csv."""
    for name, text in (("other.csv", OTHER), ("values.csv", VALUES)):
        (tmp_path / name).write_text(text)
        session.open([str(tmp_path / name)])
        session.settle()
    return session


def commit(session: Session, change: object) -> State:
    session.store.commit(change, "Test")  # type: ignore[arg-type]
    session.settle()
    return session.store.state


def take(session: Session, *steps: ErrorsOfValues | CombinedSeeds) -> State:
    return commit(session, lambda s: table_changes.set_steps(s, "values.csv", steps))


def part(session: Session, name: str) -> Input:
    found = session.store.state.document.input(name)
    assert found is not None
    return found


def join(session: Session, **about: object) -> State:
    how = Join(part(session, "values.csv"), part(session, "other.csv"), **about)  # type: ignore[arg-type]
    return commit(session, lambda s: table_changes.join_tables(s, how))


def test_that_steps_are_taken_in_order_and_undone(opened: Session) -> None:
    before = opened.store.state.table
    assert before is not None
    state = take(opened, CombinedSeeds(("model",)), ErrorsOfValues("DFT", "signed"))
    assert state.table is not None
    assert state.table.keys == ("A", "B")
    assert state.table.metric("K [GPa]").tolist() == [-15, 10]
    assert [table.n_rows for table in state.moment.stages["values.csv"]] == [4, 3]
    opened.store.undo()
    opened.settle()
    after = opened.store.state.table
    assert after is not None
    assert after.keys == before.keys
    assert np.array_equal(after.values, before.values, equal_nan=True)
    assert not opened.store.state.moment.stages
    opened.store.redo()
    opened.settle()
    assert opened.store.state.table is not None
    assert opened.store.state.table.keys == ("A", "B")


def test_that_selected_models_stay_those_of_the_same_key(opened: Session) -> None:
    commit(opened, lambda s: table_changes.decide(s, "values.csv", CHOICES))
    commit(opened, lambda s: changes.select(s, Space.MODEL, rows([2])))
    state = take(opened, ErrorsOfValues("DFT"))
    assert state.table is not None
    assert [state.table.keys[row] for row in state.selected(Space.MODEL)] == ["A|2"]


def test_that_a_step_that_cannot_be_taken_is_one_sentence(opened: Session) -> None:
    state = take(opened, ErrorsOfValues("nobody"))
    assert "no row 'nobody'" in state.moment.failed["values.csv"].reason
    assert not opened.working
    opened.store.undo()
    opened.settle()
    state = take(opened)
    assert take(opened, ErrorsOfValues("DFT")).table is not state.table


def test_that_a_table_opened_again_keeps_its_steps(opened: Session) -> None:
    take(opened, ErrorsOfValues("DFT"))
    opened.open([part(opened, "values.csv").path])
    opened.settle()
    state = opened.store.state
    assert [one.name for one in state.document.inputs] == ["other.csv", "values.csv"]
    assert state.table is not None
    assert "DFT" not in state.table.keys


def test_that_a_joined_table_is_a_new_one_and_can_be_undone(opened: Session) -> None:
    state = join(opened, on=("model",), keep_unmatched=True)
    assert state.document.table == "values.csv + other.csv"
    assert state.table is not None
    assert state.table.n_rows == 5
    assert state.table.metric("cost").tolist()[0] == 0
    assert len(state.document.inputs) == 3
    again = join(opened, on=("model",), keep_unmatched=True)
    assert len(again.document.inputs) == 3, "the same join is the same table"
    other = join(opened, on=("model",))
    assert other.document.table == "values.csv + other.csv (2)"
    opened.store.undo()
    assert opened.store.state.document.table == "values.csv + other.csv"
    opened.store.undo()
    opened.settle()
    assert opened.store.state.document.table == "values.csv"
    opened.store.redo()
    opened.settle()
    assert opened.store.state.table is not None
    assert opened.store.state.document.axes == ("K [GPa]", "E [eV]")


def test_that_a_joined_table_follows_what_its_parts_mean(opened: Session) -> None:
    commit(opened, lambda s: table_changes.decide(s, "values.csv", CHOICES))
    state = join(opened, on=("model",))
    take(opened, ErrorsOfValues("DFT"))
    state = opened.store.state
    assert state.document.table == "values.csv + other.csv"
    assert state.table is not None
    assert state.table.keys == ("B|1",)
    assert state.table.metric("K [GPa]").tolist() == [10]
    opened.store.undo()
    opened.settle()
    assert opened.store.state.table is not None
    assert opened.store.state.table.metric("K [GPa]").tolist() == [100, 110]


def test_that_a_join_without_partners_fails_in_one_sentence(opened: Session) -> None:
    state = join(opened, on=("seed",))
    assert state.table is None
    assert "no text column seed" in state.moment.failed["values.csv + other.csv"].reason


def test_that_all_unmatched_models_are_in_the_notice(session: Session, tmp_path: Path) -> None:
    names = [f"m{i}" for i in range(30)]
    for name, some in (("a.csv", names), ("b.csv", names[:2])):
        text = "".join(f"{model},{i}\n" for i, model in enumerate(some))
        (tmp_path / name).write_text(f"model,e_{name[0]}\n{text}")
    parts = [Input(name, str(tmp_path / name), Kind.TABLE) for name in ("a.csv", "b.csv")]
    state = commit(session, lambda s: table_changes.join_tables(s, Join(*parts)))
    assert [one.name for one in state.document.inputs] == ["a.csv", "b.csv", "a.csv + b.csv"]
    notice = state.moment.notices[-1]
    assert "28 models have no partner in b.csv" in notice.text
    assert notice.details.splitlines()[1:] == names[2:]


# --- closing -----------------------------------------------------------------------------------


def close(name: str) -> object:
    from mlipviewer.session.closing import close_input

    return lambda s: close_input(s, name)


def test_that_a_closed_table_leaves_and_comes_back(opened: Session) -> None:
    commit(opened, lambda s: changes.select(s, Space.MODEL, rows([1]), owner="other.csv"))
    commit(opened, lambda s: changes.select(s, Space.MODEL, rows([2])))
    state = commit(opened, close("values.csv"))
    assert state.document.table == "other.csv"
    assert state.selected(Space.MODEL).tolist() == [1]
    assert set(state.moment.loaded) == {"other.csv"}
    opened.store.undo()
    opened.settle()
    state = opened.store.state
    assert state.table is not None
    assert state.document.table == "values.csv"
    assert state.selected(Space.MODEL).tolist() == [2]


def test_that_closing_all_leaves_an_empty_document(opened: Session) -> None:
    commit(opened, close("other.csv"))
    state = commit(opened, close("values.csv"))
    assert (state.document.table, state.document.inputs, state.document.axes) == (None, (), ())
    assert commit(opened, close("values.csv")) is state


def test_that_a_joined_table_outlives_its_parts(opened: Session) -> None:
    join(opened, on=("model",))
    commit(opened, close("values.csv"))
    commit(opened, close("other.csv"))
    state = commit(opened, lambda s: table_changes.set_steps(s, "values.csv + other.csv", ()))
    assert state.table is not None
    assert state.document.table == "values.csv + other.csv"
