"""Figures of a session file, made without a window."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from mlipviewer.app.figures.drawings import ATOMS, Drawings, NoFigure
from mlipviewer.app.figures.stage import Stage, Unready
from mlipviewer.core.analysis import Result
from mlipviewer.gui.drawing import format_of, write_drawing
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.session.panels import request_of
from mlipviewer.session.saving.receipts import receipt_of
from mlipviewer.session.state import Failure

SIZE = (960, 640)  # of the view that nobody sees


def write(
    session: Path,
    view: str,
    outs: Sequence[Path],
    look: FigureLook | None,
    trusted: bool,
    receipt: bool,
) -> str:
    """Draw a view (a name or title; '' for the first composite figure) into files. Returns what was
    done. Raises ReadProblem, NoFigure, OSError."""
    application = QApplication.instance() or QApplication(["mlipviewer"])
    assert isinstance(application, QApplication)
    from mlipviewer.app.preferences.appearance import dress

    dress(application, "light")
    logging.getLogger("mlipviewer.gui.scene.plain_canvas").setLevel(logging.ERROR)
    for out in outs:
        format_of(out)
    stage = Stage(session, trusted)
    try:
        stage.begin(*SIZE)
        drawings = Drawings(lambda: stage.store.state, lambda: stage.view)
        name = _name(stage, drawings, view)
        stage.settle(lambda: _answered(stage, name))
        wanted = drawings.usual_look(name, FigureLook()) if look is None else look
        drawing = drawings.drawing(name, wanted)
        saved = replace(stage.saved, document=stage.store.state.document)
        for out in outs:
            xmp = receipt_of(saved, out.parent, told_of(name, wanted))[0] if receipt else ""
            write_drawing(drawing, out, xmp)
    except Unready as problem:
        raise NoFigure(str(problem)) from None
    finally:
        stage.end()
    return f"{', '.join(map(str, outs))}: {drawings.names[name]}"


def told_of(name: str, look: FigureLook) -> dict[str, Any]:
    """What a receipt says of the figure itself."""
    sides = {side: float(getattr(look, side)) for side in ("width", "height", "font")}
    return {"view": name, "look": {**asdict(look), **sides}}


def _name(stage: Stage, drawings: Drawings, view: str) -> str:
    figures = stage.store.state.document.figures
    if view:
        return drawings.found(view)
    if not figures:
        raise NoFigure(f"say --view: there are {', '.join(drawings.names)}")
    return figures[0].name


def _answered(stage: Stage, name: str) -> bool:
    """Whether all that the drawing needs is there, or is known to fail."""
    state = stage.store.state
    layout = next((one for one in state.document.figures if one.name == name), None)
    views = {one.view for one in layout.parts} if layout is not None else {name}
    for panel in (one for one in state.document.panels if one.id in views and one.analysis):
        request = request_of(state, panel)
        missing = isinstance(request, Failure) and stage.session.working
        unknown = not isinstance(request, Failure) and not isinstance(
            state.moment.results.get(request), Result | Failure
        )
        if missing or unknown:
            return False
    return ATOMS not in views or stage.view.canvas.panes[0].frame is not None
