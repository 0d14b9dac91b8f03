"""Makes pictures of scenes beside the same scenes drawn by OVITO, for the guide.

    python docs/guide/make_peer_pictures.py PYTHON [SCENE ...]

PYTHON is one in which ovito is installed (`uv venv peer && uv pip install --python
peer/bin/python ovito`, and a Vulkan driver): it runs as a process of its own. Needs a screen. Both
draw the same file from the same place, in the same colours and sizes of atoms, each with its own
light.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

PICTURES = Path(__file__).parent / "pictures"
WIDTH, HEIGHT = 480, 400  # pixels of each half
BACK = np.array([0.55, -1.0, 0.4])  # towards the viewer
MM = 25.4 / 96


@dataclass(frozen=True)
class Sight:
    """What both draw; lengths in A, colours 0..255."""

    file: str
    out: str
    centre: tuple[float, ...]
    height: float
    species: dict[str, tuple[float, tuple[int, ...]]]  # radius, colour
    column: str = ""
    ends: tuple[float, float] = (0.0, 1.0)
    bonds: tuple[tuple[str, str, float], ...] = ()
    bond_radius: float = 0.12
    polyhedra: bool = False
    vectors: float = 0.0  # A for 1 eV/A
    plane: tuple[float, ...] = ()  # normal, distance
    labels: str = ""
    occlusion: bool = False


# -- what is drawn


def perovskite(cells: int) -> Any:
    """SrTiO3, its atoms somewhat displaced, with forces towards their sites."""
    base = np.array([[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    grid = np.array(list(np.ndindex(cells, cells, cells)))
    symbols = np.tile(["Sr", "Ti", "O", "O", "O"], len(grid))
    places = (grid[:, None] + base[None] + 0.25).reshape(-1, 3) * 3.905
    away = np.random.default_rng(3).normal(0, 0.12, places.shape)
    return symbols, places + away, np.linalg.norm(away, axis=1), -8.0 * away, cells * 3.905


def lithium(cells: int) -> Any:
    """bcc lithium that melts along x; the column is how far atoms are from their sites."""
    grid = np.array(list(np.ndindex(cells, cells, cells)))
    places = (grid[:, None] + np.array([[0.25] * 3, [0.75] * 3])[None]).reshape(-1, 3) * 3.5
    warm = 0.1 + 0.55 / (1 + np.exp(-(places[:, :1] - 1.75 * cells) / 3.0))
    away = np.random.default_rng(5).normal(0, 1, places.shape) * warm
    lengths = np.linalg.norm(away, axis=1)
    return np.full(len(places), "Li"), places + away, lengths, -away, cells * 3.5


def write(path: Path, data: Any) -> None:
    symbols, places, values, forces, side = data
    cell = " ".join(str(x) for x in (np.eye(3) * side).ravel())
    kinds = "species:S:1:pos:R:3:displaced:R:1:forces:R:3"
    numbers = np.column_stack([places, values, forces])
    with path.open("w") as file:
        file.write(f'{len(places)}\nLattice="{cell}" Properties={kinds} pbc="T T T"\n')
        for symbol, row in zip(symbols, numbers.tolist(), strict=True):
            file.write(f"{symbol} {' '.join(f'{x:.4f}' for x in row)}\n")


def scenes() -> dict[str, tuple[Any, str, Any]]:
    """By name the data, the column that colours ('' for species), and the looks."""
    from mlipviewer.session.looks import (
        Bonds,
        Labels,
        Lighting,
        Looks,
        Polyhedra,
        Slice,
        Style,
        Vectors,
        with_style,
    )

    none = tuple(("Sr", other, 0.0) for other in ("Sr", "Ti", "O"))
    bonds = Bonds(True, lengths=(("Ti", "O", 2.6), ("Ti", "Ti", 0.0), *none))
    balls = replace(with_style(Looks(), Style.BALL_AND_STICK), bonds=bonds)
    oxide, metal = perovskite(2), lithium(10)
    paper = Lighting.PUBLICATION
    big = replace(Looks(), lighting=paper, radius=1.4)
    return {
        "styles": (oxide, "", replace(Looks(), lighting=paper)),
        "bonds": (oxide, "", balls),
        "polyhedra": (oxide, "", replace(balls, polyhedra=Polyhedra("Ti", "O", 2.6, 0.6))),
        "vectors": (oxide, "", replace(balls, vectors=Vectors("forces", scale=1.0, legend=False))),
        "labels": (oxide, "displaced", replace(balls, labels=Labels("displaced", "%.2f", size=9))),
        "slice": (metal, "displaced", replace(big, slice=Slice(True, (1, -1, 0)))),
        "million": (lithium(80), "displaced", replace(big, cell=False)),
    }


# -- by this program


def ours(window: Any, file: Path, column: str, looks: Any, out: Path) -> Sight:
    """Draw it in the window; what the other program is to draw."""
    from mlipviewer.app.main import settle
    from mlipviewer.gui.drawing import drawing_image
    from mlipviewer.gui.figure_look import FigureLook
    from mlipviewer.gui.scene.camera import _read_only
    from mlipviewer.session import changes, colourings
    from mlipviewer.session.look_changes import set_looks

    def do(change: Any) -> None:
        window.store.commit(change, "picture")
        settle(window)

    window.open([str(file)])
    settle(window)
    do(lambda s: changes.show_trajectory(s, file.name))
    do(lambda s: colourings.colour_by(s, column or "species"))
    do(lambda s: set_looks(s, looks))
    view = window.docks.by_panel["atoms"].view
    canvas, pane = view.canvas, view.canvas.panes[0]
    back = BACK / np.linalg.norm(BACK)
    right = np.cross((0, 0, 1), back)
    right /= np.linalg.norm(right)
    turned = _read_only([right, np.cross(back, right), back])
    canvas.set_camera(replace(canvas.camera, rotation=turned, perspective=False))
    canvas.fit()
    canvas.set_camera(replace(canvas.camera, height=0.88 * canvas.camera.height))
    settle(window)
    camera = canvas.pane_camera(0)
    look = FigureLook(WIDTH * MM, HEIGHT * MM, 8.0, 96, parts=(("axes", False),))
    drawing_image(view.figure(look), 1.0).convertToFormat(_rgb()).save(str(out))
    kinds = {one.name: (one.radius, tuple(map(int, one.colour))) for one in pane.kinds.kinds}
    known = window.store.state.moment.frames[file.name]
    plane: tuple[float, ...] = ()
    if looks.slice.on:
        normal = np.array(looks.slice.normal) / np.linalg.norm(looks.slice.normal)
        plane = (*normal, float(normal @ known.cell.sum(axis=0) / 2))
    values = known.columns["displaced"]
    return Sight(
        str(file),
        str(out.with_name("theirs.png")),
        tuple(camera.centre),
        camera.height,
        kinds,
        column,
        (float(values.min()), float(values.max())),
        looks.bonds.lengths[:1] if looks.bonds.shown else (),
        looks.bonds.radius,
        bool(looks.polyhedra.centre),
        looks.vectors.scale if looks.vectors.column else 0.0,
        plane,
        looks.labels.what,
        looks.lighting.value == "publication",
    )


def _rgb() -> Any:
    from PySide6.QtGui import QImage

    return QImage.Format.Format_RGB32


def pair(ours: Path, theirs: Path, out: Path) -> None:
    """Both beside each other."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter

    gap = 8
    both = QImage(2 * WIDTH + gap, HEIGHT, QImage.Format.Format_RGB32)
    both.fill(Qt.GlobalColor.white)
    painter = QPainter(both)
    painter.drawImage(0, 0, QImage(str(ours)))
    painter.drawImage(WIDTH + gap, 0, QImage(str(theirs)))
    painter.fillRect(WIDTH + 3, 0, 2, HEIGHT, Qt.GlobalColor.lightGray)
    painter.end()
    both.save(str(out), "JPG", 86)
    print(f"{out.name}: {out.stat().st_size // 1024} kB")


