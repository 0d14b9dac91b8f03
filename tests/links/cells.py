"""What the tests of links do with the mouse, and where they look for what is painted."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton

from mlipviewer.app.window import MainWindow
from tests.main_window import plot, row_pixel, table
from tests.windows import CTRL, choose_in_menu, click, picture

ERRORS = {1: 0.3, 2: 0.1, 3: 0.5, 4: 0.2}
"""The error of the forces (eV/A) in the run of each linked model, by row."""


def click_rows(window: MainWindow, first: int, *others: int) -> None:
    port = table(window).rows.viewport()
    click(port, row_pixel(table(window), first))
    for row in others:
        click(port, row_pixel(table(window), row), CTRL)


def recompute_on_selection(window: MainWindow, panel_id: str) -> None:
    view = plot(window, panel_id)
    options = next(b for b in view.findChildren(QToolButton) if b.text() == "Options")
    choose_in_menu(options.menu(), "Recompute on the selected models")


def banded(window: MainWindow, row: int) -> bool:
    """Whether a row of the table is painted in the colour of selected things."""
    view = table(window)
    seen = picture(view.rows.viewport())
    x, y = row_pixel(view, row)
    tint = 255 - seen[int(y) - view.rows.rowHeight(0) // 2 + 2, int(x)]
    return bool(tint[1] > 30 and tint[1] > 2 * tint[0])


def tinted(window: MainWindow, metric: int) -> bool:
    """Whether a metric's column is in sight in the table, and tinted."""
    view = table(window)
    x, y = row_pixel(view, 5, view.model.column_of(metric))
    if not 0 <= x < view.rows.viewport().width():
        return False
    seen = picture(view.rows.viewport())
    tint = 255 - seen[int(y) - view.rows.rowHeight(0) // 2 + 2, int(x)]
    return bool(tint[1] > 8 and tint[1] > 2 * tint[0])
