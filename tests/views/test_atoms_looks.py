"""The panels of the atoms view: what the user does in them becomes looks, and is drawn."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import atoms_made
import numpy as np
import pytest
from atoms_made import LEFT, click, pixel_of, shown_image, with_read, with_run
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.editors import Choice, Number, Slide
from mlipviewer.session import colourings
from mlipviewer.session.look_changes import look, look_at
from mlipviewer.session.looks import BONDS_AT_ONCE, Bonds, Looks, Style, Wrapping
from mlipviewer.session.state import RangePolicy
from mlipviewer.session.store import Store
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.atoms.legend import bar_place
from mlipviewer.views.atoms.settings import Settings

pytestmark = pytest.mark.window

store, view, chosen = atoms_made.store, atoms_made.view, atoms_made.chosen  # fixtures
COLOUR, STYLE, SHOW, SLICE = range(4)


def open_panel(view: AtomsView, number: int) -> None:
    popover = view.dressing.popovers[number]
    QTest.mouseClick(popover, LEFT)
    QTest.qWaitForWindowExposed(popover.frame)


def close_panels(view: AtomsView) -> None:
    for popover in view.dressing.popovers:
        popover.frame.hide()


def editor(page: Settings, path: str) -> QWidget:
    return page.editors[path]


def tick(page: Settings, path: str) -> None:
    box = editor(page, path)
    assert isinstance(box, QCheckBox)
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))


def choose(box: QWidget, words: str) -> None:
    """By the keyboard: the combo box has no other way that needs no second window."""
    assert isinstance(box, QComboBox)
    box.setFocus()
    for _ in range(box.count()):
        QTest.keyClick(box, Qt.Key.Key_Up)
    for _ in range(box.findText(words)):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == words


def write(line: QWidget, text: str) -> None:
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def looks(view: AtomsView) -> Looks:
    view.store.flush()
    return view.store.state.document.looks


def test_that_a_style_is_chosen_and_brings_its_bonds(view: AtomsView, qtbot: QtBot) -> None:
    before = shown_image(view)
    open_panel(view, STYLE)
    choose(editor(view.dressing.style.settings, "style"), "Ball and stick")
    assert looks(view).style is Style.BALL_AND_STICK
    assert looks(view).bonds.shown
    assert shown_image(view) != before
    view.store.undo()
    view.store.undo()
    close_panels(view)


def test_that_a_species_is_hidden_by_its_eye_and_cannot_be_picked(
    view: AtomsView, chosen: Callable[[], list[int]]
) -> None:
    at = pixel_of(view, 50)  # an oxygen
    open_panel(view, STYLE)
    tree = view.dressing.style.species.tree
    item = tree.topLevelItem(1)
    assert item is not None
    assert item.text(0) == "O"
    box = tree.visualItemRect(item)
    QTest.mouseClick(tree.viewport(), LEFT, pos=QPoint(box.left() + 10, box.center().y()))
    assert not looks(view).of_species("O").visible
    spheres = view.canvas.panes[0].spheres
    assert spheres is not None
    assert spheres.n == 4
    close_panels(view)
    click(view, at)
    assert chosen() == []
    click(view, pixel_of(view, 20))
    assert chosen() == [20]  # rows of the atoms, not of the drawn spheres


def test_that_the_cell_is_repeated_and_images_pick_their_atom(
    view: AtomsView, chosen: Callable[[], list[int]]
) -> None:
    height = view.canvas.camera.height
    open_panel(view, SHOW)
    first = editor(view.dressing.show.cell, "images").property("boxes")[0]
    assert isinstance(first, Number)
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Up)
    assert looks(view).images == (2, 1, 1)
    assert view.canvas.camera.height > height  # all of it is seen
    close_panels(view)
    shift = view.canvas.panes[0].frame.cell[0]  # type: ignore[union-attr,index]
    place = view.canvas.panes[0].places[0] + shift
    x, y, _ = view.canvas.pane_camera(0).project(place, view.canvas.rects()[0][2:])
    click(view, QPoint(round(x), round(y)))
    assert chosen() == [60]


def test_that_a_slice_is_dragged_in_one_step(view: AtomsView) -> None:
    view.store.commit(lambda s: look_at(s, "slice", normal=(1.0, 0.0, 0.0)), "Direction")
    open_panel(view, SLICE)
    tick(view.dressing.slice.settings, "slice.on")
    assert looks(view).slice.on
    slide = editor(view.dressing.slice.settings, "slice.position")
    assert isinstance(slide, Slide)
    bar, y = slide.slider, slide.slider.height() // 2
    x = round(bar.width() / 2)
    QTest.mousePress(bar, LEFT, pos=QPoint(x, y))
    for step in range(1, 6):
        QTest.mouseMove(bar, QPoint(x - 6 * step, y))
    QTest.mouseRelease(bar, LEFT, pos=QPoint(x - 30, y))
    assert looks(view).slice.position < 0.45
    spheres = view.canvas.panes[0].spheres
    assert spheres is not None
    assert 0 < spheres.n < 6
    view.store.undo()
    assert looks(view).slice.position == 0.5
    QTest.mouseClick(view.dressing.slice.view, LEFT)
    assert looks(view).slice.normal == (0.0, 0.0, 1.0)  # the direction of view
    close_panels(view)


def test_that_pairs_of_bonds_are_typed_and_wrong_ones_told(view: AtomsView) -> None:
    open_panel(view, SHOW)
    view.dressing.show.setCurrentWidget(view.dressing.show.bonds)
    line = editor(view.dressing.show.bonds, "bonds.lengths")
    write(line, "Li-O 2.1, Li-Li 0")
    assert looks(view).bonds.lengths == (("Li", "O", 2.1), ("Li", "Li", 0.0))
    write(line, "nonsense")
    assert looks(view).bonds.lengths == (("Li", "O", 2.1), ("Li", "Li", 0.0))
    close_panels(view)


def test_that_keys_show_bonds_and_labels(view: AtomsView, qtbot: QtBot) -> None:
    view.store.commit(lambda s: look(s, bonds=Bonds(factor=2.0, radius=0.4)), "Long bonds")
    looks(view)
    QTest.keyClick(view.surface, Qt.Key.Key_B)
    assert looks(view).bonds.shown
    qtbot.waitUntil(lambda: view.canvas.complete)
    before = shown_image(view)
    QTest.keyClick(view.surface, Qt.Key.Key_T)
    assert looks(view).labels.what == "id"
    labels = view.surface.labels[0]
    assert labels is not None
    assert labels.texts == ("60", "10", "50", "20", "40", "30")
    assert shown_image(view) != before
    QTest.keyClick(view.surface, Qt.Key.Key_T)
    assert looks(view).labels.what == ""
    assert view.surface.labels == [None]


def test_that_the_bar_of_the_legend_selects_a_range(
    view: AtomsView, chosen: Callable[[], list[int]]
) -> None:
    view.store.commit(lambda s: colourings.colour_by(s, "c_pe"), "Colour")
    view.store.flush()
    legend = view.legend
    assert legend.legend is not None
    bar = bar_place(legend.legend, legend.font())
    y = round(bar.center().y())
    places = [QPoint(round(bar.left() + share * bar.width()), y) for share in (0.3, 0.5, 0.7)]
    QTest.mousePress(legend, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(legend, place)
    QTest.mouseRelease(legend, LEFT, pos=places[2])
    assert chosen() == [20, 50]  # values 2 and 3 of 0 .. 5


def test_that_a_swatch_selects_its_species_and_the_legend_can_be_moved(
    view: AtomsView, chosen: Callable[[], list[int]]
) -> None:
    legend, line = view.legend, view.legend.height() // 3
    QTest.mouseClick(legend, LEFT, pos=QPoint(20, 2 * line + 8))
    assert chosen() == [30, 50]
    where = legend.pos()
    QTest.mousePress(legend, LEFT, pos=QPoint(5, 5))
    for step in (20, 60, 120):
        QTest.mouseMove(legend, QPoint(5 - step // 3, 5 - step // 3))
    QTest.mouseRelease(legend, LEFT, pos=QPoint(5, 5))
    x, y = looks(view).legend.place
    assert x < 1
    assert y < 1
    assert legend.pos() != where
    kept = legend.pos()
    view.store.commit(lambda s: colourings.colour_by(s, "c_pe"), "Colour")
    view.store.flush()
    assert legend.pos().x() <= kept.x()
    view.store.undo()
    view.store.undo()
    view.store.flush()
    assert legend.pos() == where


def test_that_ranges_follow_the_policy(view: AtomsView) -> None:
    view.store.commit(lambda s: colourings.colour_by(s, "c_pe"), "Colour")
    view.store.flush()
    open_panel(view, COLOUR)
    panel = view.dressing.colour
    choose(panel.policy, "Symmetric about 0")
    view.store.flush()
    assert view.store.state.document.colouring.policy is RangePolicy.SYMMETRIC
    assert view.legend.legend is not None
    assert view.legend.legend.ends == ("-5", "5")
    write(panel.low, "1")
    view.store.flush()
    assert view.legend.legend.ends == ("1", "5")
    write(panel.every, "1.5")
    assert looks(view).legend.every == 1.5
    assert [text for _, text in view.legend.legend.ticks] == ["1.5", "3", "4.5"]
    write(panel.every, "-2")
    assert "above 0" in panel.why.text()
    panel.every.selectAll()
    for key in (Qt.Key.Key_Backspace, Qt.Key.Key_Return):
        QTest.keyClick(panel.every, key)
    assert looks(view).legend.every == 0
    QTest.mouseClick(panel.log, LEFT, pos=QPoint(8, panel.log.height() // 2))
    view.store.flush()
    paint = view.canvas.panes[0].paint
    assert paint is not None
    assert paint.n_missing == 1  # the value 0 has no logarithm
    assert view.legend.legend.ends == ("1", "5")
    write(panel.format, "%.1f eV")
    assert looks(view).legend.form == "%.1f eV"
    assert view.legend.legend.ends == ("1.0 eV", "5.0 eV")
    write(panel.format, "%s%s")
    assert looks(view).legend.form == "%.1f eV"
    assert "not a format" in panel.why.text()
    close_panels(view)


def test_that_components_of_vectors_colour(view: AtomsView) -> None:
    view.store.commit(lambda s: colourings.colour_by(s, "forces"), "Colour")
    view.store.flush()
    open_panel(view, COLOUR)
    choose(view.dressing.colour.component, "x")
    view.store.flush()
    assert view.legend.legend is not None
    assert view.legend.legend.caption == "forces x (eV/Å)"
    assert view.legend.legend.ends == ("0", "15")
    close_panels(view)


def test_that_many_bonds_wait_until_they_are_asked_for(view: AtomsView, qtbot: QtBot) -> None:
    n = BONDS_AT_ONCE + 1
    places = np.stack([np.arange(n) % 200, np.arange(n) // 200, np.zeros(n)], axis=1) * 2.9
    many = Frame(0, places, np.full(n, 3))
    view.store.commit(
        lambda s: with_read(with_run(s, "big.dump", [many]), many, "big.dump"), "Open"
    )
    view.store.commit(lambda s: look_at(s, "bonds", shown=True), "Bonds")
    view.store.flush()
    chip = view.dressing.chip
    assert chip.isVisible()
    assert chip.text() == f"Compute bonds of {n:,} atoms"
    assert view.canvas.panes[0].shown_rods.n == 0
    QTest.mouseClick(chip, LEFT)
    view.store.flush()
    assert not chip.isVisible()
    qtbot.waitUntil(lambda: view.canvas.complete, timeout=20000)
    assert view.canvas.panes[0].shown_rods.n == 2 * sum((199 * (n // 200) + n % 200 - 1, n - 200))


def test_that_the_background_is_white_or_dark_in_any_theme(view: AtomsView) -> None:
    open_panel(view, STYLE)
    box = editor(view.dressing.style.settings, "background")
    assert isinstance(box, Choice)
    choose(box, "Dark")
    looks(view)
    assert view.canvas.theme.dark
    choose(box, "White")
    looks(view)
    assert QColor(view.canvas.theme.background) == QColor("white")
    close_panels(view)


def test_that_pictures_of_any_size_have_legend_and_labels(view: AtomsView) -> None:
    QTest.keyClick(view.surface, Qt.Key.Key_T)
    view.store.flush()
    small, large = view.picture(1.0), view.picture(3.3)
    assert large.width() == round(small.width() * 3.3)
    corner = view.legend.geometry().center()
    legend_word = [large.pixelColor(round(corner.x() * 3.3) + d, round(corner.y() * 3.3))
                   for d in range(-60, 60)]  # fmt: skip
    assert len({one.name() for one in legend_word}) > 2


def test_that_wrapped_and_sliced_looks_are_undone_one_by_one(store: Store) -> None:
    steps = [
        lambda s: look(s, wrapping=Wrapping.WRAPPED),
        lambda s: look_at(s, "slice", on=True),
        lambda s: look_at(s, "polyhedra", centre="Li"),
    ]
    seen = [store.state.document.looks]
    for step in steps:
        store.commit(step, "Look")
        seen.append(store.state.document.looks)
    assert all(a != b for a, b in pairwise(seen))
    for wanted in reversed(seen[:-1]):
        store.undo()
        assert store.state.document.looks == wanted
    assert replace(seen[-1]) == seen[-1]
