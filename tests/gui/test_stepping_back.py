"""Bonds step back with their atoms."""

from __future__ import annotations

import numpy as np

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.draw_spheres import DIMMED
from mlipviewer.gui.scene.paints import rgb_of, species_paint, stepped_back
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.solid_work import make_solids
from mlipviewer.session.looks import Looks, Style, with_style

DARK = (20, 20, 30)


def bonded() -> Pane:
    """Two carbon atoms and an oxygen atom in a row."""
    pane = Pane()
    pane.set_looks(with_style(Looks(cell=False), Style.BALL_AND_STICK))
    positions = np.array([[0.0, 0, 0], [1.4, 0, 0], [2.8, 0, 0]])
    pane.set_frame(Frame(0, positions, np.array([6, 6, 8])), same_home=False)
    assert pane.kinds is not None
    pane.set_paint(species_paint(pane.kinds))
    wish = pane.solid_wish()
    assert wish is not None
    pane.set_solids(make_solids(wish))
    return pane


def test_that_halves_of_bonds_step_back_with_their_atoms() -> None:
    pane = bonded()
    assert pane.solids is not None
    assert pane.paint is not None
    plain, whose = pane.shown_rods.tints.copy(), pane.solids.bond_atoms
    assert len(whose) == 4
    pane.set_marks(np.array([0, DIMMED, DIMMED], np.uint8))
    shown = pane.shown_rods.tints
    assert (shown[whose == 0] == plain[whose == 0]).all()
    expected = stepped_back(rgb_of(pane.paint), np.array([False, True, True]), pane.behind)
    assert (shown == expected[whose]).all()
    assert (shown[whose != 0] != plain[whose != 0]).any(axis=1).all()
    light = shown[whose == 2].mean()
    pane.set_behind(DARK)
    assert pane.shown_rods.tints[whose == 2].mean() < light - 80
    pane.set_marks(np.zeros(3, np.uint8))
    assert (pane.shown_rods.tints == plain).all()


def test_that_red_steps_half_way_to_white_and_is_nearly_grey() -> None:
    red = np.array([[255, 0, 0], [255, 0, 0]], np.uint8)
    found = stepped_back(red, np.array([False, True]), (255, 255, 255))
    assert found.tolist() == [[255, 0, 0], [196, 157, 157]]
