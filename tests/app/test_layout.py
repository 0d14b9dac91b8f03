"""What a session says of the places of docks, and what Qt is given of it."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path

import pytest

from mlipviewer.app.window import MainWindow
from mlipviewer.session.saving.dock_places import dock_bytes, dock_places
from tests.app import window_work as work
from tests.main_window import settled

pytestmark = pytest.mark.window


def docks_of(window: MainWindow) -> bytes:
    return bytes(window.saveState().data())


def test_that_the_places_that_qt_writes_are_understood(window: MainWindow) -> None:
    for change in (lambda d: d.setFloating(True), lambda d: d.hide(), lambda d: d.raise_()):
        change(window.docks.by_panel["table"])
        settled(window)
        assert dock_bytes(dock_places(docks_of(window))) == docks_of(window)


def test_that_damaged_places_in_a_session_do_not_end_the_program(
    window: MainWindow, tmp_path: Path
) -> None:
    before = docks_of(window)
    third = struct.pack(">i", len(dock_places(before).areas)) + struct.pack(">i", 0)
    damaged = before.replace(third, third[:4] + struct.pack(">i", -253), 1)
    assert damaged != before
    path = tmp_path / "theirs.mlipview"
    told = {"docks": base64.b64encode(damaged).decode()}
    path.write_text(json.dumps({"format": 1, "document": {}, "window": told}))
    window.open([str(path)])
    work.run_until(lambda: window.sessions.path == path, 5)
    settled(window)
    assert docks_of(window) == before
