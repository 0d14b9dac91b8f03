"""Loading the program without what only costs time then."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def quick_loading() -> Iterator[None]:
    """Load what the window needs. What was loaded stays for good: no later sweep of the garbage
    collector looks through it. From then on the window's sweeper sweeps (gui.sweeping)."""
    gc.disable()  # its sweeps find nothing then, and cost a tenth of the start
    try:
        spare_search_of_sources()
        yield
    except BaseException:
        gc.enable()
        raise
    gc.freeze()


def spare_search_of_sources() -> None:
    """Qt's binding reads the source of each module that is imported after it, to see whether the
    module may switch to its other spellings (`from __feature__ import snake_case`). That costs a
    tenth of the start, and as much again of each large library; taking every module for one that
    may switch is right as well. A binding that no longer does so is left alone."""
    import_module("PySide6.QtCore")
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        setattr(feature, "_mod_uses_pyside", lambda _module: True)  # noqa: B010 (not in its stubs)
