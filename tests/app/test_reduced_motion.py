"""Nothing moves by itself where motion is reduced: by the user, or by a system that says so."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QProgressBar

from mlipviewer.app.preferences.heeding import heed_everywhere
from mlipviewer.app.window import MainWindow
from mlipviewer.gui import motion
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.gui.theme import current_theme
from mlipviewer.session.state import Job, JobState
from tests.main_window import settled, shown_view

pytestmark = pytest.mark.window

NAME = "appearance.reduced_motion"


@pytest.fixture(autouse=True)
def _as_usual(qapp: Any) -> Any:
    yield
    settings_in_use.set(NAME, False)
    settings_in_use.wait()
    heed_everywhere(qapp)


def test_that_nothing_slides_fades_or_blinks(window: MainWindow, qapp: Any) -> None:
    heed_everywhere(qapp)
    blinks = QApplication.cursorFlashTime()
    assert window.isAnimated()
    settings_in_use.set(NAME, True)
    assert not window.isAnimated()
    assert QApplication.cursorFlashTime() == 0
    for effect in (Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_FadeTooltip):
        assert not QApplication.isEffectEnabled(effect)
    settings_in_use.set(NAME, False)
    assert window.isAnimated()
    assert QApplication.cursorFlashTime() == blinks


@pytest.mark.parametrize("reduced", [False, True])
def test_that_a_bar_of_unknown_length_sweeps_or_says_so(window: MainWindow, reduced: bool) -> None:
    settings_in_use.set(NAME, reduced)
    jobs = tuple(Job(900 + total, "made", JobState.RUNNING, 0, total) for total in (0, 8))
    view = shown_view(window, "jobs")
    window.store.commit(lambda s: s.with_moment(jobs=jobs), "Begin")
    window.store.flush()
    known, unknown = view.findChildren(QProgressBar)
    assert (known.maximum(), known.text()) == (8, "0%")
    assert unknown.maximum() == (1 if reduced else 0)  # of no length it sweeps
    assert unknown.text() == ("running" if reduced else "")
    window.store.commit(lambda s: s.with_moment(jobs=()), "End")
    settled(window)


class _Asked(Enum):
    ReducedMotion = 1
    HighContrast = 2
    NoPreference = 3


class _Hints:
    """What a system says; Qt tells of motion from 6.12 on."""

    def __init__(self, told: _Asked) -> None:
        self.told = told

    def motionPreference(self) -> _Asked:
        return self.told

    def contrastPreference(self) -> _Asked:
        return self.told


def test_that_what_the_system_asks_for_holds(monkeypatch: pytest.MonkeyPatch, qapp: Any) -> None:
    assert not motion.is_reduced()
    monkeypatch.setattr(motion, "system_hints", lambda: _Hints(_Asked.ReducedMotion))
    assert motion.is_reduced()
    monkeypatch.setattr(motion, "system_hints", lambda: _Hints(_Asked.HighContrast))
    heed_everywhere(qapp, "system")
    assert current_theme().name == "high contrast"
    heed_everywhere(qapp, "light")
    assert current_theme().name == "light"
    monkeypatch.setattr(motion, "system_hints", lambda: None)
    heed_everywhere(qapp, "system")
    assert current_theme().name in ("light", "dark")
    assert not motion.is_reduced()
