"""The desktop is told of long work that ended while another window was in front."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from mlipviewer.app.long_work import LONG, Desktop, LongWork
from mlipviewer.app.window import MainWindow
from mlipviewer.campaign.beat import Running
from mlipviewer.campaign.estimate import Cost
from mlipviewer.core.progress import Progress
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.campaigns.seen import Seen, Standing
from mlipviewer.session.state import Errand
from mlipviewer.session.store import Store
from tests.main_window import settled
from tests.windows import in_front

pytestmark = pytest.mark.window


class Clock:
    """Seconds that pass only when it is said."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def elsewhere(window: MainWindow, qtbot: Any) -> Iterator[QWidget]:
    """Another window that can be in front."""
    del window
    other = QWidget()
    other.setWindowTitle("elsewhere")
    other.resize(300, 200)
    with qtbot.waitExposed(other):
        other.show()
    yield other
    other.close()
    other.deleteLater()


def work(window: MainWindow, clock: Clock, seconds: float, fails: bool = False) -> None:
    """A job of that many seconds of the clock."""
    over = threading.Event()

    def run(_progress: Progress) -> None:
        assert over.wait(30)
        if fails:
            raise ValueError("no such thing")

    errand = Errand("Big <b>export</b>", run, lambda state, _none: state)
    window.store.commit(lambda s: s.with_moment(errands=(errand,)), "Begin")
    window.store.flush()
    window.session.drain(5.0)  # it has begun
    window.store.flush()
    clock.now += seconds
    over.set()
    settled(window)


def test_that_only_long_work_is_told_and_only_to_who_is_elsewhere(
    window: MainWindow, elsewhere: QWidget, qtbot: Any
) -> None:
    said: list[str] = []
    clock = Clock()
    heard = LongWork(window, window.store, said.append, clock)
    in_front(qtbot, window)
    work(window, clock, LONG + 1)
    in_front(qtbot, elsewhere)
    work(window, clock, LONG / 2)
    assert said == []
    work(window, clock, LONG + 1)
    work(window, clock, LONG + 1, fails=True)
    assert said == ["Big <b>export</b> is done", "Big <b>export</b> failed"]
    settings_in_use.set("general.notify", False)
    try:
        work(window, clock, LONG + 1)
    finally:
        settings_in_use.set("general.notify", True)
    assert len(said) == 2
    heard.end()
    work(window, clock, LONG + 1)
    assert len(said) == 2


def test_that_a_desktop_without_a_tray_is_told_without_harm(window: MainWindow) -> None:
    desktop = Desktop(window)
    desktop.tell("Movie is done")
    desktop.tell("Movie is done again")
    settled(window)


def test_that_the_end_of_a_campaign_is_told(elsewhere: QWidget, qtbot: Any) -> None:
    in_front(qtbot, elsewhere)
    said: list[str] = []
    store, hidden = Store(), QWidget()
    heard = LongWork(hidden, store, said.append)
    costs = (Cost("judge", "C11", 4, 1.0, done=3, failed=1),)

    def see(since: float | None, folder: str = "/data/silicon", starting: bool = False) -> None:
        running = None if since is None else Running(1, "here", 2, since)
        standing = Standing(folder, running, costs, starting=starting)
        store.commit(lambda s: s.with_moment(campaign=Seen(standing=standing)), "See")
        store.flush()

    now = time.time()
    for since in (None, now - 1, None, now - 100, now - 100):
        see(since)
    see(None, "/data/other")
    see(now - 100)
    see(None, starting=True)
    assert said == []
    see(now - 100)
    see(None)
    assert said == ["Campaign silicon: 3 of 4 done, 1 failed"]
    heard.end()
    hidden.deleteLater()
