"""Threads that work for widgets: they neither hold these nor bring what is not wanted any more."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.carrying import Carried, Carrier
from mlipviewer.gui.later import Later
from mlipviewer.gui.scene import solid_work
from mlipviewer.gui.scene.newest import Newest
from mlipviewer.gui.scene.solid_work import SolidMaker
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.preparation import Preparation, Unmade

LONG = 10.0


class Work:
    """It begins, and goes on when the test says so."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, *_asked: object) -> Any:
        self.begun.set()
        assert self.go.wait(LONG)
        return self.value

    def wait(self) -> None:
        assert self.begun.wait(LONG)


def threads(name: str) -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == name]


def let_go(work: Work, name: str) -> None:
    """Until its thread has ended."""
    there = threads(name)
    work.go.set()
    for one in there:
        one.join(LONG)
        assert not one.is_alive()


class Dialog(QWidget):
    """It asks something that is answered when it is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.later = Later(self)

    def ask(self, work: Callable[[], Any]) -> None:
        self.later.ask(work, self.hear, self.hear)

    def hear(self, value: object) -> None:
        raise AssertionError(value)


def test_that_a_dialog_is_not_held_by_the_thread_that_answers_it(qtbot: Any) -> None:
    work, dialog = Work(1), Dialog()
    dialog.ask(work)
    work.wait()
    gone = weakref.ref(dialog)
    del dialog
    gc.collect()
    assert gone() is None  # here, in the window's thread
    let_go(work, "later")


def test_that_a_dialog_hears_of_work_that_leaves(qtbot: Any) -> None:
    def leave() -> None:
        raise SystemExit("no licence")

    parent, told = QObject(), []
    later = Later(parent)
    later.ask(leave, told.append, told.append)
    qtbot.waitUntil(lambda: not later.busy)
    assert told == ["no licence"]


def test_that_a_view_is_not_held_by_the_thread_that_copies_it(qtbot: Any) -> None:
    work, view = Work(Carried("it")), QWidget()
    Carrier(view, Store()).copy(work)
    work.wait()
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None
    let_go(work, "carry")


def test_that_what_was_begun_before_the_end_is_not_brought_after_a_new_beginning(
    qtbot: Any,
) -> None:
    parent, brought = QObject(), []
    newest, old = Newest(parent, "made up"), Work("old")
    newest.done.connect(brought.append)
    newest.ask(old)
    old.wait()
    (first,) = threads("made up")
    newest.close()
    newest.ask(lambda: "new")
    old.go.set()
    first.join(LONG)
    assert not first.is_alive()
    qtbot.waitUntil(lambda: "new" in brought)
    assert brought == ["new"]
    newest.close()


def test_that_what_is_on_its_way_at_the_end_is_not_brought(qtbot: Any) -> None:
    parent, brought = QObject(), []
    newest, work = Newest(parent, "made up"), Work("old")
    newest.done.connect(brought.append)
    newest.ask(work)
    work.wait()
    asked = threading.Event()
    newest.drop()
    work.go.set()
    newest.ask(asked.set)  # when this has begun the value before is on its way
    assert asked.wait(LONG)
    newest.close()
    qtbot.wait(1)
    assert brought == []


def test_that_one_thread_makes_solids_after_a_new_beginning(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, made = QObject(), []
    old = Work("old")
    monkeypatch.setattr(solid_work, "make_solids", lambda wish: wish())
    maker = SolidMaker(parent)
    maker.made.connect(made.append)
    maker.make(0, old)  # type: ignore[arg-type]
    old.wait()
    (first,) = threads("solids")
    maker.close()
    maker.make(0, lambda: "new")  # type: ignore[arg-type,return-value]
    old.go.set()
    first.join(LONG)
    assert not first.is_alive()
    qtbot.waitUntil(lambda: "new" in made)
    assert made == ["new"]
    maker.close()


def test_that_a_failure_of_what_was_asked_before_does_not_end_the_waiting(qtbot: Any) -> None:
    parent, told = QObject(), []
    preparation = Preparation(parent)
    preparation.failed.connect(told.append)
    done: list[int] = []

    class Asked:
        number = 2

    preparation._pending = Asked()  # type: ignore[assignment]
    preparation.when_ready(lambda: done.append(1))
    preparation._arrive(Unmade(1, "the one before"))
    assert preparation.waiting
    assert (told, done) == ([], [])
    preparation._arrive(Unmade(2, "this one"))
    assert not preparation.waiting
    assert told == ["this one"]
    qtbot.waitUntil(lambda: done == [1])
