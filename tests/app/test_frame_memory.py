"""The memory for frames is a setting: heeded at once and in later windows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QInputDialog

from mlipviewer.app.frame_memory import ask_frame_memory
from mlipviewer.app.window import MainWindow
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
