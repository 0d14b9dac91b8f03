"""Counts of structure types along a trajectory, against crystals that are known."""

from __future__ import annotations

import numpy as np
import pytest
from ase.build import bulk

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.control_crystal import control
from mlipviewer.analysis.methods.growth_rate import straight_line
from mlipviewer.analysis.methods.histogram_cutoff import LEAST, usual_cutoff
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows as as_rows
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.session.many_frames import ManyFrames

STRUCTURE = ANALYSES["structure"]


def melting(n_frames: int = 5) -> Trajectory:
    """A bcc crystal whose lower part is shaken more and more strongly."""
    rng = np.random.default_rng(0)
    crystal = bulk("Li", "bcc", a=3.5, cubic=True).repeat((4, 4, 10))
    frames = []
    for i in range(n_frames):
        noise = rng.normal(0, 1, crystal.positions.shape)
        low = crystal.positions[:, 2] < 3.5 * 10 * i / (n_frames - 1) / 2
        positions = crystal.positions + noise * np.where(low, 0.9, 0.05)[:, None]
        frames.append(
            Frame(i, positions, crystal.numbers.copy(), np.array(crystal.cell), (True,) * 3)
        )
    return Trajectory.whole("melting", MemorySource("melting", "memory", frames))


def found(trajectory: Trajectory, **params: object) -> Result:
    inputs = Inputs(trajectory=trajectory, engine=ManyFrames(keep=False))
    return STRUCTURE.run(inputs, STRUCTURE.params(**params), Progress())


def share(result: Result, name: str) -> list[float]:
    table = result.tables["counts"]
    rows = zip(table["class"], table["fraction"], strict=True)
    return [fraction for class_, fraction in rows if class_ == name]


@pytest.mark.parametrize("method", ["cna", "ptm"])
def test_that_melting_half_of_a_crystal_halves_its_share(method: str) -> None:
    result = found(melting(), method=method)
    bcc = share(result, "bcc")
    assert bcc[0] == 1.0
    assert bcc == sorted(bcc, reverse=True)
    assert bcc[-1] == pytest.approx(0.32, abs=0.04)  # two layers at each face are not bcc
    assert result.summary["bcc_last"] == pytest.approx(bcc[-1], abs=1e-6)
    assert result.summary["n_frames"] == 5


def test_that_counts_add_up_to_the_atoms() -> None:
    table = found(melting(), method="ptm").tables["counts"]
    frames, counts = np.array(table["frame"]), np.array(table["count"])
    assert [counts[frames == i].sum() for i in range(5)] == [320] * 5


def test_that_another_cutoff_needs_no_second_look() -> None:
    trajectory = melting()
    first = found(trajectory, method="ptm")
    for cutoff in (0.05, 0.1, 0.25):
        params = STRUCTURE.params(method="ptm", cutoff=cutoff)
        assert STRUCTURE.adjust is not None
        adjusted = STRUCTURE.adjust(Inputs(trajectory=trajectory), params, first)
        assert (
            adjusted.tables["counts"]
            == found(trajectory, method="ptm", cutoff=cutoff).tables["counts"]
        )


def test_that_some_frames_can_be_looked_at() -> None:
    result = found(melting(5), every=2)
    assert sorted(set(result.tables["counts"]["frame"])) == [0, 2, 4]


def test_that_a_cutoff_lies_in_the_valley_behind_the_crystal() -> None:
    at = np.arange(1000) * 0.0005
    crystal = np.exp(-(((at - 0.09) / 0.014) ** 2) / 2)
    melt = 0.3 * np.exp(-(((at - 0.24) / 0.04) ** 2) / 2)
    assert 0.13 < usual_cutoff(1e4 * (crystal + melt), 0.0005) < 0.17
    alone = usual_cutoff(1e4 * np.exp(-(((at - 0.14) / 0.02) ** 2) / 2), 0.0005)
    assert 0.19 < alone < 0.23
    cold = usual_cutoff(1e4 * np.exp(-(((at - 0.02) / 0.005) ** 2) / 2), 0.0005)
    assert cold == LEAST
    assert usual_cutoff(np.zeros(1000), 0.0005) == LEAST
    disorder = np.exp(-(((at - 0.195) / 0.03) ** 2) / 2)  # and no crystal
    assert usual_cutoff(1e4 * disorder, 0.0005) == LEAST


def growing() -> Trajectory:
    """Classes in a column: one of ten atoms turns bcc in each frame; an atom appears in frame 3 and
    another one leaves in frame 5."""
    frames = []
    for i in range(8):
        ids = np.array([n for n in range(11) if not (n == 10 and i < 3) and not (n == 0 and i > 4)])
        names = np.array(["bcc" if n <= i else ("hcp" if n == 9 else "other") for n in ids])
        positions = np.tile(np.arange(len(ids), dtype=float)[:, None], (1, 3))
        frames.append(Frame(i, positions, np.full(len(ids), 3), ids=ids, columns={"kind": names}))
    return Trajectory.whole("growing", MemorySource("growing", "memory", frames))


def test_that_a_column_gives_the_classes_and_atoms_are_born() -> None:
    result = found(growing(), method="column", column="kind")
    table = result.tables["counts"]
    bcc = [n for n, name in zip(table["count"], table["class"], strict=True) if name == "bcc"]
    assert bcc == [1, 2, 3, 4, 5, 5, 6, 7]
    assert result.summary["n_inserted"] == 1
    assert result.arrays["inserted"].tolist() == [0, 0, 0, 1, 1, 1, 1, 1]


