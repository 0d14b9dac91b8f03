"""Work of a dialog in a thread: told on the window's thread, the newest question alone."""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import QObject

from mlipviewer.gui.later import Later


def test_that_only_the_newest_question_is_answered(qtbot: Any) -> None:
    parent, told, go = QObject(), [], threading.Event()
    later = Later(parent)
    later.ask(lambda: go.wait(10) and "old", told.append, told.append)
    later.ask(lambda: "new", told.append, told.append)
    qtbot.waitUntil(lambda: not later.busy)
    go.set()
    qtbot.wait(50)
    assert told == ["new"]


def test_that_the_answer_is_told_on_the_windows_thread(qtbot: Any) -> None:
    parent, threads = QObject(), []
    later = Later(parent)

    def work() -> int:
        threads.append(threading.current_thread())
        return 1

    later.ask(work, lambda _value: threads.append(threading.current_thread()), threads.append)
    qtbot.waitUntil(lambda: not later.busy)
    assert threads[0] is not threads[1]
    assert threads[1] is threading.main_thread()


def test_that_a_failure_is_one_sentence(qtbot: Any) -> None:
    def work() -> None:
        raise ValueError("two\nlines")

    parent, told = QObject(), []
    later = Later(parent)
    later.ask(work, told.append, lambda reason: told.append(f"failed: {reason}"))
    qtbot.waitUntil(lambda: not later.busy)
    assert told == ["failed: two lines"]


def test_that_a_dialog_that_is_gone_is_told_nothing(qtbot: Any) -> None:
    import shiboken6

    parent, told, go = QObject(), [], threading.Event()
    later = Later(parent)
    later.ask(lambda: go.wait(10), told.append, told.append)
    shiboken6.delete(parent)
    before = set(threading.enumerate())
    go.set()
    for thread in before - {threading.main_thread()}:
        thread.join(1)
    assert told == []
