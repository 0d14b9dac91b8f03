"""Closing a trajectory: its links go with it, the links and selections of others stay."""

from __future__ import annotations

from pathlib import Path

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.closing import close_input
from mlipviewer.session.session import Session
from tests import made
from tests.session.conftest import give_table


def test_that_links_of_other_runs_stay(session: Session, tmp_path: Path) -> None:
    for name in ("a.xyz", "b.xyz"):
        made.write_extxyz(tmp_path / name, n_frames=3)
    links = [("m1", "trajectory", "a.xyz"), ("m2", "trajectory", "b.xyz")]
    give_table(session)
    session.open([str(made.write_links(tmp_path / "links.csv", links))])
    session.settle()
    session.store.commit(lambda s: changes.select_models(s, rows([1, 2])), "Select")
    session.store.commit(lambda s: changes.select(s, Space.ATOM, rows([3]), owner="b.xyz"), "S")
    session.settle()
    session.store.commit(lambda s: close_input(s, "a.xyz"), "Close")
    session.settle()
    state = session.store.state
    assert [link.model for link in state.document.links] == ["m2"]
    assert (state.document.trajectory, state.moment.frames["b.xyz"].index) == ("b.xyz", 0)
    assert state.selected(Space.ATOM, "b.xyz").tolist() == [3]
    assert "a.xyz" not in state.moment.frames
    session.store.undo()
    session.settle()
    state = session.store.state
    assert [link.model for link in state.document.links] == ["m1", "m2"]
    assert state.document.trajectory == "a.xyz"
    assert {"a.xyz", "b.xyz"} <= set(state.moment.frames)
