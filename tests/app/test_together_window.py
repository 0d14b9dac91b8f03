"""Several files on the window: one run, apart, a folder's list, a numbered file's siblings; opening
asks nothing of the disk on the window's thread."""

from __future__ import annotations

import builtins
import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from mlipviewer.app.trajectories.together import FolderDialog, SequenceDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.session import changes
from tests import made
from tests.main_window import row_pixel, settled, table
from tests.windows import ALT, click, dialog_of, drop, give

pytestmark = pytest.mark.window


def numbered(folder: Path, n: int = 3) -> list[Path]:
    """Parts of one run, 8 frames each."""
    lines = made.write_extxyz(folder / "whole", n_frames=8 * n).read_text().splitlines(True)
    (folder / "whole").unlink()
    paths = [folder / f"step_{k}.xyz" for k in range(9, 9 + n)]
    for k, path in enumerate(paths):
        share = len(lines) // n
        path.write_text("".join(lines[k * share : (k + 1) * share]))
    return paths


def inputs(window: MainWindow) -> list[tuple[str, int]]:
    state = settled(window)
    loaded = state.moment.loaded
    return [
        (one.name, getattr(loaded.get(one.name), "n_frames", 0)) for one in state.document.inputs
    ]


def open_button(dialog: Any) -> Any:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Open)


def test_that_numbered_files_dropped_together_are_one_run(
    window: MainWindow, tmp_path: Path
) -> None:
    assert drop(window, numbered(tmp_path)[::-1])
    assert inputs(window) == [("step_*.xyz", 24)]
    trajectory = window.store.state.trajectory
    assert trajectory is not None
    assert trajectory.info(0)["file"] == "step_9.xyz"
    assert trajectory.info(23)["file"] == "step_11.xyz"


def test_that_alt_keeps_them_apart(window: MainWindow, tmp_path: Path) -> None:
    assert drop(window, numbered(tmp_path), keys=ALT)
    found = inputs(window)
    assert sorted(name for name, _ in found) == ["step_10.xyz", "step_11.xyz", "step_9.xyz"]


