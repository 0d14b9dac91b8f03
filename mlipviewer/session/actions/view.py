"""What the view that has the focus can do: cameras, tools, zoom. None of it is history."""

from __future__ import annotations

from mlipviewer.session.actions.action import Action, Where

LOOK, TOOLS = "Atoms/Look", "Atoms/Tools and marks"


def _looks() -> list[Action]:
    """Looking along axes and lattice vectors, from either side."""
    found = []
    for letters, kind in (("XYZ", "axis"), ("123", "lattice vector")):
        for name, key in zip("xyz" if kind == "axis" else "abc", letters, strict=True):
            found += [
                _atoms(f"look.{name}", f"Along {kind} {name}", LOOK, key),
                _atoms(f"look.{name}.back", f"Along {kind} {name}, other side", LOOK, f"Alt+{key}"),
            ]
    return found


def _atoms(name: str, title: str, menu: str, *keys: str, section: str = "") -> Action:
    return Action(name, title, menu, None, keys, where=Where.ATOMS, section=section)


def _turns() -> list[Action]:
    sides = ("left", "right", "up", "down")
    return [
        *(_atoms(f"look.turn.{side}", f"Turn {side}", "", side.title()) for side in sides),
        *(
            _atoms(f"look.move.{side}", f"Move {side}", "", f"Shift+{side.title()}")
            for side in sides
        ),
    ]


VIEW_ACTIONS: tuple[Action, ...] = (
    _atoms("look.all", "See all atoms", LOOK, "R", section="fit"),
    _atoms("look.selected", "Focus the selected atoms", LOOK, "F", section="fit"),
    *_looks(),
    _atoms("look.perspective", "Perspective", LOOK, "P", section="projection"),
    _atoms("look.flat", "Orthographic", LOOK, "O", section="projection"),
    _atoms("look.nearer", "Zoom in", LOOK, "+", "=", section="zoom"),
    _atoms("look.farther", "Zoom out", LOOK, "-", section="zoom"),
    *_turns(),
    _atoms("look.copy", "Copy camera", LOOK, section="copy"),
    _atoms("look.paste", "Paste camera", LOOK, section="copy"),
    _atoms("tool.select", "Select by rectangle, then by lasso", TOOLS, "S"),
    _atoms("tool.pick", "Turn and pick", TOOLS, "V"),
    _atoms("mark.cell", "Cell on / off", TOOLS, "U", section="marks"),
    _atoms("mark.bonds", "Bonds on / off", TOOLS, "B", section="marks"),
    _atoms("mark.labels", "Labels on / off", TOOLS, "T", section="marks"),
    _atoms("mark.legend", "Legend on / off", TOOLS, "G", section="marks"),
    _atoms("mark.arrows", "Arrows of forces on / off", TOOLS, "Shift+F", section="marks"),
    _atoms("pick.next", "Next atom", TOOLS, "Tab", section="pick"),
    _atoms("pick.previous", "Previous atom", TOOLS, "Shift+Tab", section="pick"),
    Action("plot.all", "See all of the plot", "", None, ("R",), where=Where.PLOT),
    Action("plot.nearer", "Zoom into the plot", "", None, ("+", "="), where=Where.PLOT),
    Action("plot.farther", "Zoom out of the plot", "", None, ("-",), where=Where.PLOT),
    Action("plot.tool", "Rectangle, lasso or zoom by drag", "", None, ("S",), where=Where.PLOT),
    *(
        Action(f"plot.pick.{side}", f"Next point {where}", "", None, (key,), where=Where.PLOT)
        for side, key, where in (
            ("left", "Left", "to the left"),
            ("right", "Right", "to the right"),
            ("up", "Up", "above"),
            ("down", "Down", "below"),
        )
    ),
    Action("plot.copy", "Copy figure", "", None, ("Ctrl+C",), where=Where.PLOT),
    Action("links.open", "Open link", "", None, ("Return",), where=Where.LINKS),
    Action("links.edit", "Change link ...", "", None, ("F2", "Shift+Return"), where=Where.LINKS),
    Action("links.drop", "Remove link", "", None, ("Del",), where=Where.LINKS),
)
