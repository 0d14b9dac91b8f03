"""The environment of a heavy family is made by a button of the panel, and is seen when it is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mlipviewer.app.window import MainWindow
from mlipviewer.campaign import environments
from mlipviewer.campaign.environments import PLACE, is_there
from mlipviewer.session.state import JobState
from mlipviewer.views.campaign.families import FamilyRow
from tests.app.campaign_stage import panel, wait
from tests.main_window import settled
from tests.windows import click, press

pytestmark = pytest.mark.window


def chosen(window: MainWindow, name: str) -> FamilyRow:
    """The row of a family that a new design trains, ticked by a click."""
    click(panel(window).begin)
    form = panel(window).design
    wait(window, lambda: name in form.families and form.inside.isEnabled())
    row = form.families[name]
    settled(window)
    form.ensureWidgetVisible(row.chosen)
    assert not row.make.isVisible()
    click(row.chosen, (8, 10))
    wait(window, row.make.isVisible)
    return row


@pytest.mark.parametrize("name", ["mace", "deepmd", "nequip"])
def test_that_a_heavy_family_offers_to_make_its_environment(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(PLACE, str(tmp_path / "none"))
    row = chosen(window, name)
    size = environments.ENVIRONMENTS[name].gigabytes
    assert row.make.text() == f"Make the environment ({size:g} GB)"
    assert row.note.text().startswith(f"needs the environment {name}")


def test_that_the_button_makes_the_environment_once_and_then_goes(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLACE, str(tmp_path / "places"))
    go = tmp_path / "go"
    code = f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.05)"
    plain = [sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "places/mace")]
    steps = [plain, [sys.executable, "-c", code]]
    monkeypatch.setattr(environments, "recipe", lambda *_: steps)
    bare = environments.Environment("mace", ("none==1",), "json", "nothing", 0.1)
    monkeypatch.setitem(environments.ENVIRONMENTS, "mace", bare)  # type: ignore[arg-type]
    row = chosen(window, "mace")
    row.make.setFocus()
    press(row.make, Qt.Key.Key_Space)
    wait(window, lambda: not row.make.isEnabled())
    assert row.make.text() == "Making mace: see Activity"
    titles = [job.title for job in window.store.state.moment.jobs]
    assert titles.count("Make the environment mace") == 1
    go.touch()
    wait(window, lambda: is_there("mace") and not row.make.isVisible())
    assert row.note.text().startswith("takes about ")
    limit = panel(window).design.seconds
    limit.selectAll()
    QTest.keyClicks(limit, "7200")
    press(limit, Qt.Key.Key_Return)
    wait(window, lambda: row.note.text() == "")
    job = next(j for j in settled(window).moment.jobs if j.title == "Make the environment mace")
    assert job.state is JobState.DONE
