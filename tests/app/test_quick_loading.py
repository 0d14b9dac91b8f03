"""Loading does without sweeps of the garbage collector and without reading sources."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mlipviewer.app.start.loading import quick_loading


def test_that_sweeps_rest_while_the_program_is_loaded() -> None:
    frozen = gc.get_freeze_count()
    with by_itself():
        with quick_loading():
            assert not gc.isenabled()
            held = [[k] for k in range(1000)]
        assert gc.get_freeze_count() >= frozen + len(held)
        assert not gc.isenabled()  # the window's thread goes on


def test_that_sweeps_go_on_where_loading_fails() -> None:
    with by_itself():
        with pytest.raises(RuntimeError), quick_loading():
            raise RuntimeError
        assert gc.isenabled()


@contextmanager
def by_itself() -> Iterator[None]:
    """Python sweeps by itself, as where no window was opened yet."""
    was = gc.isenabled()
    gc.enable()
    try:
        yield
    finally:
        (gc.enable if was else gc.disable)()


CHILD = """
import inspect, sys
from mlipviewer.app.start.loading import quick_loading
with quick_loading():
    import linecache
    read = []
    of_all = inspect.getsource
    inspect.getsource = lambda one: read.append(one) or of_all(one)
    import wave, PySide6.QtGui
    assert not read, read
from PySide6.QtCore import QObject
assert hasattr(QObject, "objectName")
exec("from __feature__ import snake_case\\nassert hasattr(QObject, 'object_name')", globals())
"""


def test_that_no_source_is_read_to_load_a_module_and_spellings_stay_a_choice() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