def main(python: str, names: list[str]) -> int:
    from PySide6.QtWidgets import QApplication

    application = QApplication(["pictures"])
    from mlipviewer.app.preferences.appearance import dress
    from mlipviewer.app.window import MainWindow

    dress(application, "light")
    for name, (data, column, looks) in scenes().items():
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            file, mine = Path(folder) / f"{name}.xyz", Path(folder) / "ours.png"
            write(file, data)
            window = MainWindow()
            window.resize(1100, 800)
            window.show()
            sight = ours(window, file, column, looks, mine)
            window.close()
            asked = Path(folder) / "sight.json"
            asked.write_text(json.dumps(vars(sight)))
            subprocess.run([python, __file__, "--draw", str(asked)], check=True, timeout=600)
            pair(mine, Path(sight.out), PICTURES / f"beside-{name}.jpg")
    return 0


# -- by OVITO, in its own Python


def theirs(sight: Sight) -> None:
    vis, modifiers = import_module("ovito.vis"), import_module("ovito.modifiers")
    pipeline = import_module("ovito.io").import_file(sight.file)
    pipeline.add_to_scene()
    pipeline.modifiers.append(lambda _frame, data: dress_as(sight, data))
    if sight.column:
        colours = modifiers.ColorCodingModifier(
            property=sight.column,
            gradient=modifiers.ColorCodingModifier.Viridis(),
            start_value=sight.ends[0],
            end_value=sight.ends[1],
        )
        pipeline.modifiers.append(colours)
    for made in extras(sight, modifiers):
        pipeline.modifiers.append(made)
    view = vis.Viewport(type=vis.Viewport.Type.Ortho, camera_dir=tuple(-BACK))
    view.camera_up = (0, 0, 1)
    view.camera_pos = tuple(np.array(sight.centre) + 500 * BACK / np.linalg.norm(BACK))
    view.fov = sight.height / 2
    if sight.column:
        title = {"title": sight.column, "legend_size": 0.5, "font_size": 0.07}
        legend = vis.ColorLegendOverlay(pipeline=pipeline, modifier=colours, **title)
        view.overlays.append(legend)
    view.render_image(
        filename=sight.out,
        size=(WIDTH, HEIGHT),
        renderer=vis.TachyonRenderer(ambient_occlusion=sight.occlusion),
        background=(1, 1, 1),
    )


