"""What the contexts of OpenGL hold: counted, to see that nothing gathers there."""

from __future__ import annotations

from mlipviewer.gui.scene.canvas import AtomsCanvas

NAMES = 2000  # objects of a context are numbered from 1


def gl_objects(canvas: AtomsCanvas) -> tuple[int, int, int, int]:
    """Buffers, textures, frame buffers and programs that the context of a canvas has."""
    canvas.makeCurrent()
    gl = canvas.context().functions()
    asks = (gl.glIsBuffer, gl.glIsTexture, gl.glIsFramebuffer, gl.glIsProgram)
    found = [sum(bool(ask(name)) for name in range(1, NAMES)) for ask in asks]
    canvas.doneCurrent()
    return found[0], found[1], found[2], found[3]
