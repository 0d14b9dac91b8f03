"""The memory for frames and the cap of compressed files are settings: heeded at once and later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QInputDialog

from mlipviewer.app.frame_memory import ask_frame_memory
from mlipviewer.app.window import MainWindow
from mlipviewer.io.files import RAISED_CAP
from mlipviewer.io.trajectories.compressed import cap_of
from mlipviewer.session.settings import MB, Settings, load_settings, save_settings

pytestmark = pytest.mark.window


@pytest.fixture(autouse=True)
def _usual_again() -> Iterator[None]:
    yield
    save_settings(Settings())


@pytest.mark.parametrize(("asked", "kept"), [(300, 300), (3, 16), (0, 0)])
def test_that_the_memory_asked_for_is_kept(window: MainWindow, asked: int, kept: int) -> None:
    save_settings(Settings(64))

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        assert dialog.intValue() == 64
        dialog.setIntValue(asked)
        dialog.accept()

    QTimer.singleShot(200, answer)
    ask_frame_memory(window, window.session)
    assert load_settings() == Settings(kept)
    assert window.session.cache.limit == Settings(kept).frame_bytes
    words = f"up to {Settings(kept).frame_bytes // MB:,} MB"
    assert words in window.store.state.moment.notices[-1].text


def test_that_the_cap_of_compressed_files_is_asked_for_and_kept(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(RAISED_CAP, "1")  # put back afterwards
    save_settings(Settings(64))

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        assert dialog.intValue() == 0
        dialog.setIntValue(30)
        dialog.accept()

    QTimer.singleShot(200, answer)
    (item,) = [a for a in window._menus["File"].actions() if "compressed" in a.text()]
    item.trigger()
    assert load_settings() == Settings(64, 30)
    assert cap_of(10, "gz") == 30 << 30
    assert "may unpack to 30 GB" in window.store.state.moment.notices[-1].text
