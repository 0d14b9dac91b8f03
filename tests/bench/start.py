"""Start to a usable window, beside a bare window with one pyqtgraph plot and one vispy canvas."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from typing import Any

PEER = """
import time; start = time.perf_counter()
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter
application = QApplication(["bench"])
import pyqtgraph, vispy, vispy.scene
vispy.use("pyside6")
window, both = QMainWindow(), QSplitter()
both.addWidget(pyqtgraph.PlotWidget())
both.addWidget(vispy.scene.SceneCanvas(app="pyside6").native)
window.setCentralWidget(both); window.resize(1440, 900); window.show()
"""
OURS = """
import time; start = time.perf_counter()
from PySide6.QtWidgets import QApplication
application = QApplication(["bench"])
from mlipviewer.app.start.loading import quick_loading
with quick_loading():
    from mlipviewer.app.preferences.appearance import dress
    from mlipviewer.app.window import MainWindow
    dress(application)
    window = MainWindow(); window.show()
"""
END = """
import os
for _ in range(20): application.processEvents()
wall, cpu = time.perf_counter() - start, time.process_time()
pages = int(open("/proc/self/statm").read().split()[1]) if os.path.exists("/proc") else 0
print(wall, cpu, pages * 4096 / 2**20, flush=True)
os._exit(0)
"""


def measure(pairs: int = 7) -> dict[str, Any]:
    """Medians of wall s, CPU s and resident MB, and the ratio pair by pair."""
    runs = [(_run(OURS), _run(PEER)) for _ in range(pairs + 1)][1:]
    ours, peer = zip(*runs, strict=True)
    return {
        "ours": _medians(ours),
        "bare_qt_pyqtgraph_vispy": _medians(peer),
        "wall_ratio": round(statistics.median(a[0] / b[0] for a, b in runs), 3),
        "cpu_ratio": round(statistics.median(a[1] / b[1] for a, b in runs), 3),
        "goal_ratio": 1.2,
        "goal_idle_mb": 350,
    }


def _run(code: str) -> tuple[float, float, float]:
    # compiled modules are kept, as where a program is installed: the first run is not counted
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code + END]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=120, env=environment
    )
    wall, cpu, memory = map(float, done.stdout.split())
    return wall, cpu, memory


def _medians(runs: tuple[tuple[float, float, float], ...]) -> dict[str, float]:
    wall, cpu, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    return {"wall_s": round(wall, 3), "cpu_s": round(cpu, 3), "resident_mb": round(memory, 1)}
