"""Themes: text can be read in each; maps hold for every kind of colour vision."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from mlipviewer.app.notice_bar import SIGNS
from mlipviewer.app.preferences.appearance import DARKER, lined, palette
from mlipviewer.gui.colour_vision import VISIONS, as_seen, contrast, linear, luminance
from mlipviewer.gui.colours import categorical, colour_map, colour_map_names
from mlipviewer.gui.marks import FAINTEST, category_colour
from mlipviewer.gui.palette import FAINT
from mlipviewer.gui.theme import CONTRAST, THEMES, Theme
from mlipviewer.session.settings.listing import setting
from mlipviewer.session.state import Weight
from mlipviewer.views.table_model import SHADE

READ = 4.5  # WCAG 2, level AA
SEEN = 3.0  # of what is no text
SEQUENTIAL = ("viridis", "cividis", "plasma", "inferno")
VISION_NAMES = ("", *VISIONS)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_that_text_can_be_read(theme: Theme) -> None:
    grounds = (theme.background, theme.window, theme.button, theme.stripe, theme.tip)
    for ink in (theme.text, theme.faint_text, theme.warning, theme.refused, theme.link):
        for ground in grounds:
            assert contrast(ink, ground) >= READ, (ink, ground)
    assert contrast(theme.highlighted_text, theme.highlight) >= READ
    for mark in (theme.selected, theme.hovered, theme.point, theme.reference, theme.edge):
        assert contrast(mark, theme.background) >= SEEN, mark
    for ground in (theme.background, theme.window, theme.button):
        assert contrast(theme.disabled, ground) >= 2.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_that_text_that_is_let_through_can_be_read(theme: Theme) -> None:
    """Hints of the palette, the weakest words in plots, cells that are shaded or chosen."""
    for opacity, ground in ((FAINT, theme.background), (FAINTEST / 255, theme.background)):
        assert contrast(_over(theme.text, ground, opacity), ground) >= READ
    shades = [f"#{bytes(rgb).hex()}" for rgb in colour_map("coolwarm").tolist()]
    for shade in shades:
        for ground in (theme.background, theme.stripe):
            assert contrast(theme.text, _over(shade, ground, SHADE / 255)) >= READ, shade
    for alpha in (22, 64, 110):  # of rows and columns that are chosen, and that in focus
        assert contrast(theme.text, _over(theme.selected, theme.background, alpha / 255)) >= READ


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_that_lines_of_controls_can_be_seen(theme: Theme) -> None:
    for ground in (theme.background, theme.window):
        assert contrast(theme.outline, ground) >= SEEN
        assert contrast(theme.accent, ground) >= SEEN  # around what has the focus
    made = lined(theme, theme.outline, DARKER).window().color().darker(140)  # as the style does
    assert contrast(made.name(), theme.background) >= SEEN
    assert lined(theme, theme.outline, DARKER).window().style() is Qt.BrushStyle.NoBrush


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_that_groups_of_a_plot_can_be_seen(theme: Theme) -> None:
    names = [category_colour(group, theme).name() for group in range(10)]
    assert len(set(names)) == len(names)
    for name in names:
        assert contrast(name, theme.background) >= theme.least >= 2.2
    blue, _, green, *_ = names
    assert (blue, green) == ("#0072b2", "#009e73") or theme.dark  # as the palette has them


def test_that_signs_of_notices_can_be_read_and_differ_without_their_colours() -> None:
    for ground, _ in SIGNS.values():
        assert contrast("#ffffff", ground) >= READ
    assert len({sign for _, sign in SIGNS.values()}) == len(SIGNS) == len(Weight)


def _over(ink: str, ground: str, opacity: float) -> str:
    """The colour that is seen."""
    both = zip(bytes.fromhex(ink[1:]), bytes.fromhex(ground[1:]), strict=True)
    return "#" + "".join(f"{round(a * opacity + b * (1 - opacity)):02x}" for a, b in both)


def test_that_high_contrast_is_the_highest() -> None:
    assert contrast(CONTRAST.text, CONTRAST.background) == pytest.approx(21, abs=0.1)
    assert contrast(CONTRAST.faint_text, CONTRAST.window) >= 7


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_that_the_palette_tells_its_theme(theme: Theme) -> None:
    own = palette(theme)
    assert own.window().color().name() == theme.window
    assert (own.window().color().lightness() < 128) == theme.dark


def test_that_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # of its documents


@pytest.mark.parametrize("vision", VISIONS)
def test_that_greys_look_the_same_to_all(vision: str) -> None:
    greys = np.repeat(np.arange(0, 256, 15)[:, None], 3, axis=1)
    assert np.abs(as_seen(greys, vision).astype(int) - greys).max() <= 1


def test_that_red_and_green_are_confused_without_green_cones() -> None:
    pair = np.array([(200, 110, 60), (140, 140, 60)])
    own = _distance(pair[0], pair[1])
    seen = as_seen(pair, "deutan")
    assert _distance(seen[0], seen[1]) < own / 3


@pytest.mark.parametrize("name", SEQUENTIAL)
@pytest.mark.parametrize("vision", VISION_NAMES)
def test_that_maps_go_from_dark_to_light_for_every_vision(name: str, vision: str) -> None:
    light = _lightness(as_seen(colour_map(name), vision))
    smooth = np.convolve(light, np.ones(9) / 9, "valid")  # of colours in steps of 1/255
    assert (np.diff(smooth) > 0).all()
    assert light[-1] - light[0] > 50  # of 100


@pytest.mark.parametrize("name", colour_map_names())
def test_that_steps_of_a_map_are_about_alike(name: str) -> None:
    light = _oklab(colour_map(name)[::15])
    steps = np.linalg.norm(np.diff(light, axis=0), axis=1)
    assert steps.max() < 3.2 * np.median(steps)


@pytest.mark.parametrize("vision", ["usual", *VISIONS])
def test_that_hues_of_groups_differ_for_every_vision(vision: str) -> None:
    """Where they are more than six, or darkened for a light ground, shapes and hatches tell them
    apart as well (test_shapes, test_hatches)."""
    atoms = [categorical(group) for group in range(7)]
    plots = [
        [category_colour(g, theme).getRgb()[:3] for g in range(6)] for theme in THEMES.values()
    ]
    for hues in (atoms, *plots):
        seen = _oklab(as_seen(np.array(hues, np.uint8), vision))
        apart = np.linalg.norm(seen[:, None] - seen[None], axis=-1)
        assert apart[np.triu_indices(len(hues), 1)].min() > 0.03  # 0.02 is just seen


def test_that_all_maps_are_offered() -> None:
    assert setting("colours.map").choices == colour_map_names()


def _lightness(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """CIE L* 0..100."""
    return np.asarray(116 * np.cbrt(np.maximum(luminance(colours), 1e-9)) - 16)


def _distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.linalg.norm(_oklab(one) - _oklab(other)))


def _oklab(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """B. Ottosson, 2020."""
    to_lms = [
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    ]
    to_lab = [
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    ]
    lab: NDArray[np.float64] = np.cbrt(linear(colours) @ np.array(to_lms).T) @ np.array(to_lab).T
    return lab
