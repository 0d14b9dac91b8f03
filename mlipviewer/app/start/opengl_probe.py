"""Whether OpenGL works on this screen, asked of a child process: a bad driver ends only that."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from mlipviewer.core.own_program import NO_CONSOLE, worker_command

SECONDS = 20.0
_GL_RENDERER = 0x1F01
SOFTWARE = {"LIBGL_ALWAYS_SOFTWARE": "1", "QT_OPENGL": "software", "GALLIUM_DRIVER": "llvmpipe"}
"""What makes OpenGL be computed by the processor (Mesa; Qt on Windows)."""


def main() -> None:
    """Make a context, draw one pixel, and say by whom."""
    from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

    application = QGuiApplication.instance() or QGuiApplication(["mlipviewer"])
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        print(json.dumps({"renderer": ""}))  # noqa: T201
        return
    functions = context.functions()
    functions.glClearColor(0.0, 1.0, 0.0, 1.0)
    functions.glClear(0x4000)  # GL_COLOR_BUFFER_BIT
    functions.glFinish()
    print(json.dumps({"renderer": str(functions.glGetString(_GL_RENDERER))}))  # noqa: T201
    context.doneCurrent()
    del application


def renderer(more: dict[str, str] | None = None, seconds: float = SECONDS) -> str:
    """Who draws in a child with these variables; '' where OpenGL does not work."""
    try:
        done = subprocess.run(
            worker_command("opengl"),
            capture_output=True,
            timeout=seconds,
            check=True,
            env=os.environ | (more or {}),
            stdin=subprocess.DEVNULL,
            creationflags=NO_CONSOLE,
        )
        return str(json.loads(done.stdout.splitlines()[-1])["renderer"])
    except (OSError, subprocess.SubprocessError, ValueError, LookupError, TypeError):
        return ""


def where() -> str:
    """What the answer depends on, to ask once and not at each start."""
    from PySide6.QtCore import qVersion

    names = ("QT_QPA_PLATFORM", "LIBGL_ALWAYS_SOFTWARE", "DISPLAY", "WAYLAND_DISPLAY", "QT_OPENGL")
    settings = " ".join(f"{name}={os.environ.get(name, '')}" for name in names)
    return f"{sys.platform} Qt {qVersion()} {settings}"


def be_software() -> None:
    """Let this process draw without the graphics card; before there is an application."""
    os.environ.update(SOFTWARE)


if __name__ == "__main__":
    main()
