"""The atoms view: what is painted follows the state."""

from collections.abc import Callable
from pathlib import Path

import atoms_made
import numpy as np
import pytest
from atoms_made import RUN, click, frame, pixel_of, shown_image, with_read, with_run
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, colourings, time_changes
from mlipviewer.session.state import Failure, State, frozen
from mlipviewer.session.store import Store
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.atoms.words import NO_TRAJECTORY

pytestmark = pytest.mark.window

store, view, chosen = atoms_made.store, atoms_made.view, atoms_made.chosen  # fixtures


# -- from the state to the eye


def test_that_a_selection_made_elsewhere_is_ringed(view: AtomsView) -> None:
    before = shown_image(view)
    view.store.commit(lambda s: changes.select(s, Space.ATOM, rows([50])), "Select 1 atom")
    view.store.flush()
    after = shown_image(view)
    ring = QColor(view.canvas.theme.selected).getRgb()
    at = pixel_of(view, 50)

    def ringed(image: QImage) -> bool:
        found = [image.pixelColor(at.x() + dx, at.y()).getRgb() for dx in range(5, 60)]
        return any(np.abs(np.subtract(one, ring)).max() < 40 for one in found)

    assert not ringed(before)
    assert ringed(after)
    assert view.status.text() == "O 50 at 12.0000 0.0000 0.0000 Å"


def test_that_a_selection_follows_its_atoms_when_the_file_reorders_them(view: AtomsView) -> None:
    view.store.commit(lambda s: changes.select(s, Space.ATOM, rows([50, 60])), "Select 2 atoms")
    view.store.flush()
    assert "distance 6.0000 Å" in view.status.text()  # through the periodic boundary
    reordered = with_read(changes.show_frame(view.store.state, 2), RUN[2])
    view.store.commit(lambda _: reordered, "Show frame 2")
    view.store.flush()
    shown = view.canvas.panes[0].frame
    assert shown is RUN[2]
    assert view._masks[0].tolist() == np.isin(shown.ids, [50, 60]).tolist()


def test_that_a_selection_writes_marks_and_a_frame_positions(view: AtomsView) -> None:
    atoms = view.canvas.panes[0].atoms
    shown_image(view)

    def writes() -> tuple[int, ...]:
        shown_image(view)
        return tuple(b.writes for b in (atoms.positions, atoms.kinds, atoms.paint, atoms.marks))

    first = writes()
    view.store.commit(lambda s: changes.select(s, Space.ATOM, rows([10])), "Select")
    view.store.flush()
    second = writes()
    assert np.subtract(second, first).tolist() == [0, 0, 0, 1]
    view.store.commit(lambda s: with_read(changes.show_frame(s, 1), RUN[1]), "Frame")
    view.store.flush()
    assert np.subtract(writes(), second)[:2].tolist() == [1, 0]


def test_that_a_hidden_view_does_nothing_and_catches_up(view: AtomsView, qtbot: QtBot) -> None:
    view.hide()
    view.store.commit(lambda s: with_read(changes.show_frame(s, 1), RUN[1]), "Frame")
    view.store.flush()
    assert view.canvas.panes[0].frame is RUN[0]
    with qtbot.waitExposed(view):
        view.show()
    assert view.canvas.panes[0].frame is RUN[1]


def test_that_the_legend_says_what_the_colours_mean(view: AtomsView) -> None:
    assert view.legend.legend is not None
    assert [text for text, _ in view.legend.legend.rows] == ["Li  4", "O  2"]
    view.store.commit(lambda s: colourings.colour_by(s, "forces"), "Colour")
    view.store.flush()
    assert view.legend.legend.caption == "forces (eV/Å)"
    assert view.legend.legend.ends == ("0", "25")
    view.store.commit(lambda s: colourings.colour_by(s, "gone"), "Colour")
    view.store.flush()
    assert view.legend.legend.caption == 'no column "gone": Species'


