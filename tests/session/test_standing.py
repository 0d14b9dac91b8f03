"""What the looks of atoms ask of the session: ranges over all frames, frames to count from."""

from collections.abc import Iterator
from types import MappingProxyType

import numpy as np
import pytest

from mlipviewer.analysis import COMPUTATIONS
from mlipviewer.analysis.frames.coordination import COMPUTATION as COORDINATION
from mlipviewer.core.computation import Asked
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.session import changes, colourings
from mlipviewer.session.computing import behind, compute
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.look_changes import look_at
from mlipviewer.session.session import Session
from mlipviewer.session.standing import all_frames_range, reference_frame, scan_range
from mlipviewer.session.state import Colouring, RangePolicy
from mlipviewer.session.store import Store


def frame(index: int) -> Frame:
    columns = MappingProxyType(
        {"e": np.array([index, -index, np.nan]), "f": np.full((3, 3), float(index))}
    )
    return Frame(index, np.zeros((3, 3)) + index, np.full(3, 3), columns=columns)


RUN = Trajectory.whole("run", MemorySource("run", "memory", [frame(i) for i in range(5)]))


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session(Store())
    session.store.commit(
        lambda s: changes.add_loaded(s, Input("run", "/run", Kind.TRAJECTORY), RUN), "Open"
    )
    session.settle()
    yield session
    session.close()


def test_that_the_range_of_all_frames_is_found_by_a_job(session: Session) -> None:
    colouring = Colouring("e", policy=RangePolicy.ALL)
    session.store.commit(lambda s: colourings.set_colouring(s, colouring), "All frames")
    session.settle()
    assert all_frames_range(session.store.state, "run") == (-4, 4)
    assert any("all frames" in job.title for job in session.store.state.moment.jobs)
    component = Colouring("f", policy=RangePolicy.ALL, component=1)
    session.store.commit(lambda s: colourings.set_colouring(s, component), "Component")
    session.settle()
    assert all_frames_range(session.store.state, "run") == (0, 4)


def test_that_the_range_of_a_computed_column_is_found(session: Session) -> None:
    def ask(cutoff: float) -> None:
        params = COORDINATION.params(cutoff=cutoff)
        session.store.commit(lambda s: compute(s, "coordination", params), "Compute")
        colouring = Colouring("coordination", policy=RangePolicy.ALL)
        session.store.commit(lambda s: colourings.set_colouring(s, colouring), "All frames")
        session.settle()

    ask(1.0)
    assert all_frames_range(session.store.state, "run") == (2, 2)  # all are at one place
    ask(0.5)
    assert all_frames_range(session.store.state, "run") == (2, 2)
    column = Colouring("e", policy=RangePolicy.ALL)
    session.store.commit(lambda s: colourings.set_colouring(s, column), "Column of the file")
    session.settle()
    assert all_frames_range(session.store.state, "run") == (-4, 4)


def test_which_computations_a_column_needs() -> None:
    names = ("quench", "coordination", "rules")
    asked = quiet, near, _ = tuple(Asked(name, COMPUTATIONS[name].params()) for name in names)
    assert behind("e", asked) == ()
    assert behind("coordination", asked) == (quiet, near)
    assert behind("coordination (computed)", asked) == (quiet, near)
    assert behind("coordination_Li", asked) == (quiet, near)
    assert behind("quench_moved", asked) == (quiet,)
    assert behind("rules", asked) == asked


def test_that_columns_without_numbers_have_no_range() -> None:
    low, high = scan_range(RUN, "gone", None, Progress())
    assert np.isnan([low, high]).all()


def test_that_the_frame_of_displacements_is_read(session: Session) -> None:
    session.store.commit(lambda s: look_at(s, "vectors", since=3), "Displacements")
    session.settle()
    held = reference_frame(session.store.state, "run")
    assert held is not None
    assert held.index == 3
    session.store.commit(lambda s: look_at(s, "vectors", since=99), "Too far")
    session.settle()
    assert reference_frame(session.store.state, "run") is None
