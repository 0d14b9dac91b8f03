"""Files of the user that two windows, or two threads of one, change at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from mlipviewer.io import alone
from mlipviewer.session.saving import locks, recents, trust
from mlipviewer.session.settings import remembered, seen

LONG = 10.0


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


class Two:
    """The first is held where it begins to write, until the second has ended or waits for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, where: ModuleType) -> None:
        self._writes, self._go, self._waits = (threading.Event() for _ in range(3))
        self._write, self._held = getattr(where, "write_text"), False  # noqa: B009
        monkeypatch.setattr(where, "write_text", self._writing)
        monkeypatch.setattr(alone, "WAIT_S", LONG)
        monkeypatch.setattr(alone.time, "sleep", self._sleep)

    def _writing(self, path: Path, text: str) -> None:
        if not self._held:
            self._held = True
            self._writes.set()
            assert self._go.wait(LONG)
        self._write(path, text)

    def _sleep(self, _seconds: float) -> None:
        self._waits.set()
        assert self._go.wait(LONG)

    def do(self, first: Callable[[], object], second: Callable[[], object]) -> None:
        one, other = (threading.Thread(target=act) for act in (first, second))
        one.start()
        assert self._writes.wait(LONG)
        other.start()
        while other.is_alive() and not self._waits.wait(0.01):
            continue
        self._go.set()
        for thread in (one, other):
            thread.join(LONG)
            assert not thread.is_alive()


def test_that_both_sessions_that_are_saved_at_once_are_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Two(monkeypatch, trust).do(lambda: trust.trust("one"), lambda: trust.trust("other"))
    assert set(trust.known_digests()) == {"one", "other"}


def test_that_both_files_that_are_opened_at_once_are_recent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two = Two(monkeypatch, recents)
    two.do(lambda: recents.add_recent("/one.xyz"), lambda: recents.add_recent("/other.xyz"))
    assert set(recents.recent()) == {"/one.xyz", "/other.xyz"}


def test_that_what_is_said_of_two_runs_at_once_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    two = Two(monkeypatch, remembered)
    two.do(lambda: remembered.remember("/one", "{}"), lambda: remembered.remember("/other", "{}"))
    assert (remembered.recall("/one"), remembered.recall("/other")) == ("{}", "{}")


def test_that_both_of_what_is_shown_at_once_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    Two(monkeypatch, seen).do(lambda: seen.mark_seen("tour"), lambda: seen.mark_seen("news"))
    assert seen.seen() == {"tour", "news"}


def test_that_one_window_alone_gets_a_session_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(locks, "own_name", lambda: threading.current_thread().name)
    monkeypatch.setattr(locks, "is_alive", lambda _name, _heard: True)
    got: list[bool] = []
    path = tmp_path / "work.mlipview"
    two = Two(monkeypatch, locks)
    two.do(*[lambda: got.append(locks.take(path))] * 2)
    assert sorted(got) == [False, True]
