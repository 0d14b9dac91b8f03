"""What a window loads before it shows."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.window

HEAVY = ("ase", "moocore", "networkx", "openpyxl", "pandas", "pyarrow", "scipy", "sklearn")
CODE = """
import sys
from PySide6.QtWidgets import QApplication
application = QApplication(["start"])
from mlipviewer.app.window import MainWindow
window = MainWindow()
window.show()
for _ in range(20):
    application.processEvents()
print(*sorted(sys.modules))
window.close()
"""


def test_that_an_empty_window_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert "mlipviewer.views.plot" in loaded
    assert loaded.isdisjoint(HEAVY), sorted(loaded & set(HEAVY))
