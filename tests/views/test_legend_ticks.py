"""Ticks of the colour bar at a distance of one's own, and powers in units as they are printed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QFontMetricsF

from mlipviewer.core.superscripts import raised
from mlipviewer.gui.scene.paints import Paint, Scale, column_paint
from mlipviewer.gui.theme import LIGHT
from mlipviewer.views.atoms.legend import MOST_TICKS, Legend, legend_size


def paint(low: float, high: float) -> Paint:
    return column_paint("c", np.array([low, high]), Scale((low, high)))


def words(low: float, high: float, every: float, form: str = "") -> list[str]:
    return [text for _, text in Legend("c", paint(low, high), LIGHT, form, every=every).ticks]


def test_that_ticks_stand_at_multiples() -> None:
    assert words(-0.9, 2.3, 0.75) == ["-0.75", "0", "0.75", "1.5", "2.25"]
    assert words(-0.9, 2.3, 1.0, "%.1f eV") == ["0.0 eV", "1.0 eV", "2.0 eV"]
    assert words(0.0, 3.0, 1.0) == ["0", "1", "2", "3"]  # the ends are multiples too


@pytest.mark.parametrize("every", [0.0, -1.0, 1e-9, float("nan"), float("inf")])
def test_that_what_is_no_distance_or_too_small_is_left_to_the_room(every: float) -> None:
    assert words(0.0, 2.0, every) == words(0.0, 2.0, 0.0) == ["0", "0.5", "1", "1.5", "2"]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(1e-6, 1e9))
def test_that_there_are_never_too_many(low: float, width: float, every: float) -> None:
    legend = Legend("c", paint(low, low + width), LIGHT, every=every)
    shares = [share for share, _ in legend.ticks]
    assert len(shares) <= MOST_TICKS + 1
    assert all(-1e-6 <= share <= 1 + 1e-6 for share in shares)
    assert shares == sorted(shares)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("eV/Å^2", "eV/Å²"),
        ("stress (eV Å^-3)", "stress (eV Å⁻³)"),
        ("10^-12 m**2/s", "10⁻¹² m²/s"),
        ("A^{2} (x)^2 b^(-1)", "A² (x)² b⁻¹"),
        ("a^2.5 and x^n, ^2", "a^2.5 and x^n, ^2"),  # no whole powers
        ("C11 2^", "C11 2^"),
        ("Å²", "Å²"),
    ],
)
def test_that_powers_are_raised(written: str, printed: str) -> None:
    assert raised(written) == printed


@given(st.text())
def test_that_text_without_powers_stays(text: str) -> None:
    if "^" not in text and "**" not in text:
        assert raised(text) == text


def test_that_a_caption_is_as_wide_as_it_is_printed(qapp: object) -> None:
    font = QFont()
    long = Legend("a caption that is longer than the bar (eV/Å^2)", paint(0, 1), LIGHT)
    printed = QFontMetricsF(font).horizontalAdvance(raised(long.caption))
    written = QFontMetricsF(font).horizontalAdvance(long.caption)
    wide, _ = legend_size(long, font)
    assert printed < written
    assert printed < wide < written + 20