def test_that_the_rate_of_growth_is_that_of_a_line_over_the_chosen_frames() -> None:
    result = found(growing(), method="column", column="kind", fit_to=4)
    growth = result.tables["growth"]
    at = list(growth["class"]).index("bcc")
    assert growth["rate"][at] == pytest.approx(1.0)
    assert growth["error"][at] == pytest.approx(0.0, abs=1e-9)
    assert result.units["rate"] == "1/frame"


def test_that_merging_joins_what_is_close_packed() -> None:
    result = found(growing(), method="column", column="kind", merge=True)
    assert set(result.tables["counts"]["class"]) == {"disordered", "close-packed", "bcc"}
    assert result.summary["close-packed_first"] == 0.1


def test_that_chosen_atoms_are_counted_alone() -> None:
    inputs = Inputs(trajectory=growing(), atoms=as_rows([0, 1, 2]))
    params = STRUCTURE.params(method="column", column="kind")
    table = STRUCTURE.run(inputs, params, Progress()).tables["counts"]
    counts = np.array(table["count"]).reshape(8, -1).sum(axis=1)
    assert counts.tolist() == [3, 3, 3, 3, 3, 2, 2, 2]


def test_that_a_missing_column_is_named() -> None:
    with pytest.raises(AnalysisProblem, match="no column of classes 'ptm'; its columns: kind"):
        found(growing(), method="column", column="ptm")


def test_that_the_error_of_a_slope_knows_that_neighbours_are_alike() -> None:
    rng = np.random.default_rng(3)
    x = np.arange(200.0)
    slopes, errors = [], []
    for _ in range(200):
        noise, rest = rng.normal(size=200), np.zeros(200)
        for i in range(1, 200):
            rest[i] = 0.6 * rest[i - 1] + noise[i]
        rate = straight_line(x, 0.5 * x + rest)
        slopes.append(rate.slope)
        errors.append(rate.error)
    assert np.mean(slopes) == pytest.approx(0.5, abs=0.005)
    assert np.mean(errors) == pytest.approx(np.std(slopes), rel=0.2)


@pytest.mark.parametrize("name", ["structure", "pathways", "raster", "layers", "atom-clusters"])
def test_that_rules_are_a_source_of_classes(name: str) -> None:
    analysis, inputs = ANALYSES[name], Inputs(trajectory=melting())
    own = "bcc: averaged_q6 > 0.3; (below): z < 5; disordered: true"
    result = analysis.run(inputs, analysis.params(method="rules", rules=own), Progress())
    usual = analysis.run(inputs, analysis.params(method="rules"), Progress())
    assert result.tables != usual.tables
    with pytest.raises(AnalysisProblem, match="no rule is of a crystal: there are a, b, other"):
        analysis.run(inputs, analysis.params(method="rules", rules="a: z < 2; b: true"), Progress())


def test_that_rules_in_parentheses_are_left_out_of_counts() -> None:
    own = "(below): z < 17; bcc: cna == 'bcc'; disordered: true"
    result = found(melting(), method="rules", rules=own)
    assert result.summary["bcc_first"] == 1.0
    assert result.summary["n_atoms"] < 320


@pytest.mark.parametrize("method", ["cna", "ptm"])
def test_that_counts_come_with_their_error_floor(method: str) -> None:
    """A warm crystal is its own control: what is called otherwise of both is the same."""
    warm = control("bcc", 2.98, 0.2, 8000, seed=8)
    trajectory = Trajectory.whole("warm", MemorySource("warm", "memory", [warm]))
    result = found(trajectory, method=method)
    wrong = 1 - share(result, "bcc")[-1]
    assert result.summary["control"] == "bcc"
    assert result.summary["noise"] == pytest.approx(0.2, abs=0.01)
    assert result.summary["error_floor"] == pytest.approx(wrong, abs=0.03)
    assert sum(result.tables["control"]["fraction"]) == pytest.approx(1.0)
    quiet = found(trajectory, method=method, positions="quenched")
    assert quiet.summary["error_floor"] == pytest.approx(0.0, abs=0.001)
    drawn = STRUCTURE.plots["Counts"](Inputs(), STRUCTURE.params(), quiet)
    assert "of a bcc control 0.0 % otherwise" in drawn.status


def test_that_the_floor_follows_the_cutoff_and_is_none_without_a_crystal() -> None:
    warm = control("fcc", 2.98, 0.2, 4000, seed=8)
    trajectory = Trajectory.whole("warm", MemorySource("warm", "memory", [warm]))
    first = found(trajectory, method="ptm", merge=True)
    assert STRUCTURE.adjust is not None
    floors = []
    for cutoff in (0.08, 0.12, 0.3):
        params = STRUCTURE.params(method="ptm", merge=True, cutoff=cutoff)
        floors.append(STRUCTURE.adjust(Inputs(), params, first).summary["error_floor"])
    assert floors == sorted(floors, reverse=True)
    assert floors[0] > 0.9
    assert floors[-1] < 0.01
    assert found(growing(), method="column", column="kind").summary["error_floor"] is None
