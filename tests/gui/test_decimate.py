"""Long lines in few points look the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.gui.decimate import envelope


@given(st.integers(0, 3000), st.integers(1, 60), st.integers(0, 9))
def test_that_each_pixel_column_keeps_its_extremes_and_ends(n: int, width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0, width, n))
    y = rng.normal(size=n)
    kept = envelope(x, y)
    assert (np.diff(kept) > 0).all()
    for column in np.unique(np.floor(x)):
        inside = np.flatnonzero(np.floor(x) == column)
        chosen = np.intersect1d(inside, kept)
        assert {inside[0], inside[-1]} <= set(chosen)
        assert y[chosen].min() == y[inside].min()
        assert y[chosen].max() == y[inside].max()


def test_that_a_long_line_becomes_short() -> None:
    x = np.linspace(0, 600, 100_000)
    assert len(envelope(x, np.sin(x * 50))) <= 4 * 601


def test_that_what_goes_back_or_has_gaps_stays_whole() -> None:
    x = np.linspace(0, 10, 1000)
    assert len(envelope(x[::-1], x)) == 1000
    gap = x.copy()
    gap[5] = np.nan
    assert len(envelope(x, gap)) == 1000
    assert len(envelope(x[:0], x[:0])) == 0
