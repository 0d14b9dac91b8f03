"""Files that are held over the window: tiles say where they may go, a row of the table that it
would be linked, a red frame why they cannot be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from mlipviewer.app.window import MainWindow
from mlipviewer.gui.drop_places import DropPlaces
from mlipviewer.gui.theme import current_theme
from mlipviewer.session.settings.seen import mark_seen
from tests import made
from tests.main_window import row_pixel, settled, table
from tests.windows import Pixel, drop, hold, n_like, picture, take_away

pytestmark = pytest.mark.window


@pytest.fixture
def opened(window: MainWindow, tmp_path: Path) -> MainWindow:
    """With a table and a run that are open."""
    paths = [made.write_table(tmp_path / "errors.csv"), made.write_extxyz(tmp_path / "old.xyz")]
    window.open([str(path) for path in paths])
    settled(window)
    return window


def places(window: MainWindow) -> DropPlaces:
    return window.drops.places


def titles(window: MainWindow) -> list[str]:
    return [title for title, _ in places(window).hint.tiles]


def held(window: MainWindow, qtbot: Any, paths: list[Path]) -> None:
    """Hold files in the middle of the window until they were looked at."""
    assert hold(window, paths)
    qtbot.waitUntil(lambda: window.drops._looked is not None, timeout=20_000)


def tile(window: MainWindow, title: str, of: QWidget | None = None) -> Pixel:
    """The middle of a tile, in pixels of the window or of a widget in it."""
    shown = titles(window)
    box = places(window).tiles(len(shown))[shown.index(title)]
    at = places(window).mapToGlobal(box.center().toPoint())
    point = (of or window).mapFromGlobal(at)
    return point.x(), point.y()


def names(window: MainWindow) -> list[str]:
    """Of what is open, in the order of the alphabet: which is read first is up to the threads."""
    return sorted(one.name for one in window.store.state.document.inputs)


def fall_on(window: MainWindow, qtbot: Any, title: str, paths: list[Path]) -> list[str]:
    """Let files fall on a tile; the names of what is open then."""
    held(window, qtbot, paths)
    assert drop(window, paths, tile(window, title))
    assert not places(window).isVisible()
    settled(window)
    return names(window)


def test_that_a_run_may_go_to_three_places(opened: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    new = made.write_dump(tmp_path / "new.dump")
    assert not places(opened).isVisible()
    held(opened, qtbot, [new])
    assert places(opened).isVisible()
    assert titles(opened) == ["Replace", "Add", "Compare"]
    assert titles(opened)[places(opened).hint.meant] == "Add"  # what happens elsewhere
    assert "in place of old.xyz" in places(opened).hint.tiles[0]
    hold(opened, [new], tile(opened, "Compare"))
    assert titles(opened)[places(opened).hint.meant] == "Compare"
    assert "side by side with old.xyz" in places(opened).accessibleDescription()
    take_away(opened)
    qtbot.waitUntil(lambda: not places(opened).isVisible())


def test_that_a_run_is_added_where_no_tile_is_meant(
    opened: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    new = made.write_dump(tmp_path / "new.dump")
    held(opened, qtbot, [new])
    assert drop(opened, [new])
    document = settled(opened).document
    assert names(opened) == ["errors.csv", "new.dump", "old.xyz"]
    assert (document.trajectory, document.comparison.names) == ("new.dump", ())


def test_that_a_run_takes_the_place_of_the_shown_one(
    opened: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    new = made.write_dump(tmp_path / "new.dump")
    assert fall_on(opened, qtbot, "Replace", [new]) == ["errors.csv", "new.dump"]
    assert settled(opened).document.trajectory == "new.dump"
    assert opened.store.undo_label == "Open new.dump in place of another"
    opened.store.undo()
    settled(opened)
    assert names(opened) == ["errors.csv", "old.xyz"]
    assert opened.store.state.trajectory is not None


def test_that_a_run_is_compared_with_the_shown_one(
    opened: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    new = made.write_dump(tmp_path / "new.dump")
    assert fall_on(opened, qtbot, "Compare", [new]) == ["errors.csv", "new.dump", "old.xyz"]
    document = settled(opened).document
    assert document.comparison.names == ("old.xyz", "new.dump")
    assert document.trajectory == "old.xyz"
    atoms = opened.docks.by_panel["atoms"].view
    qtbot.waitUntil(lambda: len(atoms.canvas.panes) == 2, timeout=20_000)


def test_that_a_table_has_two_places(opened: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    new = made.write_table(tmp_path / "other.csv")
    held(opened, qtbot, [new])
    assert titles(opened) == ["Replace", "Add"]
    assert fall_on(opened, qtbot, "Replace", [new]) == ["old.xyz", "other.csv"]
    assert settled(opened).document.table == "other.csv"


def test_that_a_row_is_told_and_outlined(opened: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    new = made.write_dump(tmp_path / "new.dump")
    view = table(opened)
    port, at = view.rows.viewport(), row_pixel(view, 12)
    held(opened, qtbot, [new])
    take_away(opened)
    assert hold(port, [new], at)
    assert places(opened).hint.said == "Link to m12"
    assert places(opened).hint.meant == -1  # no tile
    box = view.rows.visualRect(view.model.index(view.model.place_of(12), 0))
    line = (0.0, box.top() - 1.0, port.width() - 1.0, box.top() + 3.0)
    accent = current_theme().accent
    before = n_like(picture(port), accent, line, near=30)
    assert before > port.width() / 2
    take_away(port)
    assert n_like(picture(port), accent, line, near=30) < 10
    assert drop(port, [new], at)
    assert [link.model for link in settled(opened).document.links] == ["m12"]


def test_that_a_tile_goes_before_the_row_below_it(
    opened: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    new = made.write_dump(tmp_path / "new.dump")
    port = table(opened).rows.viewport()
    held(opened, qtbot, [new])
    take_away(opened)
    assert hold(port, [new], (20, 20))
    at = tile(opened, "Replace", port)
    assert hold(port, [new], at)
    assert titles(opened)[places(opened).hint.meant] == "Replace"
    assert drop(port, [new], at)
    assert settled(opened).document.links == ()
    assert settled(opened).document.trajectory == "new.dump"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(200), "binary data of a format"),
        ("notes.doc", b"some words\n" * 20, "text of a format that is not known here"),
        ("empty.dump", b"", "is empty"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "photo.png"),
    ],
)
def test_that_what_cannot_be_opened_is_refused_in_red_with_its_reason(
    window: MainWindow, qtbot: Any, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    held(window, qtbot, [tmp_path / name])
    assert not hold(window, [tmp_path / name])
    hint = places(window).hint
    assert hint.tiles == ()
    assert said in hint.refused
    assert places(window).accessibleDescription().startswith("Cannot be opened: ")
    seen = picture(window)
    edge = (0.0, 0.0, window.width() - 1.0, 4.0)
    assert n_like(seen, current_theme().refused, edge) > 2 * window.width()
    take_away(window)
    qtbot.waitUntil(lambda: not places(window).isVisible())
    assert n_like(picture(window), current_theme().refused, edge) == 0


def test_that_the_good_among_bad_ones_are_taken(
    opened: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    new, bad = made.write_dump(tmp_path / "new.dump"), tmp_path / "film.mp4"
    bad.write_bytes(bytes(300))
    held(opened, qtbot, [bad, new])
    hint = places(opened).hint
    assert hint.held == "2 files"
    assert hint.amiss.startswith("film.mp4: not supported")
    assert not hint.refused
    assert titles(opened) == ["Replace", "Add", "Compare"]
    assert hold(opened, [bad, new])


def test_that_a_panel_that_floats_takes_files(
    opened: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    new = made.write_dump(tmp_path / "new.dump")
    dock = opened.docks.by_panel["series"]
    assert not dock.acceptDrops()  # the window takes what falls on it
    dock.setFloating(True)
    qtbot.waitUntil(lambda: dock.isWindow() and dock.isVisible())
    assert hold(dock, [new])
    assert places(opened).isVisible()
    assert drop(dock, [new])
    settled(opened)
    assert names(opened) == ["errors.csv", "new.dump", "old.xyz"]
    dock.setFloating(False)
    assert not dock.acceptDrops()


def test_that_the_welcome_page_lights_its_target_for_what_it_takes(
    window: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    mark_seen("tour")
    window.help.begin()
    settled(window)
    page, film = window.help.welcome, tmp_path / "film.mp4"
    film.write_bytes(bytes(300))
    assert page.isVisible()
    assert hold(page, [made.write_dump(tmp_path / "run.dump")])
    assert "solid" in page.target.styleSheet()
    take_away(page)
    assert "dashed" in page.target.styleSheet()
    assert hold(page, [film])
    qtbot.waitUntil(lambda: bool(places(window).hint.refused), timeout=20_000)
    assert not hold(page, [film])
    assert "dashed" in page.target.styleSheet()
    take_away(page)
    qtbot.waitUntil(lambda: not places(window).isVisible())
    window.help.tour.end()
