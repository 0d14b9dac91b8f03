"""Columns that are computed for the shown frames, through the session as a window uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from ase.build import bulk
from ase.io import write

from mlipviewer.analysis import COMPUTATIONS
from mlipviewer.core.atoms import matching_atoms
from mlipviewer.core.trajectory import Frame
from mlipviewer.session import changes
from mlipviewer.session.computing import compute, compute_no_more
from mlipviewer.session.session import Session
from mlipviewer.session.store import Store


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    crystals = [
        bulk("Li", kind, a=a, cubic=True).repeat(3) for kind, a in (("bcc", 3.5), ("fcc", 4.4))
    ]
    write(tmp_path / "run.xyz", [crystals[0], crystals[0]], format="extxyz")
    made = Session(Store())
    made.open([str(tmp_path / "run.xyz")])
    made.settle()
    yield made
    made.close()


def shown(session: Session) -> Frame:
    session.settle()
    (frame,) = session.store.state.moment.frames.values()
    return frame


def test_that_the_shown_frame_gets_the_column_and_it_colours(session: Session) -> None:
    assert "cna" not in shown(session).columns
    session.store.commit(lambda s: compute(s, "cna"), "Common neighbours")
    frame = shown(session)
    assert len(matching_atoms("cna == 'bcc'", frame)) == frame.n_atoms == 54
    assert session.store.state.document.colouring.column == "cna"
    session.store.commit(lambda s: changes.show_frame(s, 1), "Next")
    assert shown(session).index == 1
    assert "cna" in shown(session).columns


def test_that_other_parameters_compute_anew_and_undo_brings_back(session: Session) -> None:
    session.store.commit(lambda s: compute(s, "cna"), "Common neighbours")
    params = COMPUTATIONS["cna"].params(cutoff=2.0)
    session.store.commit(lambda s: compute(s, "cna", params), "Cut-off")
    assert set(shown(session).columns["cna"]) == {0}
    session.store.undo()
    assert set(shown(session).columns["cna"]) == {3}
    session.store.undo()
    assert "cna" not in shown(session).columns
    assert session.store.state.document.colouring.column == "species"


def test_that_a_column_can_be_let_go(session: Session) -> None:
    session.store.commit(lambda s: compute(s, "ptm"), "Templates")
    assert np.isfinite(shown(session).columns["ptm_rmsd"]).all()
    session.store.commit(lambda s: compute_no_more(s, "ptm"), "No templates")
    assert "ptm" not in shown(session).columns
    assert session.store.state.document.colouring.column == "species"


def test_that_what_cannot_be_computed_is_a_note_and_the_frame_is_shown(session: Session) -> None:
    wrong = COMPUTATIONS["ptm"].params(templates="bbc")
    session.store.commit(lambda s: compute(s, "ptm", wrong), "Templates")
    frame = shown(session)
    assert "ptm" not in frame.columns
    assert any("choose from fcc" in note.text for note in frame.notes)
