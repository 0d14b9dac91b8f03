"""Densities against integrals that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gaussian_kde, norm

from mlipviewer.analysis.methods.kernel_density import (
    area,
    common_grid,
    density,
    entropy,
    overlap,
    peaks,
    usual_bandwidth,
)


@pytest.mark.parametrize(
    ("apart", "ovl", "bc"),
    [(0, 1, 1), (1, 0.617075, 0.882497), (2, 0.317311, 0.606531), (4, 0.045500, 0.135335)],
)
def test_that_gaussians_overlap_as_they_must(apart: float, ovl: float, bc: float) -> None:
    sigma = 0.02
    one, other = np.array([-3.0]), np.array([-3.0 + apart * sigma])
    grid = common_grid([one, other], sigma)
    found = overlap(grid, density(one, grid, sigma), density(other, grid, sigma))
    assert found == pytest.approx((ovl, bc), abs=5e-5)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=40), st.floats(0.01, 0.5))
def test_that_its_integral_is_1_and_its_variance_that_of_sample_and_kernel(
    values: list[float], s: float
) -> None:
    sample = np.array(values)
    grid = common_grid([sample], s)
    g = density(sample, grid, s)
    assert area(grid, g) == pytest.approx(1, abs=1e-6)
    mean = area(grid, grid * g)
    assert mean == pytest.approx(sample.mean(), abs=1e-6)
    assert area(grid, (grid - mean) ** 2 * g) == pytest.approx(sample.var() + s**2, rel=2e-4)


def test_that_it_is_the_density_of_scipy() -> None:
    sample = np.random.default_rng(3).normal(-3.3, 0.04, 500)
    s = usual_bandwidth(sample)
    grid = common_grid([sample], s)
    theirs = gaussian_kde(sample, s / sample.std(ddof=1))(grid)
    assert density(sample, grid, s) == pytest.approx(theirs, abs=5e-3 * theirs.max())


def test_that_the_usual_bandwidth_is_silvermans() -> None:
    sample = norm.ppf((np.arange(35_840) + 0.5) / 35_840) * 0.0388
    assert usual_bandwidth(sample) == pytest.approx(0.9 * 0.0388 * 35_840**-0.2, rel=0.01)
    assert usual_bandwidth(np.full(9, -2.0)) == 1e-3


def test_that_sites_have_areas_of_their_multiplicities() -> None:
    """The sites of lithium in tetragonal garnet, 8a, 16f and 32g, at made energies."""
    sample = np.repeat([-3.371, -3.300, -3.240], [8, 16, 32])
    grid = common_grid([sample], 0.005)
    found = peaks(grid, density(sample, grid, 0.005))
    assert [p.population for p in found] == pytest.approx([1 / 7, 2 / 7, 4 / 7], abs=1e-4)
    assert [p.center for p in found] == pytest.approx([-3.371, -3.300, -3.240], abs=1e-3)
    assert [p.width for p in found] == pytest.approx([2.3548 * 0.005] * 3, rel=0.01)


def test_that_one_site_is_a_peak_as_wide_as_the_kernel() -> None:
    sample = np.full(54, -1.9)
    grid = common_grid([sample], 0.003)
    g = density(sample, grid, 0.003)
    (peak,) = peaks(grid, g)
    assert peak.population == pytest.approx(1, abs=1e-6)
    assert peak.width == pytest.approx(2.3548 * 0.003, rel=0.01)
    assert entropy(grid, g) == pytest.approx(np.log(0.003 * np.sqrt(2 * np.pi * np.e)), abs=2e-3)


def test_that_noise_upon_a_peak_is_no_peak() -> None:
    sample = np.random.default_rng(0).normal(0, 0.05, 4000)
    s = usual_bandwidth(sample)
    grid = common_grid([sample], s)
    assert len(peaks(grid, density(sample, grid, s))) == 1