def test_that_an_empty_view_says_why(qtbot: QtBot) -> None:
    store = Store()
    view = AtomsView(store)
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.attach()
    with qtbot.waitExposed(view):
        view.show()

    def says(change: Callable[[State], State]) -> str:
        store.commit(change, "Change")
        store.flush()
        return view.surface.words[0].missing or view.surface.words[0].badge

    assert view.surface.words[0].missing == NO_TRAJECTORY
    assert says(with_run) == "reading frame 1 of 3 ..."
    assert says(lambda s: with_read(s, RUN[0])) == ""
    assert says(lambda s: changes.show_frame(s, 1)) == "still frame 1: reading 2 ..."
    failed = frozen({"run.dump": Failure("line 7 is cut")})
    assert "line 7 is cut" in says(lambda s: s.with_moment(failed=failed))
    assert says(lambda s: with_read(s, frame(1, complete=False))) == "incomplete frame"
    view.detach()


def test_that_markup_in_names_stays_text(view: AtomsView) -> None:
    name = "<b>run</b>.dump"
    view.store.commit(lambda s: with_read(with_run(s, name), RUN[0], name), "Open")
    view.store.flush()
    assert view.surface.words[0].title.startswith(name)
    assert view.status.textFormat() == Qt.TextFormat.PlainText
    assert view.card.textFormat() == Qt.TextFormat.PlainText


def test_that_words_on_atoms_are_cut_in_the_middle_of_a_narrow_view(view: AtomsView) -> None:
    some = rows([20, 50, 60])
    view.store.commit(lambda s: changes.select(s, Space.ATOM, some), "Select 3 atoms")
    view.store.flush()
    whole = view.status.text()
    view.status.resize(view.status.fontMetrics().horizontalAdvance(whole) + 40, 20)
    assert view.status.shown_text() == whole
    view.status.resize(200, 20)
    first, _, last = view.status.shown_text().partition("…")
    assert len(first) > 3
    assert len(last) > 3
    assert whole.startswith(first)
    assert whole.endswith(last)
    assert view.status.toolTip() == whole
    assert "distances" in whole


def test_that_runs_of_selected_models_lie_side_by_side(view: AtomsView, chosen: Callable) -> None:
    second = with_read(with_run(view.store.state, "b.dump"), RUN[1], "b.dump")
    both = time_changes.show_beside(second, ("run.dump", "b.dump"))
    view.store.commit(lambda _: both, "Open")
    view.store.flush()
    assert [pane.frame for pane in view.canvas.panes] == [RUN[0], RUN[1]]
    assert [words.title[:8] for words in view.surface.words] == ["run.dump", "b.dump ·"]
    click(view, pixel_of(view, 10, pane=0))
    assert view.store.state.selected(Space.ATOM, "run.dump").tolist() == [10]
    assert view.store.state.selected(Space.ATOM, "b.dump").tolist() == []


def test_that_undo_takes_back_a_selection_and_its_rings(view: AtomsView) -> None:
    before = shown_image(view)
    click(view, pixel_of(view, 50))
    view.store.flush()
    assert shown_image(view) != before
    view.store.undo()
    view.store.flush()
    assert shown_image(view) == before


def test_that_a_picture_is_saved_with_its_legend(view: AtomsView, tmp_path: Path) -> None:
    view.save_png(tmp_path / "atoms.png", 2.0)
    image = QImage(str(tmp_path / "atoms.png"))
    assert (image.width(), image.height()) == (2 * view.canvas.width(), 2 * view.canvas.height())
    with_legend = view.picture(1.0)
    view.dressing.toggle_legend()
    view.store.flush()
    assert view.picture(1.0) != with_legend


@pytest.mark.parametrize("dark", [False, True])
def test_that_the_background_follows_the_theme(view: AtomsView, dark: bool) -> None:
    view.set_theme(dark)
    assert view.picture(1.0).pixelColor(3, 200).name() == view.canvas.theme.background
    assert view.canvas.theme.dark is dark
