"""History: what each step is about, and what it changed."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidget

from mlipviewer.app.window import MainWindow
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.store import MAX_STEPS
from tests import made
from tests.main_window import settled, shown_view, table
from tests.windows import CTRL, Key, click, give, press, type_text

pytestmark = pytest.mark.window


def history(window: MainWindow) -> QListWidget:
    found: QListWidget = shown_view(window, "history").list
    return found


def tips(shown: QListWidget) -> list[str]:
    return [shown.item(row).toolTip() for row in range(shown.count())]


def ink(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> int:
    """The lightness of a sign."""
    image = icon.pixmap(48, mode).toImage()
    light = [
        image.pixelColor(x, y).lightness()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 200
    ]
    assert light
    return max(light)


def test_that_steps_say_what_they_changed(window: MainWindow) -> None:
    give(window, made.error_table(name="a.csv"))
    give(window, made.trajectory("run.xyz"))
    line = table(window).filter
    type_text(line, "e0 < 0.1")
    press(line, Key.Key_Return)
    settled(window)
    window.registry.do("select.all")
    window.registry.do("time.next")
    settled(window)
    shown = history(window)
    words = tips(shown)
    assert words[0] == ""
    assert "open files: 0 → 1" in words[1]
    assert "filter: none → e0 < 0.1" in "\n".join(words)
    assert "selected models of a.csv: 0 → " in words[-2]
    assert words[-1].endswith("frame 1 → 2")
    signs = [shown.item(row).icon() for row in range(1, shown.count())]
    assert all(not sign.isNull() for sign in signs)
    files, time = (sign.pixmap(48).toImage() for sign in (signs[0], signs[-1]))
    assert files != time


def test_that_a_click_still_goes_there_and_signs_stay(window: MainWindow) -> None:
    give(window, made.trajectory("run.xyz", n_frames=6))
    for _ in range(3):
        window.registry.do("time.next")
        settled(window)
    shown = history(window)
    before = tips(shown)
    box = shown.visualItemRect(shown.item(2))
    click(shown.viewport(), (box.center().x(), box.center().y()))
    assert settled(window).frame == 1
    assert tips(shown) == before
    press(shown, Key.Key_Z, CTRL)
    assert settled(window).frame == 0
    assert shown.currentRow() == 1
    window.registry.do("time.last")
    settled(window)
    assert shown.count() == 3
    assert shown.item(2).toolTip().endswith("frame 1 → 6")


def test_that_signs_have_the_ink_of_the_theme(window: MainWindow) -> None:
    give(window, made.trajectory("run.xyz"))
    shown = history(window)
    found: dict[str, int] = {}
    try:
        for theme in ("light", "dark"):
            settings_in_use.set("appearance.theme", theme)
            settled(window)
            found[theme] = ink(shown.item(1).icon())
            assert ink(shown.item(1).icon(), QIcon.Mode.Selected) > 200  # on the blue of the row
    finally:
        settings_in_use.set("appearance.theme", "system")
        settled(window)
    assert found["light"] < 100
    assert found["dark"] > 150


def test_that_a_full_history_is_shown(window: MainWindow) -> None:
    give(window, made.trajectory("run.xyz"))
    shown = history(window)
    for place in range(MAX_STEPS + 5):
        window.registry.do("time.next" if place % 2 else "time.previous")
        window.registry.do("time.next")
        window.store.flush()
    settled(window)
    assert shown.count() == MAX_STEPS + 1
    assert all(text for text in tips(shown)[1:])
