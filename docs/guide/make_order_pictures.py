"""Makes the pictures of the page on order: `python docs/guide/make_order_pictures.py`.

The run that they show is computed here: a particle of iron and platinum on a lattice of fcc whose
atoms change places while it cools (Metropolis), as disorder becomes L1_0. Needs a screen with
OpenGL (a virtual one will do). `--data FILE` writes the run and ends.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from ase import Atoms
from ase.cluster import Octahedron
from ase.io import write
from PySide6.QtWidgets import QApplication
from scipy.spatial import cKDTree

PICTURES = Path(__file__).parent / "pictures"
IRON, PLATINUM = 26, 78
A = 3.83  # A, of FePt
BOLTZMANN = 8.617333e-5  # eV/K
UNLIKE, SECOND = -0.05, 0.02  # eV of unlike first and second neighbours
OUTSIDE = -0.05  # eV of platinum for each neighbour that it lacks
TEMPERATURES = np.linspace(1700, 300, 36)  # K
SWEEPS = 60


def main(data: Path | None) -> int:
    """Write the run, or picture it."""
    if data is not None:
        write(str(data), cooled(), format="extxyz")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "FePt.xyz"
        write(str(path), cooled(), format="extxyz")
        application = QApplication(["pictures"])
        for theme in ("light", "dark"):
            picture(application, path, theme)
    return 0


def cooled() -> list[Atoms]:
    """A frame at each temperature, the hottest first."""
    rng = np.random.default_rng(7)
    ideal = Octahedron("Pt", 13, cutoff=4, latticeconstant=A)
    n = len(ideal)
    tree = cKDTree(ideal.positions)
    first = tree.query_ball_point(ideal.positions, 0.85 * A)
    second = tree.query_ball_point(ideal.positions, 1.1 * A)
    near = [np.array([j for j in own if j != i]) for i, own in enumerate(first)]
    far = [np.array(sorted(set(b) - set(a))) for a, b in zip(first, second, strict=True)]
    spins = rng.permutation(np.resize([1, -1], n))  # platinum, iron
    frames = []
    for kelvin in TEMPERATURES:
        for _ in range(SWEEPS):
            sweep(spins, near, far, kelvin, rng)
        frames.append(frame_of(ideal, spins, kelvin, rng))
    return frames


def sweep(spins: Any, near: list[Any], far: list[Any], kelvin: float, rng: Any) -> None:
    """As many tries to let two unlike atoms change places as there are atoms."""
    picks, chances = rng.integers(0, len(spins), (len(spins), 2)), rng.random(len(spins))
    for (i, j), chance in zip(picks.tolist(), chances.tolist(), strict=True):
        if spins[i] == spins[j]:
            continue
        before = energy_at(spins, near, far, i) + energy_at(spins, near, far, j)
        spins[i], spins[j] = spins[j], spins[i]
        after = energy_at(spins, near, far, i) + energy_at(spins, near, far, j)
        if chance >= np.exp(min(0.0, -(after - before) / (BOLTZMANN * kelvin))):
            spins[i], spins[j] = spins[j], spins[i]


def energy_at(spins: Any, near: list[Any], far: list[Any], i: int) -> float:
    """eV of one atom with its neighbours."""
    pairs = -0.5 * (UNLIKE * spins[near[i]].sum() + SECOND * spins[far[i]].sum())
    return float(spins[i] * pairs + OUTSIDE * (12 - len(near[i])) * (spins[i] + 1) / 2)


def frame_of(ideal: Atoms, spins: Any, kelvin: float, rng: Any) -> Atoms:
    """The particle with the noise of heat."""
    noise = rng.normal(0, 0.05 * np.sqrt(kelvin / 300), ideal.positions.shape)
    frame = Atoms(np.where(spins > 0, PLATINUM, IRON), ideal.positions + noise)
    frame.info["temperature"] = round(float(kelvin), 1)
    return frame


def picture(application: QApplication, path: Path, theme: str) -> None:
    """The workspace Order, and its panels by themselves."""
    from mlipviewer.app.main import settle
    from mlipviewer.app.preferences.appearance import dress
    from mlipviewer.app.window import MainWindow
    from mlipviewer.session import changes

    dress(application, theme)
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    window.open([str(path)])
    settle(window)
    window.panel_menus.open_workspace("Order")
    window.store.commit(lambda s: changes.show_frame(s, 30), "Show a frame")
    settle(window)
    window.grab().save(str(PICTURES / f"order-{theme}.png"))
    if theme == "light":
        for panel in ("order", "core-shell.Radius", "core-shell.Facets", "diffraction"):
            dock = window.docks.by_panel[panel]
            dock.raise_()
            settle(window)
            dock.grab().save(str(PICTURES / f"order-{panel.replace('.', '-').lower()}.png"))
    window.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="write the run to this file, no pictures")
    sys.exit(main(parser.parse_args().data))
