"""Menus, keys and the palette come from one list: no action or shortcut is made beside it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "mlipviewer"
QT_ROOMS = sorted(path for room in ("gui", "views", "app") for path in (ROOT / room).rglob("*.py"))
MAKES = {"QAction", "QShortcut", "QWidgetAction"}
GIVES_KEYS = {"setShortcut", "setShortcuts", "keyPressEvent", "addShortcut"}

MADE_HERE = {
    "app/registry.py": "makes the actions",
    "views/plot_menu.py": "a form inside a menu",
}
OWN_KEYS = {
    "app/help/welcome.py": "Esc leaves a page that covers all else",
    "app/registry.py": "gives actions their keys",
    "views/table_rows.py": "moves through rows as every table does",
    "views/column_chooser.py": "Space ticks, as in every list",
    "views/column_filter.py": "Space ticks, as in every list",
    "views/atoms/find.py": "Return and Escape in a line of text",
    "views/atoms/surface.py": "Escape ends an outline that is being drawn",
}


def calls(code: str) -> list[tuple[int, str]]:
    """The lines where an action is made or given keys, with the name of what does it."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            found.append((node.lineno, name))
        elif isinstance(node, ast.FunctionDef):
            found.append((node.lineno, node.name))
    return [(line, name) for line, name in found if name in MAKES | GIVES_KEYS]


@pytest.mark.parametrize("path", QT_ROOMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_that_actions_and_keys_come_from_the_list(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    for line, called in calls(path.read_text("utf-8")):
        allowed = MADE_HERE if called in MAKES else OWN_KEYS
        assert name in allowed, f"line {line}: {called}: put an Action into session/actions/"


@pytest.mark.parametrize(
    "code",
    [
        "QAction('Open', menu)",
        "QtGui.QShortcut(key, self)",
        "action.setShortcut('Ctrl+O')",
        "class A:\n    def keyPressEvent(self, event): ...",
    ],
)
def test_that_the_rule_above_finds_what_it_forbids(code: str) -> None:
    assert calls(code)
