"""`displacement` in conditions on atoms: from the first frame, the arrows' one, the first run."""

from collections.abc import Iterator
from types import MappingProxyType

import numpy as np
import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.session import changes, set_changes, time_changes
from mlipviewer.session.atom_changes import seek
from mlipviewer.session.conditions import rows_of_set
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.look_changes import look_at
from mlipviewer.session.seeking import sought_words
from mlipviewer.session.session import Session
from mlipviewer.session.state import State
from mlipviewer.session.store import Store

SIDE = 10.0


def frame(index: int, shift: float = 0.0) -> Frame:
    """Atom 1 stays, 2 goes along x through the wall of the cell, 3 along -z; ids change places."""
    x, z = (9.0 + index + shift) % SIDE, 5.0 - 2.0 * index
    places = np.array([[1.0, 1.0, 1.0], [x, 2.0, 2.0], [3.0, 3.0, z]])
    order = [0, 1, 2] if index % 2 == 0 else [2, 0, 1]
    cell, ids = np.eye(3) * SIDE, np.array([1, 2, 3])[order]
    return Frame(index, places[order], np.full(3, 3), cell, (True, True, True), ids=ids)


def run(name: str, shift: float = 0.0) -> Trajectory:
    return Trajectory.whole(name, MemorySource(name, name, [frame(i, shift) for i in range(3)]))


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session(Store())
    for name, shift in (("other", 0.7), ("run", 0.0)):
        one = Input(name, f"/{name}", Kind.TRAJECTORY)
        whole = run(name, shift)
        session.store.commit(lambda s, one=one, whole=whole: changes.add_loaded(s, one, whole), "")
    session.settle()
    yield session
    session.close()


def asked(session: Session, text: str, name: str = "run") -> list[int]:
    session.store.commit(lambda s: seek(s, text), "Find")
    session.settle()
    state = session.store.state
    assert not sought_words(state)[1], sought_words(state)
    (found,) = (m for c, m in state.moment.matches.items() if (c.owner, c.text) == (name, text))
    return list(found.rows)


def at(session: Session, index: int) -> State:
    session.store.commit(lambda s: changes.show_frame(s, index), "Frame")
    session.settle()
    return session.store.state


def test_that_displacements_count_from_the_first_frame_through_the_wall(session: Session) -> None:
    assert asked(session, "displacement > 0") == []
    at(session, 1)
    assert asked(session, "displacement > 1.5") == [3]
    assert asked(session, "0.9 < displacement < 1.1") == [2]
    assert asked(session, "displacement.x > 0.9 or displacement[3] < -1.9") == [2, 3]
    assert asked(session, "displacement.y == 0") == [1, 2, 3]


def test_that_a_live_set_of_displaced_atoms_follows_the_frame(session: Session) -> None:
    session.store.commit(
        lambda s: set_changes.save_condition(s, Space.ATOM, "run", "displacement > 1.5"), "Keep"
    )
    session.settle()
    state = at(session, 2)
    assert rows_of_set(state, state.document.sets[0]).tolist() == [2, 3]
    state = at(session, 0)
    assert rows_of_set(state, state.document.sets[0]).tolist() == []


def test_that_displacements_count_from_the_frame_of_the_arrows(session: Session) -> None:
    session.store.commit(lambda s: look_at(s, "vectors", since=2), "Arrows")
    session.settle()
    at(session, 1)
    assert asked(session, "displacement.x < -0.9") == [2]
    assert asked(session, "displacement.z > 1.9") == [3]


def test_that_runs_side_by_side_count_from_the_first(session: Session) -> None:
    session.store.commit(lambda s: time_changes.show_beside(s, ("run", "other")), "Beside")
    session.settle()
    first, second = (one.name for one in changes.shown_trajectories(session.store.state))
    text = "0.69 < displacement < 0.71"
    assert asked(session, text, first) == []
    assert asked(session, text, second) == [2]


def test_that_a_column_of_that_name_is_the_files() -> None:
    from mlipviewer.session.conditions import Ground, match
    from mlipviewer.session.state import Condition

    columns = MappingProxyType({"displacement": np.array([5.0, 0.0])})
    own = Frame(0, np.zeros((2, 3)), np.full(2, 3), columns=columns)
    found = match(Condition(Space.ATOM, "run", "displacement > 1"), Ground(own, since=own))
    assert found.rows.tolist() == [0]
    bare = Frame(0, np.zeros((2, 3)), np.full(2, 3))
    early = match(Condition(Space.ATOM, "run", "displacement > 1"), Ground(bare))
    assert early.problem == "the frame that displacements count from is not read yet"
