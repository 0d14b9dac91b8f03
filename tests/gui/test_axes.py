"""The ticks of axes: round, in sight, enough to tell a scale and not too many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.plot import Axis
from mlipviewer.gui.axes import linear_ticks, ticks
from mlipviewer.gui.figure import ensure_application, figure_font
from mlipviewer.gui.paint import cut_title
from mlipviewer.gui.style import Style
from mlipviewer.gui.theme import LIGHT


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 20))
def test_that_a_linear_axis_has_two_round_ticks_at_least(
    low: float, wide: float, most: int
) -> None:
    found = linear_ticks((low, low + wide), most)
    places = [place for place, _ in found]
    assert 2 <= len(places) <= most + 1
    assert min(places) >= low - 1e-6 * wide
    assert max(places) <= low + wide + 1e-6 * wide
    if len(places) > 2:
        step = places[1] - places[0]
        leading = float(f"{step:e}".partition("e")[0])
        assert min(abs(leading - one) for one in (1, 2, 5, 10)) < 1e-3
    assert len({text for _, text in found}) == len(found)


@pytest.mark.parametrize(
    ("span", "length", "texts"),
    [
        ((1.0, 36.0), 250, ["10", "20", "30"]),
        ((0.0, 35.0), 250, ["0", "20"]),
        ((0.0, 100.0), 500, ["0", "20", "40", "60", "80", "100"]),
        ((-0.4, 0.4), 100, ["−0.4", "0.4"]),
    ],
)
def test_that_a_narrow_axis_tells_its_scale(
    span: tuple[float, float], length: float, texts: list[str]
) -> None:
    assert [text for _, text in ticks(Axis(), span, length, 70)] == texts


def test_that_neighbours_of_large_numbers_have_texts_of_their_own() -> None:
    """Energies of a million atoms differ by little."""
    found = [text for _, text in linear_ticks((-3_000_100.0, -3_000_060.0), 4)]
    assert found == ["−3.0001e+06", "−3.00009e+06", "−3.00008e+06", "−3.00007e+06", "−3.00006e+06"]


def test_that_a_title_without_room_keeps_its_unit() -> None:
    ensure_application()
    style = Style(LIGHT, figure_font())
    title = "error of the cohesive energy (eV/atom)"
    whole = style.metrics.horizontalAdvance(title)
    assert cut_title(title, whole + 1, style) == title
    cut = cut_title(title, 0.8 * whole, style)
    assert cut.startswith("error of the")
    assert cut.endswith("… (eV/atom)")
    assert style.metrics.horizontalAdvance(cut) <= 0.8 * whole
    assert cut_title(title, 0.3 * whole, style).endswith("…")  # the name goes before the unit
    assert cut_title("frame number", 30, style).endswith("…")
