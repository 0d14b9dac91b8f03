"""The main window, for each test that asks for it."""

from __future__ import annotations

from tests.main_window import window

__all__ = ["window"]
