"""Hops against a slow search, atom by atom and frame by frame, and on runs of real conductors."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.hopping import HoppingParams, find_hops
from mlipviewer.core.analysis import Inputs
from mlipviewer.core.progress import Progress
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session.opening import open_path
from tests import made
from tests.analysis.atoms.hop_walks import EDGE, SIDE, run_of, walk


def slow_hops(
    places: Any, sites: Any, cell: Any, core: float, dwell: int
) -> list[tuple[int, int, int]]:
    """(atom, begin, end) of each hop of unwrapped places, atom by atom and frame by frame."""
    found = []
    shifts = np.array(list(product((-3, -2, -1, 0, 1, 2, 3), repeat=3))) @ cell
    images = sites[:, None] + shifts
    for atom in range(places.shape[1]):
        stays: list[list[Any]] = []  # of the image of a site: which, first frame, last frame
        for frame in range(len(places)):
            far = np.linalg.norm(images - places[frame, atom], axis=2)
            if far.min() > core:
                continue
            which = np.unravel_index(int(far.argmin()), far.shape)
            if stays and stays[-1][0] == which:
                stays[-1][2] = frame
            else:
                stays.append([which, frame, frame])
        lasting: list[list[Any]] = []
        for one in (stay for stay in stays if stay[2] - stay[1] + 1 >= dwell):
            if lasting and lasting[-1][0] == one[0]:
                lasting[-1][2] = one[2]
            else:
                lasting.append(one)
        found += [(atom, a[2], b[1]) for a, b in pairwise(lasting)]
    return sorted(found)


@pytest.mark.parametrize(("noise", "dwell"), [(0.3, 1), (0.3, 3), (0.5, 2), (0.15, 6)])
def test_that_a_slow_search_finds_the_same_hops(noise: float, dwell: int) -> None:
    places = walk(n=4, m=80, rate=0.08, seed=11) + 0.3
    places = places + np.random.default_rng(5).normal(0, noise, places.shape)
    run = run_of(places, shift=0.0, wrap=True)
    reference = run_of(walk(n=600, m=1) + 0.3, shift=0.0)
    params = HoppingParams(
        mobile="element == 'Li'", dwell=dwell, site_atoms="element == 'Li'", drift="none"
    )
    found = find_hops(Inputs(trajectory=run, reference=reference), params, Progress())
    cell = np.eye(3) * EDGE * SIDE
    unwrapped = found.paths.of(found.paths.mobile)
    expected = slow_hops(unwrapped, found.sites @ cell, cell, 0.4 * EDGE, dwell)
    atoms = found.visits.atom[found.hops.after].tolist()
    hops = zip(atoms, found.hops.begin.tolist(), found.hops.end.tolist(), strict=True)
    assert sorted(hops) == expected
    assert expected


def check_ways(run: Trajectory, **params: Any) -> Any:
    """The hops of an atom add up to the way it went, but for where it is within the cores."""
    found = find_hops(Inputs(trajectory=run), HoppingParams(**params), Progress())
    visits, hops = found.visits, found.hops
    places = found.paths.of(found.paths.mobile)
    atom = visits.atom[hops.after]
    for one in np.unique(atom):
        stays = np.flatnonzero(visits.atom == one)
        first, last = stays[0], stays[-1]
        went = places[visits.last[last], one] - places[visits.first[first], one]
        radii = found.cores[visits.site[first]] + found.cores[visits.site[last]]
        assert np.linalg.norm(went - hops.vectors[atom == one].sum(axis=0)) <= radii + 1e-6
    assert (found.stays.length >= 0).all()
    spent = np.bincount(visits.atom, found.stays.length)
    seen = np.bincount(visits.atom) > 0
    assert spent[seen] == pytest.approx(float(found.n_frames - 1))
    return found


@pytest.mark.parametrize("sites", ["density", "symmetry", "voronoi"])
def test_that_hops_add_up_to_the_way_of_made_atoms(sites: str) -> None:
    run = run_of(walk(n=20, m=150, rate=0.05), noise=0.2, drift=0.01, breath=0.01)
    found = check_ways(run, mobile="element == 'Li'", sites=sites, dwell=2)
    assert sites == "voronoi" or len(found.hops.begin) > 50


def test_that_hops_of_argyrodite_add_up_to_the_ways_of_its_lithium(shared_data: Path) -> None:
    path = shared_data / "lithium/data_argyrodite_disorder/Li6PS5Cl_0p_run1/inherent_XDATCAR.gz"
    if not path.exists():
        pytest.skip("no run of Li6PS5Cl")
    opened = open_path(str(path), "", choices="").thing
    assert isinstance(opened, Trajectory)
    run = Trajectory(
        opened.name, opened.source, opened.frames, Clock(Source.USER, "", interval=0.1)
    )
    found = check_ways(run, dwell=3)
    assert len(found.ids) == 192
    assert len(found.hops.begin) > 100
    lengths = found.hops.lengths
    assert 1.0 < np.median(lengths) < 3.5  # of the known cages: 1.9 to 3.2 A between their sites


def test_that_hops_of_na3ps4_add_up_and_most_sites_are_taken(shared_data: Path) -> None:
    folder = shared_data / "sodium/pymatgen-analysis-diffusion"
    if not (folder / "cNa3PS4_trajectories.npy").exists():
        pytest.skip("no run of Na3PS4")
    structure = open_path(str(folder / "cNa3PS4.cif"), "").thing
    assert isinstance(structure, Trajectory)
    first = structure.frame(0)
    scaled = np.load(folder / "cNa3PS4_trajectories.npy")
    cell = np.asarray(first.cell, float)
    assert scaled.shape[1] == first.n_atoms
    frames = tuple(
        Frame(k, at @ cell, first.numbers, cell.copy(), (True, True, True))
        for k, at in enumerate(scaled)
    )
    source = made.FramesInMemory(frames)
    whole = Trajectory("Na3PS4", source, range(len(frames)), Clock(Source.USER, "", interval=0.02))
    found = check_ways(whole, mobile="element == 'Na'", dwell=3)
    assert 0.5 * len(found.ids) < len(found.sites) < 3 * len(found.ids)
    result = ANALYSES["hops"].run(
        Inputs(trajectory=whole), HoppingParams(mobile="element == 'Na'", dwell=3), Progress()
    )
    assert result.summary["n_hops"] == len(found.hops.begin)


def test_that_hops_in_a_channel_make_the_displacement_of_a_walk_in_one_dimension() -> None:
    """MSD = a^2 G t along the channel, 0 across it, and D as by the mean square displacement."""
    places = walk(n=300, m=600, rate=0.05, axes=1)
    run = run_of(places)
    hops = ANALYSES["hops"].run(
        Inputs(trajectory=run), HoppingParams(mobile="element == 'Li'", dwell=1), Progress()
    )
    events = hops.tables["events"]
    assert np.abs(events["y"]).max() == pytest.approx(0.0, abs=1e-6)
    rate, length = hops.summary["hop_rate"], hops.summary["hop_length"]
    assert isinstance(rate, float)
    assert isinstance(length, float)
    msd = ANALYSES["msd"]
    params: Any = msd.params
    told = msd.run(
        Inputs(trajectory=run),
        params(mobile="element == 'Li'", directions="x", upper=0.2),
        Progress(),
    )
    slope = 2 * float(told.summary["diffusivity_cm2_s"] or 0) * 1e4  # A^2/ps in one dimension
    assert slope == pytest.approx(length**2 * rate, rel=0.1)
    factor = float(hops.summary["correlation_factor"] or 0)
    assert factor == pytest.approx(1.0, abs=0.25)
