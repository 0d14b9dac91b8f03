"""The sheet of keys: all actions that have some, by place and menu, from the registry's lists."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt

from mlipviewer.gui.keys import keys_words
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.actions.action import place_words
from mlipviewer.session.actions.listing import ACTIONS

_BUTTONS = {
    "left": Qt.MouseButton.LeftButton,
    "middle": Qt.MouseButton.MiddleButton,
    "right": Qt.MouseButton.RightButton,
}
_DOES = {"turn": "turns", "pan": "moves", "zoom": "zooms", "rectangle": "selects"}
_ELSEWHERE = (
    ("plot", "drag chooses or zooms; wheel zooms; Shift and drag pans; double click: all"),
    ("anywhere", "Ctrl adds, Alt removes, Ctrl+Shift intersects, plain replaces"),
)


def mouse_lines() -> tuple[tuple[str, str], ...]:
    """Place -> what the mouse does there, with the buttons as this user has them."""
    from mlipviewer.views.atoms.mouse import Tool, drag_of, scroll_moves  # loads OpenGL

    preset, alone = settings_in_use.now.text("mouse.preset"), Qt.KeyboardModifier.NoModifier
    drags = [
        f"{name} drag {_DOES[drag_of(preset, button, alone, Tool.ROTATE)]}"
        for name, button in _BUTTONS.items()
    ]
    scroll = ("zooms", "moves")[:: -1 if scroll_moves(preset, alone) else 1]
    said = f"{', '.join(drags)}; Shift and left drag moves; scrolling {scroll[0]}, with Alt it"
    return (("3D view", f"{said} {scroll[1]}; double click: centre"), *_ELSEWHERE)


def key_groups() -> dict[str, list[tuple[str, str]]]:
    """Place or menu -> (keys in use, title); what has no keys is left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    for action in ACTIONS:
        keys = keys_words(action.id)
        if keys:
            name = place_words(action.where) or action.menu.partition("/")[0] or "Anywhere"
            found.setdefault(name[0].upper() + name[1:], []).append((keys, action.title))
    return found


def key_sheet_html() -> str:
    """The sheet; everything in it is escaped."""
    parts = ["<h2>MLIPViewer: keys</h2>"]
    for name, lines in key_groups().items():
        parts.append(f"<h3>{html.escape(name)}</h3><table cellpadding='2' width='100%'>")
        parts += [
            f"<tr><td width='38%'><b>{html.escape(keys)}</b></td><td>{html.escape(title)}</td></tr>"
            for keys, title in lines
        ]
        parts.append("</table>")
    parts.append("<h3>Mouse</h3>")
    parts += [f"<p><b>{html.escape(a)}</b>: {html.escape(b)}</p>" for a, b in mouse_lines()]
    return "\n".join(parts)
