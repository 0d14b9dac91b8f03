"""What is wanted of the thread that draws without a graphics card: panes as arrays and numbers."""

from __future__ import annotations

import numpy as np

from mlipviewer.gui.colours import MISSING
from mlipviewer.gui.scene.appearance import Appearance, Rect, Window, rgb_bytes
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.draw_spheres import few_marked
from mlipviewer.gui.scene.paints import Paint
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.picking import view_numbers
from mlipviewer.gui.scene.splatting import PanePicture
from mlipviewer.gui.theme import Theme
from mlipviewer.native.splat import Balls, Seen, Tints


def pane_picture(
    pane: Pane, camera: Camera, rect: Rect, window: Window, look: Appearance
) -> PanePicture | None:
    """The window of a pane, to be drawn into a rectangle of the picture."""
    spheres, paint = pane.spheres, pane.drawn_paint
    if spheres is None or paint is None:
        return None
    size = (float(window.size[0]), float(window.size[1]))
    scale = camera.scale(size)
    return PanePicture(
        rect,
        Balls(
            spheres.positions,
            spheres.codes,
            spheres.radii,
            pane.drawn_marks,
            lambda: spheres.blocks,
        ),
        _tints(paint, look.theme),
        Seen(
            view_numbers(camera, spheres, size),
            scale,
            look.halo,
            window.width,
            window.height,
            pane.edges if look.looks.cell else pane.edges[:0],
            rgb_bytes(look.theme.frame),
            max(round(1.3 * look.ratio), 1),
            look.least,
            window.middle,
            (window.left, window.top),
        ),
        few_marked(pane.drawn_marks).astype(np.int32),
        pane.shown_rods,
        pane.shown_faces,
        look.cues(scale, pane.depths(camera)),
    )


def _tints(paint: Paint, theme: Theme) -> Tints:
    return Tints(
        paint.data,
        paint.table,
        paint.times,
        paint.plus,
        missing=MISSING,
        background=rgb_bytes(theme.background),
        ring=rgb_bytes(theme.selected),
        edge=rgb_bytes(theme.background),
        hover=rgb_bytes(theme.hovered),
    )