def dress_as(sight: Sight, data: Any) -> None:
    for name, (radius, colour) in sight.species.items():
        kind = data.particles_.particle_types_.type_by_name_(name)
        kind.radius, kind.color = radius, tuple(np.array(colour) / 255)
    data.cell_.vis.enabled = not sight.file.endswith("million.xyz")
    if sight.vectors:
        arrows = data.particles_["Force_"].vis
        arrows.enabled, arrows.scaling, arrows.width = True, sight.vectors, 0.15
        arrows.color = (0.84, 0.37, 0.0)


def extras(sight: Sight, modifiers: Any) -> list[Any]:
    found = []
    if sight.plane:
        *normal, distance = sight.plane
        found.append(modifiers.SliceModifier(normal=tuple(normal), distance=distance))
    if sight.bonds:
        bonds = modifiers.CreateBondsModifier(mode=modifiers.CreateBondsModifier.Mode.Pairwise)
        for one, other, length in sight.bonds:
            bonds.set_pairwise_cutoff(one, other, length)
        bonds.vis.width = 2 * sight.bond_radius
        found.append(bonds)
    if sight.polyhedra:

        def titanium(_frame: int, data: Any) -> None:
            kinds = data.particles.particle_types
            chosen = np.asarray(kinds) == kinds.type_by_name("Ti").id
            data.particles_.create_property("Selection", data=chosen.astype(int))

        found += [titanium, modifiers.CoordinationPolyhedraModifier()]
    if sight.labels:
        found.append(modifiers.TextLabelsModifier(property=sight.labels, format_string="%.2f"))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draw", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("python", nargs="?", default=sys.executable)
    parser.add_argument("scenes", nargs="*")
    given = parser.parse_args()
    if given.draw:
        theirs(Sight(**json.loads(given.draw.read_text())))
        sys.exit(0)
    sys.exit(main(given.python, given.scenes))
