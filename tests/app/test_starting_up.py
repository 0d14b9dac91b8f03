"""What a start does about versions, graphics, settings, failed starts and crashes before it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.app.start import crash_log, opengl_probe, safe_start
from mlipviewer.app.start.fitness import unfit, unfit_here
from mlipviewer.cli import main
from mlipviewer.core import own_program
from mlipviewer.gui.scene.plain_canvas import NOT_OPENGL
from mlipviewer.io.processes import own_name
from mlipviewer.session.settings import places, starts
from tests import windows

TREE = {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])}


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STATE_HOME", "CONFIG_HOME"):
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / name.lower()))
    for name in (*opengl_probe.SOFTWARE, own_program.SAFE_MODE, NOT_OPENGL):
        monkeypatch.setenv(name, os.environ.get(name, ""))


# -- versions


@pytest.mark.parametrize(
    ("python", "pyside", "good"),
    [
        ((3, 11), "6.12.0", False),
        ((3, 10), "6.12.1", False),
        ((3, 12), "6.12.0", True),
        ((3, 11), "6.10.3", True),
        ((3, 11), "unknown", True),
    ],
)
def test_that_a_pair_known_to_crash_is_refused(
    python: tuple[int, int], pyside: str, good: bool
) -> None:
    said = unfit(python, pyside)
    assert (said == "") == good
    assert good or (pyside in said and "pip install" in said)


def test_that_this_very_pair_is_fit() -> None:
    assert unfit_here() == ""


# -- workers


def test_that_each_worker_is_a_module_that_can_be_run() -> None:
    from importlib.util import find_spec

    for name, module in own_program.WORKERS.items():
        spec = find_spec(module)
        assert spec is not None
        assert "def main()" in Path(str(spec.origin)).read_text()
        assert own_program.worker_command(name)[-1] == module
    assert main(["--worker", "no-such"]) == 2


def test_that_the_frozen_program_starts_its_workers_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from mlipviewer.analysis.methods.lammps_calculator import PYTHON, lammps_python

    monkeypatch.delenv(PYTHON, raising=False)
    assert lammps_python() == sys.executable
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_program.worker_command("read") == [sys.executable, "--worker", "read"]
    assert lammps_python() == ""  # the program itself is no Python


def test_that_the_worker_of_the_command_line_reads_a_file(tmp_path: Path) -> None:
    """As the frozen program does it."""
    import json
    import struct

    path = tmp_path / "a.xsf"
    path.write_text("CRYSTAL\nPRIMVEC\n3 0 0\n0 3 0\n0 0 3\nPRIMCOORD\n1 1\n14 0.5 0 0\n")
    request = {"path": str(path), "format": "xsf", "memory": 4 << 30}
    done = subprocess.run(
        [*own_program.own_command(), "--worker", "read"],
        input=json.dumps(request).encode() + b"\n",
        capture_output=True,
        timeout=60,
        check=True,
        env=os.environ | TREE,
    )
    (length,) = struct.unpack("<q", done.stdout[:8])
    assert len(json.loads(done.stdout[8 : 8 + length])["frames"]) == 1


# -- failed starts, graphics


def test_that_safe_mode_is_offered_after_two_starts_that_failed() -> None:
    for failed in range(3):
        known = starts.load_starts()
        assert known.failed == failed
        assert known.offers_safe_mode == (failed >= 2)
        starts.begin_start(known)
    starts.start_went_well("here")
    assert starts.load_starts() == starts.Starts(0, "here")
    starts.begin_start(starts.load_starts())
    assert starts.load_starts().graphics == "here"
    starts.begin_start(starts.load_starts())
    assert starts.load_starts().graphics == ""  # it failed: graphics are asked anew


@pytest.mark.parametrize("text", ["", "[]", '{"failed": "x"}', "[" * 100_000, "\0"])
def test_that_a_damaged_record_of_starts_is_no_start(text: str) -> None:
    starts.starts_path().parent.mkdir(parents=True)
    starts.starts_path().write_text(text)
    assert starts.load_starts() == starts.Starts()


def test_that_bad_graphics_are_replaced_step_by_step() -> None:
    asked: list[Any] = []

    def working(*works: str) -> Any:
        answers = list(works)

        def ask(more: Any = None) -> str:
            asked.append(more)
            return answers.pop(0)

        return ask

    assert safe_start.check_graphics("", working("card")).where == opengl_probe.where()
    assert safe_start.check_graphics(opengl_probe.where(), working()).notice == ""
    assert asked == [None]
    software = safe_start.check_graphics("", working("", "llvmpipe"))
    assert "graphics card" in software.notice
    assert os.environ["LIBGL_ALWAYS_SOFTWARE"] == "1"
    assert asked == [None, None, opengl_probe.SOFTWARE]
    none = safe_start.check_graphics("", working("", ""))
    assert "no OpenGL" in none.notice
    assert os.environ[NOT_OPENGL] == "1"


@pytest.mark.window
def test_that_a_child_tells_who_draws(screen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in TREE.items():
        monkeypatch.setenv(name, value)
    assert opengl_probe.renderer() == screen
    assert opengl_probe.renderer({"DISPLAY": ":9999", "QT_QPA_PLATFORM": "xcb"}) == ""


@pytest.mark.window
@pytest.mark.parametrize("safe", [True, False])
def test_that_the_user_chooses_safe_mode(qtbot: Any, safe: bool) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMessageBox

    assert not safe_start.wants_safe_mode()
    starts.save_starts(starts.Starts(2))

    def choose() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        button = next(b for b in box.buttons() if ("safe" in b.text()) == safe)
        windows.click(button)

    QTimer.singleShot(200, choose)
    assert safe_start.wants_safe_mode() == safe


# -- settings


def test_that_reset_puts_settings_aside_and_deletes_nothing() -> None:
    from mlipviewer.session.settings.values import Settings, load_settings, save_settings

    assert places.put_aside() is None
    asides = []
    for memory in (100, 200):
        save_settings(Settings({"memory.frames": memory}))
        asides.append(places.put_aside())
        assert load_settings() == Settings()
    for memory, aside in zip((100, 200), asides, strict=True):
        assert aside is not None
        assert load_settings(aside / "settings.toml").number("memory.frames") == memory


# -- crashes


def test_that_a_crash_leaves_a_report_that_is_told_once() -> None:
    code = (
        "import faulthandler, sys, time; from mlipviewer.app.start import crash_log;"
        "sys.stderr = None; crash_log.begin_log(); faulthandler._sigsegv()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, timeout=60, env=os.environ | TREE
    )
    assert done.returncode != 0
    report = crash_log.take_crash_report()
    assert report is not None
    path, text = report
    assert "Segmentation fault" in text
    assert path.exists()
    assert crash_log.take_crash_report() is None


def test_that_a_process_that_ends_as_usual_leaves_no_report() -> None:
    code = (
        "import threading, logging; from mlipviewer.app.start import crash_log;"
        "crash_log.begin_log();"
        "bad = lambda: [logging.getLogger('x').warning('first\\n2026 forged \\x1b[31m'), 1 / 0];"
        "t = [threading.Thread(target=bad) for _ in range(3)];"
        "[(one.start(), one.join()) for one in t]; crash_log.end_log()"
    )
    run = [sys.executable, "-c", code]
    subprocess.run(run, check=True, timeout=60, env=os.environ | TREE, stderr=subprocess.DEVNULL)
    assert crash_log.take_crash_report() is None
    lines = (crash_log.logs_folder() / crash_log.LOG).read_text().splitlines()
    assert sum("division by zero" in line for line in lines) == 3
    assert sum("forged" in line for line in lines) == 3
    assert all(line[:2] == time.strftime("%Y")[:2] for line in lines)
    assert "\x1b" not in "".join(lines)


def test_that_reports_of_processes_that_run_are_left_alone() -> None:
    folder = crash_log.logs_folder()
    folder.mkdir(parents=True)
    (folder / f"crash-{own_name()}.txt").write_text("not yet")
    (folder / "crash-1-2@elsewhere.txt").write_text("of a computer that shares the home")
    assert crash_log.take_crash_report() is None


def test_that_reports_that_another_start_sweeps_too_are_no_reason_to_have_none() -> None:
    folder = crash_log.logs_folder()
    folder.mkdir(parents=True)
    (folder / "told-crash-1.txt").symlink_to(folder / "swept meanwhile")
    crash_log.begin_log()
    assert [path.name for path in folder.glob("crash-*.txt")] == [f"crash-{own_name()}.txt"]
    assert crash_log._open
    crash_log.end_log()


def test_that_a_place_that_cannot_be_written_is_no_reason_not_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    before = list(logging.getLogger().handlers)
    crash_log.begin_log()
    logging.getLogger("mlipviewer").warning("kept in memory")
    crash_log.end_log()
    assert logging.getLogger().handlers == before


# -- files of the desktop


@pytest.mark.window
def test_that_files_of_the_desktop_wait_for_the_window() -> None:
    code = (
        "from mlipviewer.app.start.arrivals import Application\n"
        "from PySide6.QtGui import QFileOpenEvent\n"
        "app = Application(['x']); came = []\n"
        "app.sendEvent(app, QFileOpenEvent('/a.xyz')); assert came == []\n"
        "app.open_with(lambda files, choices: came.append((list(files), choices)))\n"
        "app.sendEvent(app, QFileOpenEvent('/b.xyz'))\n"
        "assert came == [(['/a.xyz'], ''), (['/b.xyz'], '')], came\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env=os.environ | TREE)
