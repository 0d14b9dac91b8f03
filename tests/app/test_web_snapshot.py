"""A web snapshot from the menu."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from mlipviewer.app.window import MainWindow
from tests import made
from tests.app import window_work as work
from tests.main_window import settled

pytestmark = pytest.mark.window


def test_that_the_menu_writes_a_page_while_the_window_works(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open([str(made.write_table(tmp_path / "errors.csv"))])
    settled(window)
    out = tmp_path / "page.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "page"), ""))
    window.registry.items["export.snapshot"].trigger()
    work.run_until(lambda: "Written" in window.notices.text.text(), 60)
    assert out.stat().st_size > 20_000
    assert str(tmp_path) not in out.read_text("utf-8")
