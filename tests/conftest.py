"""What all tests share: a home of their own, the virtual screen, the shared data."""

from __future__ import annotations

import gc
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.late import begin_late

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from mlipviewer.gui.sweeping import Sweeper

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = Path(os.environ.get("MLIPVIEWER_DATA", REPOSITORY.parent / "shared" / "data"))
RENDERER = pytest.StashKey[str]()
SWEEPER: pytest.StashKey[Sweeper] = pytest.StashKey()
HOME = pytest.StashKey["tempfile.TemporaryDirectory[str]"]()

# the same examples in each run, so that a failure is of the change at hand; now and then search
# for new ones: HYPOTHESIS_PROFILE=search ./test
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "window: opens a window and so needs a screen")
    config.stash[HOME] = tempfile.TemporaryDirectory(prefix="mlipviewer-test-home-")
    own_home(Path(config.stash[HOME].name))
    if late := os.environ.get("MLIPVIEWER_LATE"):
        begin_late(int(late))


def pytest_unconfigure(config: pytest.Config) -> None:
    if HOME in config.stash:
        config.stash[HOME].cleanup()


def own_home(home: Path) -> None:
    """Point every place where settings, caches and logs are kept below `home`; children inherit."""
    os.environ["HOME"] = str(home)
    for name in ("CONFIG", "DATA", "STATE", "CACHE", "RUNTIME"):
        folder = home / name.lower()
        folder.mkdir(mode=0o700)
        os.environ[f"XDG_{name}_{'DIR' if name == 'RUNTIME' else 'HOME'}"] = str(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask for Qt's application are window tests; those need a display."""
    no_screen = pytest.mark.skip(reason="needs a screen: DISPLAY is not set (./test starts one)")
    for item in items:
        if {"qapp", "qtbot"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("window")
        if item.get_closest_marker("window") and not os.environ.get("DISPLAY"):
            item.add_marker(no_screen)


@pytest.fixture(autouse=True)
def _screen_for_windows(request: pytest.FixtureRequest) -> Iterator[None]:
    """A window test finds a window manager and leaves no window open. After the first one this
    thread alone sweeps, as in the program."""
    if request.node.get_closest_marker("window") is None:
        yield
        if SWEEPER in request.config.stash:
            request.config.stash[SWEEPER].sweep()
        return
    request.getfixturevalue("screen")
    yield
    from PySide6.QtGui import QGuiApplication

    # windows, not widgets: to list Qt's own menus and popups, which may be dying, has crashed
    left = [
        window.objectName() or window.title()
        for window in QGuiApplication.topLevelWindows()
        if window.isVisible()
    ]
    assert not left, f"windows left open: {left}"


@pytest.fixture(scope="session")
def screen(qapp: QObject, request: pytest.FixtureRequest) -> str:
    """The OpenGL renderer of a screen that has a window manager."""
    from mlipviewer.gui.sweeping import Sweeper

    gc.collect()
    gc.freeze()  # the tests themselves are not looked through
    request.config.stash[SWEEPER] = Sweeper(qapp)
    if os.environ.get("QT_QPA_PLATFORM") == "xcb":
        assert has_window_manager(), "no window manager: windows do not activate, keys do not fire"
    renderer = opengl_renderer()
    assert renderer, "no OpenGL context can be made on this screen"
    request.config.stash[RENDERER] = renderer
    return renderer


def has_window_manager() -> bool:
    asked = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return "window id" in answer


def opengl_renderer() -> str:
    from PySide6.QtGui import QOffscreenSurface, QOpenGLContext

    surface = QOffscreenSurface()
    surface.create()
    context = QOpenGLContext()
    if not context.create() or not context.makeCurrent(surface):
        return ""
    gl_renderer = 0x1F01
    name = str(context.functions().glGetString(gl_renderer))
    context.doneCurrent()
    return name


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if RENDERER in config.stash:
        terminalreporter.write_line(f"GL_RENDERER: {config.stash[RENDERER]}")
    skipped = len(terminalreporter.stats.get("skipped", []))
    terminalreporter.write_line(f"skipped: {skipped}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files: MLIPVIEWER_DATA, else shared/data beside the repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no shared data folder (set MLIPVIEWER_DATA to where it is)")
    return SHARED_DATA