def test_that_a_folder_lists_what_it_holds(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    numbered(tmp_path)
    made.write_table(tmp_path / "errors.csv")
    made.write_dump(tmp_path / "own.dump")
    assert drop(window, [tmp_path])
    settled(window)
    dialog = dialog_of(FolderDialog, qtbot)
    shown = [dialog.list.item(k).text() for k in range(dialog.list.count())]
    assert shown[0].startswith("errors.csv")
    assert "3 files, XYZ" in shown[2]
    item = dialog.list.item(1)
    box = dialog.list.visualItemRect(item)
    click(dialog.list.viewport(), (box.left() + 12, box.center().y()))
    assert item.checkState() is Qt.CheckState.Unchecked
    assert open_button(dialog).text() == "Open 2"
    click(open_button(dialog))
    settled(window)
    assert sorted(inputs(window)) == [("errors.csv", 0), ("step_*.xyz", 24)]


def test_that_a_numbered_file_offers_its_siblings(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    first = numbered(tmp_path)[0]
    assert drop(window, [first])
    assert inputs(window) == [("step_9.xyz", 8)]
    assert window.notices.offer.text() == "Open all 3 as one ..."
    click(window.notices.offer)
    dialog = dialog_of(SequenceDialog, qtbot)
    assert dialog.pattern.text() == "step_*.xyz"
    assert "3 files\nstep_9.xyz, step_10.xyz, step_11.xyz" in dialog.said.text()
    dialog.pattern.selectAll()
    qtbot.keyClicks(dialog.pattern, "step_1*.xyz")
    assert "2 files" in dialog.said.text()
    click(open_button(dialog))
    assert inputs(window)[1] == ("step_1*.xyz", 16)


def test_that_opening_asks_nothing_of_the_disk_on_the_windows_thread(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    numbered(folder, 2)
    run = made.write_dump(tmp_path / "own.dump")
    links = made.write_links(tmp_path / "links.csv", [("m2", "trajectory", "own.dump")])
    paths = [run, made.write_table(tmp_path / "errors.csv"), links, *numbered(tmp_path), folder]
    paths.append(tmp_path / "not there.xyz")
    settled(window)
    here, asked = threading.get_ident(), list[str]()

    def watched(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watch(*words: Any, **more: Any) -> Any:
            if threading.get_ident() == here and words and str(tmp_path) in str(words[0]):
                asked.append(f"{name}{words!r}")
            return call(*words, **more)

        return watch

    for name in ("stat", "lstat", "open", "scandir", "listdir", "readlink", "access"):
        monkeypatch.setattr(os, name, watched(name, getattr(os, name)))
    monkeypatch.setattr(builtins, "open", watched("open", open))
    monkeypatch.setattr(io, "open", watched("io.open", io.open))
    os.path.exists(tmp_path)  # noqa: PTH110 (the watch itself)
    assert asked
    asked.clear()
    assert drop(window, paths)
    settled(window)
    assert asked == []


@pytest.mark.parametrize("alone", [False, True])
def test_that_numbered_files_dropped_on_a_row_are_one_run(
    window: MainWindow, tmp_path: Path, alone: bool
) -> None:
    give(window, made.error_table())
    view = table(window)
    paths = [*numbered(tmp_path)[::-1], made.write_dump(tmp_path / "own.dump")]
    keys = ALT if alone else Qt.KeyboardModifier.NoModifier
    assert drop(view.rows.viewport(), paths, row_pixel(view, 7), keys=keys)
    state = settled(window)
    names = [one.name for one in changes.linked_inputs(state, 7)]
    apart = [path.name for path in paths]
    assert names == (apart if alone else ["step_*.xyz", "own.dump"])
    assert state.trajectory is not None
    assert state.trajectory.n_frames == (8 if alone else 24)


def test_that_runs_named_alike_are_dropped_as_two_and_can_be_joined(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    paths = [made.write_dump(tmp_path / f"run_{t}K.dump") for t in (300, 600)]
    assert drop(window, paths)
    assert sorted(inputs(window)) == [("run_300K.dump", 8), ("run_600K.dump", 8)]
    assert window.notices.offer.text() == "Open all 2 as one ..."
    click(window.notices.offer)
    dialog = dialog_of(SequenceDialog, qtbot)
    click(open_button(dialog))
    assert ("run_*K.dump", 16) in inputs(window)


def test_that_several_files_dropped_on_a_row_are_its_runs(
    window: MainWindow, tmp_path: Path
) -> None:
    give(window, made.error_table())
    cold = made.write_extxyz(tmp_path / "run_300K.xyz")
    hot = made.write_extxyz(tmp_path / "run_600K.xyz")
    dump = made.write_dump(tmp_path / "own.dump")
    (tmp_path / "notes.bin").write_bytes(bytes(range(256)) * 9)
    view, steps = table(window), window.store.n_steps
    paths = [hot, dump, cold, tmp_path / "notes.bin"]
    assert drop(view.rows.viewport(), paths, row_pixel(view, 7))
    state = settled(window)
    links = [(link.model, Path(link.path).name) for link in state.document.links]
    assert links == [("m7", "run_600K.xyz"), ("m7", "own.dump"), ("m7", "run_300K.xyz")]
    assert (state.document.focus, state.document.trajectory) == (7, "run_600K.xyz")
    assert state.trajectory is not None
    assert [one.name for one in changes.linked_inputs(state, 7)] == [
        "run_600K.xyz", "own.dump", "run_300K.xyz"
    ]  # fmt: skip
    assert "notes.bin" in window.notices.text.text()
    assert window.store.n_steps == steps + 1
    more = made.write_dump(tmp_path / "more.dump")
    assert drop(view.rows.viewport(), [more], row_pixel(view, 7))
    assert settled(window).document.trajectory == "more.dump"  # what was dropped is shown
    window.store.undo()
    window.store.undo()
    assert settled(window).document.links == ()
