"""Finding, growing, hiding and following atoms: keys, menus and the line of conditions."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from atoms_made import ALT, CTRL, LEFT, NO_KEY, SHIFT, click, drag, frame, pixel_of, with_run
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from mlipviewer.core.links import Link
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene import scene
from mlipviewer.session import atom_changes, changes
from mlipviewer.session.state import State
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.atoms.menu import Spot
from mlipviewer.views.atoms.mouse import Tool
from tests.made import error_table
from tests.windows import Stage, opened

pytestmark = pytest.mark.window

RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def on(stage: Callable[..., Stage]) -> Stage:
    made = stage(AtomsView, 640, 480)
    made.commit(with_run)
    turn_to_z(made)
    return made


def turn_to_z(made: Stage) -> None:
    canvas = made.view.canvas
    canvas.camera = canvas.camera.looking_from((0, 0, 1), up=(0, 1, 0))
    canvas.fit()


def chosen(made: Stage, owner: str = "run.dump") -> list[int]:
    return made.state.selected(Space.ATOM, owner).tolist()


def choose(made: Stage, *atoms: int) -> None:
    made.commit(lambda s: changes.select(s, Space.ATOM, rows(list(atoms)), owner="run.dump"))


def entry(menu: QMenu, *words: str) -> Any:
    """The action of a menu, or of a menu in it, whose text begins so."""
    for word in words[:-1]:
        menu = next(m for m in menu.findChildren(QMenu) if m.title().startswith(word))
    return next(a for a in menu.actions() if a.text().startswith(words[-1]))


def menu_at(made: Stage, atom: int | None) -> QMenu:
    menu: QMenu = made.view.company.menu.made(Spot("run.dump", atom))
    return menu


# -- the line of conditions


def typed(made: Stage, text: str) -> Any:
    made.commit(lambda s: atom_changes.seek(s, ""))
    find = made.view.company.find
    assert find.isVisible()
    QTest.keyClicks(find.text, text)
    find._tell()
    made.settle()
    return find


def test_that_what_is_typed_is_counted_and_enter_selects(on: Stage) -> None:
    find = typed(on, "species == 'Li' and x > 3")
    assert find.count.text() == "2 of 6 atoms"
    assert chosen(on) == []
    QTest.keyClick(find.text, Qt.Key.Key_Return)
    assert chosen(on) == [10, 40]
    assert on.store.undo_label.startswith("Find species")
    find.text.setText("z = 0 and forces[3] >= 8")
    QTest.keyClick(find.text, Qt.Key.Key_Return, CTRL)
    assert chosen(on) == [10, 20, 30, 40, 50]
    find.text.setText("id < 35")
    QTest.keyClick(find.text, Qt.Key.Key_Return, ALT)
    assert chosen(on) == [40, 50]
    find.text.setText("id = 50")
    QTest.mouseClick(find.modes[next(m for m in find.modes if m == "intersect")], LEFT)
    assert chosen(on) == [50]


def test_that_a_wrong_condition_is_told_and_selects_nothing(on: Stage) -> None:
    choose(on, 10)
    find = typed(on, "forcs > 1")
    assert "do you mean 'forces'" in find.count.text()
    assert not find.keep.isEnabled()
    QTest.keyClick(find.text, Qt.Key.Key_Return)
    assert chosen(on) == [10]
    QTest.keyClick(find.text, Qt.Key.Key_Escape)
    on.settle()
    assert find.isHidden()
    assert on.state.moment.sought is None


def test_that_the_count_follows_the_frame_and_a_condition_is_kept_as_a_live_set(on: Stage) -> None:
    find = typed(on, "x > 6.2")
    assert find.count.text() == "2 of 6 atoms"
    QTest.mouseClick(find.keep, LEFT)
    on.commit(lambda s: changes.show_frame(s, 1))
    assert find.count.text() == "4 of 6 atoms"
    assert [one.condition for one in on.state.document.sets] == ["x > 6.2"]
    again = typed(on, "")
    again.text.setText('set("x > 6.2") and not species = "O"')
    QTest.keyClick(again.text, Qt.Key.Key_Return)
    assert chosen(on) == [10, 40]


# -- keys


def test_that_tab_goes_from_atom_to_atom_while_one_is_selected(on: Stage) -> None:
    surface = on.view.surface
    click(on.view, pixel_of(on.view, 20))
    QTest.keyClick(surface, Qt.Key.Key_Tab)
    assert chosen(on) == [30]
    QTest.keyClick(surface, Qt.Key.Key_Backtab, SHIFT)
    QTest.keyClick(surface, Qt.Key.Key_Backtab, SHIFT)
    QTest.keyClick(surface, Qt.Key.Key_Backtab, SHIFT)
    assert chosen(on) == [60]
    on.view.set_tool(Tool.LASSO)
    QTest.keyClick(surface, Qt.Key.Key_Tab)
    assert chosen(on) == [60]


def test_that_ctrl_a_selects_all_atoms_and_ctrl_shift_i_the_others(on: Stage) -> None:
    surface = on.view.surface
    on.commit(lambda s: atom_changes.hide_atoms(s, "run.dump", rows([50])))
    QTest.keyClick(surface, Qt.Key.Key_A, CTRL)
    assert chosen(on) == [10, 20, 30, 40, 60]
    choose(on, 10, 20)
    QTest.keyClick(surface, Qt.Key.Key_I, CTRL | SHIFT)
    assert chosen(on) == [30, 40, 60]


# -- the menu of the right button


def test_that_a_right_click_opens_a_menu_and_a_right_drag_does_not(on: Stage, qtbot: Any) -> None:
    spots = []
    on.view.surface.menu_wanted.connect(lambda at: spots.append(on.view.company.spot_at(at)))
    drag(on.view, pixel_of(on.view, 50), QPoint(200, 200), button=RIGHT)
    assert spots == []
    turn_to_z(on)
    QTest.mouseClick(on.view.surface, RIGHT, NO_KEY, pixel_of(on.view, 50))
    assert spots == [Spot("run.dump", 50)]
    qtbot.waitUntil(lambda: any(m.isVisible() for m in on.view.surface.findChildren(QMenu)))
    for menu in on.view.surface.findChildren(QMenu):
        menu.close()


def test_that_the_menu_selects_alike_grows_and_takes_the_clicked_atom(on: Stage) -> None:
    entry(menu_at(on, 10), "Select all Li").trigger()
    assert chosen(on) == [10, 20, 40, 60]
    choose(on, 30)
    entry(menu_at(on, 60), "Grow", "Neighbours within 3").trigger()
    on.settle()
    assert chosen(on) == [60]
    on.commit(lambda s: atom_changes.set_reach(s, 6.05))
    entry(menu_at(on, 60), "Grow", "Neighbours within 6.05").trigger()
    on.settle()
    assert chosen(on) == [10, 20, 50, 60]  # 50 is its neighbour through the wall of the cell
    entry(menu_at(on, 60), "Grow", "Whole clusters at 6.05").trigger()
    on.settle()
    assert chosen(on) == [10, 20, 30, 40, 50, 60]


def test_that_the_menu_copies_ids_and_follows(on: Stage) -> None:
    from PySide6.QtGui import QGuiApplication

    choose(on, 10, 30)
    entry(menu_at(on, 10), "Copy ids").trigger()
    assert QGuiApplication.clipboard().text() == "10 30"
    entry(menu_at(on, 60), "Follow atom 60").trigger()
    on.settle()
    view: Any = on.view
    for index in (1, 2):
        on.commit(lambda s, index=index: changes.show_frame(s, index))
        pane = view.canvas.panes[0]
        own = pane.frame.positions[np.flatnonzero(pane.frame.ids == 60)[0]]
        assert np.allclose(view.canvas.camera.centre + pane.home, own)
    assert len(view.surface.words[0].figures) == 1
    trail = view.surface.words[0].figures[0].places
    assert np.allclose(trail, [[0, 0, 0], [0.5, 0.5, 0.5], [0, 0, 0]])
    assert on.store.undo_label == "Test"  # what the camera does is no step
    entry(menu_at(on, 60), "Stop following").trigger()
    on.settle()
    assert view.surface.words[0].figures == ()


# -- hidden atoms


def test_that_hidden_atoms_are_neither_drawn_nor_picked(on: Stage) -> None:
    view: Any = on.view
    at = pixel_of(view, 50)
    above = at - QPoint(0, 4)  # the edge of the cell passes before its middle
    before = view.picture(1.0).pixelColor(above)
    assert before.red() > before.blue() + 40  # oxygen
    choose(on, 50)
    entry(menu_at(on, 50), "Hide 1 atom").trigger()
    on.settle()
    assert chosen(on) == []
    now = view.picture(1.0).pixelColor(above)
    assert abs(now.red() - now.blue()) < 20  # nothing is there
    click(view, at)
    assert chosen(on) == []
    assert "1 hidden" in view.surface.words[0].badge
    view.set_tool(Tool.RECTANGLE)
    drag(view, QPoint(1, 1), QPoint(638, view.canvas.height() - 2))
    assert chosen(on) == [10, 20, 30, 40, 60]
    on.store.undo()
    on.store.undo()
    on.settle()
    assert view.picture(1.0).pixelColor(above) == before


def test_that_isolated_atoms_stay_alone_over_frames(on: Stage) -> None:
    choose(on, 10, 30)
    on.commit(atom_changes.isolate_atoms)
    for index in (1, 2):
        on.commit(lambda s, index=index: changes.show_frame(s, index))
        pane = on.view.canvas.panes[0]
        assert sorted(pane.frame.ids.tolist()) == [10, 30]
    on.commit(atom_changes.show_all_atoms)
    assert on.view.canvas.panes[0].frame.n_atoms == 6


def test_that_selected_atoms_which_a_frame_lacks_are_listed(stage: Callable[..., Stage]) -> None:
    whole = frame(0)
    part = Frame(1, whole.positions[:4].copy(), whole.numbers[:4].copy(), ids=whole.ids[:4].copy())
    made = stage(AtomsView, 640, 480)
    made.commit(lambda s: with_run(s, frames=[whole, part]))
    choose(made, 10, 30, 40)
    assert "not in this frame" not in made.view.status.text()
    made.commit(lambda s: changes.show_frame(s, 1))
    assert made.view.status.text().endswith("not in this frame: 2 (30, 40)")


@pytest.mark.parametrize("by_opengl", [True, False], ids=["opengl", "memory"])
def test_that_what_is_not_selected_steps_back_and_lets_others_through(
    stage: Callable[..., Stage], by_opengl: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene, "FEW", 1_000 if by_opengl else 0)
    positions = np.array([[0.0, 0, 4], [0, 0, 0], [5, 0, 0]])
    numbers = np.array([8, 3, 8])  # oxygen before lithium, and beside it
    made = stage(AtomsView, 640, 480)
    behind = Frame(0, positions, numbers, ids=np.array([1, 2, 3]))
    made.commit(lambda s: with_run(s, frames=[behind]))
    turn_to_z(made)
    at = pixel_of(made.view, 1)
    bright = made.view.picture(1.0).pixelColor(at)
    choose(made, 2)
    made.commit(lambda s: atom_changes.dim_others(s, True))
    assert made.view.canvas.panes[0].marks.tolist() == [4, 0, 4]
    dim = made.view.picture(1.0).pixelColor(at)
    assert dim.blue() > bright.blue() + 40  # the lithium shines through
    click(made.view, at)
    assert chosen(made) == [1]  # dimmed atoms are still there
    made.commit(changes.select_none)
    assert not made.view.canvas.panes[0].marks.any()
    again = made.view.picture(1.0).pixelColor(at)
    assert abs(again.blue() - bright.blue()) < 3


# -- what others hide


def test_that_an_outline_takes_only_what_is_seen_when_told_so(stage: Callable[..., Stage]) -> None:
    positions = np.array([[0.0, 0, 0], [0, 0, 4], [3, 0, 0]])
    made = stage(AtomsView, 640, 480)
    behind = Frame(0, positions, np.array([3, 3, 3]), ids=np.array([1, 2, 3]))
    made.commit(lambda s: with_run(s, frames=[behind]))
    turn_to_z(made)
    made.view.set_tool(Tool.RECTANGLE)
    drag(made.view, QPoint(2, 2), QPoint(636, 380))
    assert chosen(made) == [1, 2, 3]
    QTest.mouseClick(made.view.bar.visible, LEFT)
    drag(made.view, QPoint(2, 2), QPoint(636, 380))
    assert chosen(made) == [2, 3]


def test_that_a_double_click_shows_a_cross_where_the_view_turns(on: Stage) -> None:
    QTest.mouseDClick(on.view.surface, LEFT, NO_KEY, pixel_of(on.view, 30))
    cross = on.view.company.cross
    assert cross.isVisible()
    rect = on.view.canvas.rects()[0]
    assert (cross.geometry().center() - QPoint(rect[2] // 2, rect[3] // 2)).manhattanLength() <= 2


@pytest.fixture
def two(stage: Callable[..., Stage]) -> Stage:
    """Two runs of the same atoms side by side, the second in another order."""
    made = stage(AtomsView, 760, 420)
    table = error_table()

    def both(state: State) -> State:
        state = with_run(with_run(opened(state, table)), "b.dump", [frame(0, order=ORDER)])
        state = changes.add_links(state, LINKS)
        return changes.select_models(state, rows([0, 1]))

    made.commit(both)
    turn_to_z(made)
    return made


ORDER = [5, 4, 3, 2, 1, 0]


def test_that_an_atom_is_lit_in_the_panes_beside(two: Stage) -> None:
    panes = two.view.canvas.panes
    assert len(panes) == 2
    two.commit(lambda s: changes.hover(s, Space.ATOM, 50, "b.dump"))
    assert [np.flatnonzero(pane.marks).tolist() for pane in panes] == [[2], [3]]
    assert two.view.card.isVisible()
    two.commit(lambda s: changes.hover(s, None))
    assert not any(pane.marks.any() for pane in panes)


def test_that_atoms_at_which_runs_disagree_are_found_in_both(stage: Callable[..., Stage]) -> None:
    made = stage(AtomsView, 760, 420)
    table = error_table()
    other = frame(0, order=ORDER)
    forces = other.columns["forces"].copy()
    forces[ORDER.index(1)] += [0, 3, 0]  # atom 10
    changed = Frame(0, other.positions, other.numbers, ids=other.ids, columns={"forces": forces})

    def both(state: State) -> State:
        state = with_run(with_run(opened(state, table)), "b.dump", [changed])
        return changes.select_models(changes.add_links(state, LINKS), rows([0, 1]))

    made.commit(both)
    assert len(made.view.canvas.panes) == 2
    entry(menu_at(made, None), "Where models disagree in", "forces").trigger()
    made.settle()
    assert made.state.moment.sought == "spread(forces) > 1.125"
    find = made.view.company.find
    assert find.count.text() == "2 of 12 atoms in 2 runs"
    QTest.keyClick(find.text, Qt.Key.Key_Return)
    assert chosen(made) == chosen(made, "b.dump") == [10]


LINKS = tuple(
    Link(key, "trajectory", f"/{name}")
    for key, name in zip(error_table().keys[:2], ("run.dump", "b.dump"), strict=True)
)
